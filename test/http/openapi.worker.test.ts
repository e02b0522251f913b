import { describe, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { as } from "../support/as.ts";
import { anOrganization } from "../support/build.ts";
import { compactJson } from "../support/compact-json.ts";
import { operationsOf, readDocument, resolve } from "../support/openapi.ts";
import { routesPage } from "../support/routes-page.ts";
import { ask } from "../support/worker.ts";

/** Routes whose answers are not JSON (Meta's two calls, upgrades), health, and the document itself. */
const NOT_DESCRIBED = [
  "GET /healthz",
  "GET /readyz",
  "GET /openapi.json",
  "GET /api/waba/webhook",
  "POST /api/waba/webhook",
  "GET /api/waba/webhook/",
  "POST /api/waba/webhook/",
  "GET /api/waba/chats/:id/socket",
  "GET /api/waba/inbox/socket",
];

/** Every `$ref` below a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner),
  );
}

/** The schemas of objects, lists and unions below a value, as JSON. */
function schemasIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(schemasIn);
  const isSchema = ["properties", "items", "oneOf", "anyOf"].some((key) => key in value);
  return isSchema ? [JSON.stringify(value), ...inner] : inner;
}

/** A schema as long as this has a name, so that the document states it once. */
const NAMED_FROM_LENGTH = 250;

describe("the OpenAPI document", () => {
  it("equals docs/openapi.json, where a change shows line by line", async ({ expect }) => {
    const text = `${compactJson(await readDocument(app))}\n`;
    await expect(text).toMatchFileSnapshot("../../docs/openapi.json");
  });

  it("is the source of docs/routes.md", async ({ expect }) => {
    await expect(routesPage(await readDocument(app))).toMatchFileSnapshot("../../docs/routes.md");
  });

  it("describes every JSON route of the app, and no other", async ({ expect }) => {
    const routes = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    const described = operationsOf(await readDocument(app)).map(([route]) =>
      route.replaceAll(/\{(\w+)\}/g, ":$1"),
    );
    expect(described.length).toBeGreaterThan(6);
    expect(NOT_DESCRIBED.filter((route) => !routes.includes(route))).toEqual([]);
    expect(new Set([...described, ...NOT_DESCRIBED])).toEqual(new Set(routes));
  });

  it("is OpenAPI 3.1, resolves every reference and uses every component", async ({ expect }) => {
    const document = await readDocument(app);
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "WABA Edge" } });
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(10);
    const { schemas, parameters, responses } = document.components;
    const named = Object.entries({ schemas, parameters, responses }).flatMap(([kind, components]) =>
      Object.keys(components).map((name) => `#/components/${kind}/${name}`),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => !named.includes(ref))).toEqual([]);
    expect(named.filter((name) => !refs.includes(name))).toEqual([]);
  });

  it("states no large schema twice: `.meta({ id })` names it", async ({ expect }) => {
    const large = schemasIn(await readDocument(app)).filter((schema) => schema.length >= NAMED_FROM_LENGTH);
    expect(large.length).toBeGreaterThan(50);
    expect(large.filter((schema, i) => large.indexOf(schema) !== i)).toEqual([]);
  });

  it("gives each operation its parameters, its answers and who may call it", async ({ expect }) => {
    const document = await readDocument(app);
    for (const [route, { summary, security, parameters = [], responses = {} }] of operationsOf(document)) {
      expect(summary, route).toBeTruthy();
      expect([[{ bearer: [] }], [{ bearer: ["admin"] }]], route).toContainEqual(security);
      expect(Object.keys(responses), route).toEqual(expect.arrayContaining(["400", "401", "403", "503"]));
      for (const answer of Object.values(responses))
        expect(resolve(answer, document).description, route).toBeTruthy();
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const all = parameters.map((parameter) => resolve(parameter, document));
      const declared = all.filter((one) => one.in === "path" && one.required === true);
      expect(
        declared.map(({ name }) => name),
        route,
      ).toEqual(inPath);
      for (const { name, schema } of all) expect(schema, `${route} ${name}`).toHaveProperty("type");
    }
    expect(document.components.securitySchemes).toHaveProperty("bearer");
  });

  it("requires the role of admin exactly where the app does", async ({ expect }) => {
    const document = await readDocument(app);
    const forAdmins = operationsOf(document).filter(([, { security }]) =>
      JSON.stringify(security).includes("admin"),
    );
    expect(forAdmins.length).toBeGreaterThan(8);
    const { token } = await as({ ...(await anOrganization()), role: "agent" });
    for (const [route] of operationsOf(document)) {
      const [method = "", path = ""] = route.split(" ");
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await ask(path.replaceAll(/\{\w+\}/g, "2147483647"), { method, headers });
      const needsAdmin = forAdmins.some(([one]) => one === route);
      expect(answer.status === 403, route).toBe(needsAdmin);
    }
  });
});
