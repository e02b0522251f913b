import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "vitest";
import { problemCodes, problems } from "../../src/errors.ts";
import { problemTexts } from "../../src/http/problem-texts.ts";
import { markdownTable } from "../support/markdown-table.ts";
import {
  anchorsOf,
  blocksOf,
  codesOf,
  relativeLinksOf,
  sectionOf,
  tableOf,
  tablesOf,
  withoutBlocks,
} from "./markdown.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const isFolder = (path: string) =>
  statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
const exists = (path: string) => statSync(join(ROOT, path), { throwIfNoEntry: false }) !== undefined;

function filesUnder(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1));
}

/** The paths in a command, or alone; none that stands for several, such as `src/db/*-tables.ts`. */
const PATHS = /(?<![\w./-])(?:src|test|docs|drizzle|findings)\/[\w./-]+(?![\w./…*<{-])/g;

/** As a filter of `npm test` may: `test/node/pages`. */
const beginsAFile = (path: string) =>
  isFolder(dirname(path)) && filesUnder(dirname(path)).some((file) => file.startsWith(`${path}.`));

/** The folders inside a folder that hold a file; with a slash at the end, as the map writes them. */
function foldersIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => !name.startsWith("."));
  return names
    .map((name) => join(folder, name, "/"))
    .filter((path) => isFolder(path) && filesUnder(path).length > 0);
}

const sources = filesUnder("src").filter((path) => path.endsWith(".ts") && path !== "src/env.d.ts");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...[...filesUnder("docs"), ...filesUnder("src")].filter((path) => path.endsWith(".md")),
];

describe("the README's map", () => {
  const [map] = blocksOf(sectionOf(read("README.md"), "## The map"));
  const parents: string[] = [];
  const mapped = (map?.code ?? "")
    .trim()
    .split("\n")
    .map((line) => {
      const [, indent = "", name = "", description = ""] = /^( *)(\S+) {2,}(\S.*)$/.exec(line) ?? [];
      const depth = indent.length / 2;
      parents.splice(depth, parents.length, name);
      return { path: parents.join(""), description };
    });
  const below = (folder: string) =>
    mapped.map(({ path }) => path).filter((path) => path.startsWith(folder) && path !== folder);

  it("shows only what is there, each with a line of words", ({ expect }) => {
    expect(mapped.length).toBeGreaterThan(10);
    for (const { path, description } of mapped) {
      expect(description, path).not.toBe("");
      expect(exists(path), path).toBe(true);
    }
  });

  it("shows every folder at the top that git keeps", ({ expect }) => {
    const ignored = read(".gitignore").split("\n");
    const kept = foldersIn(".").filter((path) => !ignored.includes(path));
    expect(
      mapped
        .map(({ path }) => path)
        .filter((path) => /^[^/]+\/$/.test(path))
        .sort(),
    ).toEqual(kept.sort());
  });

  it("shows every folder of src", ({ expect }) => {
    const rooms = foldersIn("src");
    expect(below("src/").sort()).toEqual([...rooms, "src/db/functions/", ...foldersIn("src/local")].sort());
  });

  it("shows every folder of test that mirrors none of src", ({ expect }) => {
    const own = foldersIn("test").filter((path) => !exists(path.replace("test/", "src/")));
    expect(below("test/").sort()).toEqual(own.sort());
  });
});

describe("the page of troubleshooting", () => {
  it("quotes what the system prints", ({ expect }) => {
    const code = sources.map(read).join("\n");
    const quoted = tableOf(read("docs/troubleshooting.md")).flatMap(([seen = ""]) => codesOf(seen));
    expect(quoted.length).toBeGreaterThanOrEqual(10);
    expect(quoted.filter((text) => !code.includes(text))).toEqual([]);
  });
});

describe("the Russian guide", () => {
  it("has the commands of the English one, which are run by a test", ({ expect }) => {
    const commandsOf = (path: string) =>
      blocksOf(read(path)).filter(({ language }) => language === "sh" || language === "sql");
    expect(commandsOf("docs/connect.md").length).toBeGreaterThan(5);
    expect(commandsOf("docs/ru/connect.md")).toEqual(commandsOf("docs/connect.md"));
  });
});

