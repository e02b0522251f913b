import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { describe, it } from "vitest";
import { filesOf, lintAlone, type Planted, readPlanted } from "./checks/planted-imports.ts";

const ROOT = join(import.meta.dirname, "..");

/** A comment may name a field of Meta's to say where a value comes from. */
const COMMENT = /^\s*(\/?\*|\/\/)/;

describe("the layers", async () => {
  const planted = await readPlanted();
  const findings = await lintAlone(filesOf(planted));
  const messageAt = ({ file, line }: Planted) =>
    findings.find(
      (found) => found.rule === "noRestrictedImports" && found.file === file && found.line === line,
    )?.message ?? "allowed";

  it("are probed by more than 40 imports that are refused, and as many that are not", ({ expect }) => {
    expect(planted.filter(({ expected }) => expected !== "allowed").length).toBeGreaterThan(40);
    expect(planted.filter(({ expected }) => expected === "allowed").length).toBeGreaterThan(40);
  });

  it.for([...new Set(planted.map(({ file }) => file))])("say what %s may import", (file, { expect }) => {
    const cases = planted.filter((one) => one.file === file);
    const outcome = (one: Planted) =>
      messageAt(one).startsWith(one.expected) ? one.expected : messageAt(one);
    expect(cases.map((one) => [one.module, outcome(one)])).toEqual(
      cases.map((one) => [one.module, one.expected]),
    );
  });

  it("have no rule that nothing probes", async ({ expect }) => {
    const rules = (await readFile(join(ROOT, "biome.json"), "utf8")).matchAll(/"message": "([^"]+)"/g);
    const messages = new Set([...rules].map(([, message]) => message));
    expect(messages.size).toBeGreaterThan(20);
    expect(messages).toEqual(new Set(planted.map(messageAt).filter((message) => message !== "allowed")));
  });

  it.for([
    ["noImportCycles", 'import { b } from "./cycle-b.ts";\nexport const a = () => b;'],
    ["noFloatingPromises", "export function f() {\n  Promise.resolve(1);\n}"],
    ["noMisusedPromises", "export const f = (x: Promise<number>) => (x ? 1 : 2);"],
    ["noBarrelFile", 'export * from "./chat.ts";'],
    ["noDefaultExport", "export default 1;"],
    ["noNonNullAssertion", "export const f = (x: number | null) => x! + 1;"],
    ["useImportType", 'import { A } from "./chat.ts";\nexport type B = A;'],
    ["noExplicitAny", "export type A = any;"],
    ["noExcessiveLinesPerFile", `export const a = [${"\n  1,".repeat(260)}\n];`],
  ] as const)("stand beside the rule %s", async ([rule, text], { expect }) => {
    const files = {
      "src/domain/chat.ts": "export type A = 1;\n",
      "src/domain/cycle-b.ts": 'import { a } from "./planted.ts";\nexport const b = () => a;\n',
      "src/domain/planted.ts": `${text}\n`,
    };
    const rules = (await lintAlone(files))
      .filter(({ file }) => file === "src/domain/planted.ts")
      .map((found) => found.rule);
    expect(rules).toContain(rule);
  });
});

describe("the sources", async () => {
  const sources = await readSources();

  /** The places where a pattern stands though it may not; `only` are files, or folders that end in a slash. */
  const strayed = (pattern: RegExp, only: string[], files = sources) =>
    Object.entries(files)
      .filter(
        ([path]) => !only.some((room) => path === room || (room.endsWith("/") && path.startsWith(room))),
      )
      .flatMap(([path, text]) => {
        const line = text.split("\n").findIndex((one) => pattern.test(one) && !COMMENT.test(one));
        return line < 0 ? [] : [`${path}:${line + 1}`];
      });

  const keptIn: [string, RegExp, string[]][] = [
    [
      "Meta's field names",
      /\bwa_id\b|\bhub\.(mode|verify_token|challenge)\b|biz_opaque_callback_data|(display_)?phone_number(_id)?\b|messaging_product|\brecipient_(id|type|user_id)\b|fbtrace_id|error_subcode|code_verification_status/,
      ["src/whatsapp/", "src/local/simulator/"],
    ],
    ["CHAT_ROOM and INBOX_HUB", /\b(CHAT_ROOM|INBOX_HUB)\b/, ["src/realtime/publish.ts"]],
    ["INTAKE", /\bINTAKE\b/, ["src/intake/shards.ts"]],
    ["SENDER", /\bSENDER\b/, ["src/sending/dispatch.ts"]],
    ["SQL made of text", /\bsql\.raw\b|\.(unsafe|exec)\(\s*[`"']?[^`"')]*\$\{/, []],
    // Biome does not see these: a computed module name, and a type that is imported where it is used.
    ["imports inside of expressions and types", /(?<!#)\bimport\((?!\s*"\.\/[^"]+"\))/, []],
  ];

  it.for(keptIn)("keep %s where they belong", ([, pattern, only], { expect }) => {
    expect(strayed(pattern, only)).toEqual([]);
  });

  it("are looked through for what strayed", ({ expect }) => {
    const samples = [
      "a.wa_id",
      'query["hub.mode"]',
      "env.CHAT_ROOM",
      "env.INTAKE",
      "env.SENDER",
      "sql.raw(text)",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
      "sql.exec(`select ${text}`)",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
      "client.unsafe(`${text}`)",
      "import(name)",
    ];
    const found = samples.map((text) =>
      keptIn.flatMap(([, pattern]) => strayed(pattern, [], { "src/x.ts": `\n${text}` })),
    );
    expect(found).toEqual(samples.map(() => ["src/x.ts:2"]));
    expect(Object.keys(sources).length).toBeGreaterThan(50);
  });

  it("have no file of more than 260 lines", ({ expect }) => {
    const lines = Object.entries(sources).map(([path, text]) => ({
      path,
      lines: text.trimEnd().split("\n").length,
    }));
    expect(lines.filter((file) => file.lines > 260)).toEqual([]);
  });

  it("give the browser nothing but types from realtime/protocol.ts's imports", ({ expect }) => {
    expect(sources["src/realtime/protocol.ts"]?.match(/^import (?!type ).*/gm) ?? []).toEqual([]);
  });
});

/** Every file of src but the one that wrangler generates, by its path from the top. */
async function readSources(): Promise<Record<string, string>> {
  const paths = (await readdir(join(ROOT, "src"), { recursive: true }))
    .map((path) => `src/${path}`)
    .filter((path) => [".ts", ".tsx", ".css", ".html"].includes(extname(path)) && path !== "src/env.d.ts");
  const texts = await Promise.all(paths.map((path) => readFile(join(ROOT, path), "utf8")));
  return Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? ""]));
}
