import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, it } from "vitest";
import { z } from "zod";
import { readConfig } from "../../src/config.ts";
import { loadWrangler } from "../../src/local/wrangler.ts";
import { codesOf, tablesOf } from "./markdown.ts";
import { ROOT } from "./readme-commands.ts";

const page = await readFile(join(ROOT, "docs/configuration.md"), "utf8");

describe("the page of settings", () => {
  const [settingRows = [], constantRows = []] = tablesOf(page);
  const rows = settingRows.map(([name = "", required, fallback = "", kind]) => ({
    name: codesOf(name)[0] ?? "",
    isRequired: required !== "no",
    fallback: codesOf(fallback)[0],
    kind,
  }));
  const named = (kind: string) => rows.filter((row) => row.kind === kind).map(({ name }) => name);
  const wrangler = z
    .object({
      placement: z.object({ region: z.string() }),
      vars: z.record(z.string(), z.string()),
      define: z.record(z.string(), z.string()),
      durable_objects: z.object({ bindings: z.array(z.object({ name: z.string() })) }),
      r2_buckets: z.array(z.object({ binding: z.string() })),
      ratelimits: z.array(z.object({ name: z.string() })),
    })
    .parse(
      loadWrangler().unstable_readConfig({ config: join(ROOT, "wrangler.toml") }, { hideWarnings: true }),
    );
  /** Read by their first words: access-token.ts looks for them in the whole environment. */
  const tokens = ["WABA_ACCESS_TOKEN", "WABA_ACCESS_TOKEN_<phoneNumberId>"];

  it("has what the Worker reads, and nothing else", ({ expect }) => {
    const read = new Set<string>();
    readConfig(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
    const settings = [...read].filter((name) => /^[A-Z_]+$/.test(name));
    expect(settings).toContain("DATABASE_URL");
    expect([...named("secret"), ...named("variable")].sort()).toEqual([...settings, ...tokens].sort());
  });

  it("has the secrets of .dev.vars.example, all of them empty there", async ({ expect }) => {
    const example = parseEnv(await readFile(join(ROOT, ".dev.vars.example"), "utf8"));
    expect(
      named("secret")
        .filter((name) => name !== tokens[1])
        .sort(),
    ).toEqual(Object.keys(example).sort());
    expect(new Set(Object.values(example))).toEqual(new Set([""]));
  });

  it("has the secrets that Cloudflare's deploy form asks for, each with its words", async ({ expect }) => {
    const { cloudflare } = z
      .object({
        cloudflare: z.object({
          bindings: z.record(z.string(), z.object({ description: z.string().min(20) })),
        }),
      })
      .parse(JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")));
    const asked = Object.keys(parseEnv(await readFile(join(ROOT, ".dev.vars.example"), "utf8")));
    expect(Object.keys(cloudflare.bindings).sort()).toEqual(asked.sort());
  });

  it("has the bindings and the variables of wrangler.toml", ({ expect }) => {
    const others = [...wrangler.durable_objects.bindings, ...wrangler.ratelimits].map(({ name }) => name);
    const buckets = wrangler.r2_buckets.map(({ binding }) => binding);
    expect(named("binding").sort()).toEqual([...others, ...buckets].sort());
    expect(Object.keys(wrangler.vars)).not.toEqual([]);
    expect(named("variable")).toEqual(expect.arrayContaining(Object.keys(wrangler.vars)));
  });

  it("has the build constants of wrangler.toml, with their values", ({ expect }) => {
    const constants = constantRows.map((cells) => cells.slice(0, 2).map((cell) => codesOf(cell)[0] ?? ""));
    expect(constants.length).toBeGreaterThan(0);
    expect(Object.fromEntries(constants)).toEqual(wrangler.define);
  });

  it("states the real defaults", ({ expect }) => {
    const { graph, jwt, placementGeneration } = readConfig({});
    const { baseUrl, version } = graph;
    const stated = Object.fromEntries(
      rows.flatMap(({ name, fallback }) => (fallback ? [[name, fallback]] : [])),
    );
    expect(stated).toEqual({
      GRAPH_BASE_URL: baseUrl,
      GRAPH_API_VERSION: version,
      JWT_ORGANIZATION_CLAIM: jwt.organizationClaim,
      JWT_ROLE_CLAIM: jwt.roleClaim,
      JWT_NAME_CLAIM: jwt.nameClaim,
      PLACEMENT_GENERATION: String(placementGeneration),
    });
    const { region } = wrangler.placement;
    expect(wrangler.vars).toEqual({
      GRAPH_API_VERSION: version,
      PLACEMENT_REGION: region,
      PLACEMENT_GENERATION: String(placementGeneration),
    });
    expect(rows.filter(({ isRequired, fallback }) => isRequired && fallback)).toEqual([]);
  });
});