describe("the page of problem codes", () => {
  it("has the table of the code: renew it with npm test -- test/node/pages -u", async ({ expect }) => {
    const rows = problemCodes.map((code) => {
      const { status, retryable } = problems[code];
      const { when, fix } = problemTexts[code];
      return [`\`${code}\``, String(status), retryable ? "yes" : "no", when, fix];
    });
    const table = markdownTable(["code", "status", "retryable", "what happened", "what to do"], rows);
    const page = read("docs/problems.md").replace(/(?:^\|.*\n)+/m, () => `${table}\n`);
    await expect(page).toMatchFileSnapshot("../../docs/problems.md");
  });

  it("holds only codes that something answers with", ({ expect }) => {
    const code = sources
      .filter((path) => path !== "src/errors.ts")
      .map(read)
      .join("\n");
    expect(problemCodes.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
  });
});

describe("every page", () => {
  it.for(pages)("%s leads nowhere that is not there", (page, { expect }) => {
    for (const link of relativeLinksOf(read(page))) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), path));
      expect(exists(target), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(read(target)), link).toContain(anchor);
    }
  });

  // CONTRIBUTING walks through the files of an example.
  it.for(pages)("%s names only files that exist", (page, { expect }) => {
    const missing = codesOf(withoutBlocks(read(page))).flatMap((code) => {
      const paths = code.match(PATHS) ?? [];
      return paths.filter((path) => !exists(path) && !(code.startsWith("npm test ") && beginsAFile(path)));
    });
    expect(missing.filter((path) => !path.includes("chat-reminder"))).toEqual([]);
  });

  it("of decisions has a number, a date, three parts and fewer than forty lines", ({ expect }) => {
    const decisions = pages.filter((page) => page.startsWith("docs/decisions/"));
    expect(decisions.length).toBeGreaterThanOrEqual(5);
    for (const [i, page] of decisions.toSorted().entries()) {
      const text = read(page);
      const number = String(i + 1).padStart(3, "0");
      expect(page).toContain(`/${number}-`);
      expect(text).toMatch(new RegExp(`^# ${number}: .+\n\n\\d{4}-\\d\\d-\\d\\d\n`));
      expect(anchorsOf(text).slice(1)).toEqual(["context", "decision", "consequences"]);
      expect(text.split("\n").length, page).toBeLessThan(40);
    }
  });
});

describe("the guide to connecting a number", () => {
  const [english, russian] = [read("docs/connect.md"), read("docs/ru/connect.md")];
  /** Levels of headings, with the names of the checks, which are anchors. */
  const outlineOf = (page: string) =>
    [...withoutBlocks(page).matchAll(/^(#+) (.+)$/gm)].map(([, level, name = ""]) =>
      /^C\d\d$/.test(name) ? name : level,
    );

  it("has the same sections, commands, links and tables in Russian", ({ expect }) => {
    expect(outlineOf(russian)).toEqual(outlineOf(english));
    expect(outlineOf(english)).toContain("C15");
    const commandsOf = (page: string) => blocksOf(page).filter(({ language }) => language !== "text");
    expect(commandsOf(russian)).toEqual(commandsOf(english));
    const sizesOf = (page: string) => tablesOf(page).map((rows) => rows.map((cells) => cells.length));
    expect(sizesOf(russian)).toEqual(sizesOf(english));
    const optionsOf = (page: string) =>
      tablesOf(page).flatMap((rows) => rows.flatMap(([first = ""]) => codesOf(first)));
    expect(optionsOf(russian)).toEqual(optionsOf(english));
  });

  it("answers the four usual problems in both languages", ({ expect }) => {
    for (const [page, heading] of [
      [english, "## Typical problems"],
      [russian, "## Типичные проблемы"],
    ] as const) {
      const rows = tableOf(sectionOf(page, heading));
      expect(rows).toHaveLength(4);
      for (const cells of rows) expect(cells.every((cell) => cell.length > 5)).toBe(true);
    }
  });
});
