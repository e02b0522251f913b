import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, inject, it } from "vitest";
import { z } from "zod";
import { freePorts } from "../local/free-ports.ts";
import { giveCluster, start } from "../local/small-checkout.ts";
import { temporaryFolder } from "../local/temporary-folder.ts";
import { type Block, blocksOf, codesOf, tablesOf } from "./markdown.ts";
import { copyBuilt } from "./own-system.ts";
import { openTerminal, query, ROOT, runSql } from "./readme-commands.ts";

/** The README, then the pages of docs/: a reader comes to their commands in this order. */
const pages = await pagesWithCommands();
const blocks = [...pages.values()].flatMap(blocksOf);
const tested = blocks.filter(({ marks }) => marks.includes("test"));
const patient = { timeout: 60_000, interval: 50 };

/** Local mode as `npm run dev` starts it, on free ports and with secrets of its own. */
async function startLocalMode() {
  const root = await temporaryFolder();
  const ports = await freePorts();
  const builtDir = join(root, "built");
  await copyBuilt(builtDir);
  await giveCluster({ root });
  const { lines } = start({ root, ports }, { configPath: join(ROOT, "wrangler.toml"), builtDir });
  return { root, ports, lines };
}

describe("the documented commands", { timeout: 300_000 }, () => {
  it("work in local mode, one after the other", async ({ expect }) => {
    const { root, ports, lines } = await startLocalMode();
    await expect.poll(() => lines, patient).toContain("ready");
    const secrets = parseEnv(await readFile(join(root, ".dev.vars"), "utf8"));
    const terminal = openTerminal({ ports, state: join(root, "state"), env: secrets });
    const incoming = () => lines.filter((line) => line.startsWith("📥 WABA: Incoming message")).length;

    let watched: string[] = [];
    const printed = new Map<string, string>();
    for (const { language, marks, code } of tested) {
      const before = incoming();
      if (language === "sql") {
        if (marks.includes("local"))
          await runSql(`postgres://postgres:x@127.0.0.1:${ports.postgres}/waba`, code);
      } else if (marks.includes("watch")) {
        watched = terminal.watch(code);
        await expect.poll(() => watched, patient).toContain('{"type":"hello"}');
      } else {
        printed.set(code, await terminal.run(code));
      }
      // A customer's message has come in before the next command asks for it.
      if (/customers\/.* -d /s.test(code)) await expect.poll(incoming, patient).toBe(before + 1);
    }

    const of = (part: string) =>
      [...printed].filter(([code]) => code.includes(part)).map(([, output]) => output);
    const [chats = "", ...noOther] = of("/api/waba/chats ");
    expect(noOther).toEqual([]);
    expect(JSON.parse(chats).data).toMatchObject([{ unreadCount: 1, lastMessage: { body: "Hello" } }]);
    const [send = ""] = [...printed.keys()].filter((code) => code.includes("/api/waba/send"));
    expect(JSON.parse(printed.get(send) ?? "")).toMatchObject({ status: "accepted", chatId: 1 });
    expect(
      of("79990001122/messages")
        .map((output) => JSON.parse(output))
        .at(-1).data,
    ).toMatchObject([
      { from: "customer", text: { body: "Hello" } },
      { from: "business", text: { body: "Good morning" } },
    ]);
    expect(of("hub.challenge")).toEqual(["1158"]);
    await expect
      .poll(() => watched.filter((line) => line.includes("To the second number")), patient)
      .toHaveLength(1);

    expect(await terminal.run(send)).toBe(printed.get(send));
    const calls = await (await fetch(`http://127.0.0.1:${ports.simulator}/simulator/requests`)).json();
    const sends = calls.data.filter(({ path }: { path: string }) => path.endsWith("/messages"));
    expect(sends).toHaveLength(1);

    const doctor = of("npm run doctor").join("\n");
    expect(doctor).not.toContain("✖");
    expect(doctor).toMatch(/✔ C02 {2}token is alive[\s\S]*✔ C02 {2}токен действует/);
    const [listened = ""] = of("npm run listen");
    expect(listened).toMatch(/messages: text .* → 200 {2}\d+ ms {2}message \d+ in chat \d+/);
    expect(listened).toContain("[]");
  });

  it("connect a number by the guide's four statements, on a database that was just migrated", async ({
    expect,
  }) => {
    const [shown, ...others] = tested.filter(isOperatorSql);
    expect(others).toEqual([]);
    expect(shown?.code).toBe(await readFile(join(ROOT, "test/fixtures/guide.sql"), "utf8"));

    const database = `readme_${Date.now()}`;
    await query(inject("postgresUrl"), `create database ${database} template ${inject("migratedDatabase")}`);
    const url = new URL(inject("postgresUrl"));
    url.pathname = database;
    await runSql(url.href, shown?.code ?? "");
    expect(await query(url.href, 'select id, "wabaId" from "OrganizationPhone"')).toEqual([
      { id: 1, wabaId: "…" },
    ]);
  });

  it("are npm scripts that exist, with options that their program reads", async ({ expect }) => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    const text = `${[...pages.values()].join("\n")}\n${await readFile(join(ROOT, "CONTRIBUTING.md"), "utf8")}`;
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)(?:\s+--(\s[^`\n]*))?/g)];
    const names = named.map(([, name = ""]) => name);
    expect(names).toContain("dev");
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(names));

    const options = named.flatMap(([, name = "", rest = ""]) =>
      [...rest.matchAll(/\s--([\w-]+)/g)].map(([, option = ""]) => ({ name, option })),
    );
    expect(options).toContainEqual({ name: "migrate", option: "new-epoch" });
    for (const { name, option } of options) {
      const [program = ""] = /\S+\.ts$/.exec(scripts[name]) ?? [];
      const source = await sourceOf(program);
      expect(source, `npm run ${name} -- --${option}`).toMatch(new RegExp(`"?\\b${option}"?: \\{ type:`));
    }
  });

  it("are run above, unless they need an account, a deployment or a new clone", ({ expect }) => {
    const others = blocks.filter(({ language, marks }) => language === "sh" && !marks.includes("test"));
    expect(others.length).toBeGreaterThan(3);
    const elsewhere =
      /^(export DATABASE_URL=|git clone |cd waba-edge$|npm ci$|npm run |npx wrangler |curl (-X POST )?'?https:)/;
    const lines = others.flatMap(({ code }) => code.trim().split("\n"));
    expect(lines.filter((line) => !elsewhere.test(line))).toEqual([]);
  });
});

/** A program's text, with that of the file that holds its options, if it has one. */
async function sourceOf(program: string): Promise<string> {
  const options = program.replace(/\.ts$/, "-options.ts");
  const files = existsSync(join(ROOT, options)) ? [program, options] : [program];
  return (await Promise.all(files.map((file) => readFile(join(ROOT, file), "utf8")))).join("\n");
}

async function pagesWithCommands(): Promise<Map<string, string>> {
  const names = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md"));
  const paths = ["README.md", ...names.sort().map((name) => `docs/${name}`)];
  const texts = await Promise.all(paths.map((path) => readFile(join(ROOT, path), "utf8")));
  return new Map(paths.map((path, i) => [path, texts[i] ?? ""]));
}

function isOperatorSql({ language, marks }: Block): boolean {
  return language === "sql" && !marks.includes("local");
}

describe("the pages of the API", () => {
  const served = z.object({ routes: z.array(z.object({ method: z.string(), path: z.string() })) });

  it("have every route of the Worker", async ({ expect }) => {
    const tables = tablesOf(pages.get("docs/routes.md") ?? "");
    expect(tables.length).toBeGreaterThan(5);
    const listed = tables.flat().map(([route = ""]) => codesOf(route)[0] ?? "");
    // By its address: the Worker's types are not those of this program.
    const address = new URL("../../src/http/app.ts", import.meta.url).href;
    const { routes } = served.parse((await import(address)).app);
    const all = routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => routeOf(method, path))
      // The addresses of pages are no API.
      .filter((route) => !/ \/(sign-in|inbox|settings|docs)\b/.test(route));
    expect(listed.toSorted()).toEqual([...new Set(all)].sort());
  });

  function routeOf(method: string, path: string): string {
    // The webhook is served with a slash at its end, too.
    const address = path.length > 1 ? path.replace(/\/$/, "") : path;
    return `${method.toUpperCase()} ${address.replaceAll(/:(\w+)/g, "{$1}")}`;
  }
});
