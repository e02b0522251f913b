import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const BIOME = join(ROOT, "node_modules/.bin/biome");

export type Planted = {
  file: string;
  module: string;
  line: number;
  /** The start of the lint message, or "allowed". */
  expected: string;
};
export type Finding = { file: string; line: number; rule: string; message: string };

/** The cases of planted-imports.txt, with the line numbers of `filesOf`. */
export async function readPlanted(): Promise<Planted[]> {
  const text = await readFile(join(import.meta.dirname, "planted-imports.txt"), "utf8");
  return text
    .split("\n\n")
    .slice(1)
    .flatMap((paragraph) => {
      const [head = "", ...rows] = paragraph.trim().split("\n");
      const [, file = "", refusal = ""] = /^(\S+): (.+)$/.exec(head) ?? [];
      return rows
        .map((row) => row.trim().split(/\s+/))
        .flatMap(([mark, ...modules]) =>
          modules.map((module) => ({ file, module, expected: mark === "no" ? refusal : "allowed" })),
        )
        .map((planted, index) => ({ ...planted, line: index + 1 }));
    });
}

/** Source texts by file, with one import per line. */
export function filesOf(planted: Planted[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { file, module } of planted)
    files[file] = `${files[file] ?? ""}import ${JSON.stringify(module)};\n`;
  return files;
}

/** Lints these files with our configuration, in a folder that contains nothing else. */
export async function lintAlone(files: Record<string, string>): Promise<Finding[]> {
  const dir = await mkdtemp(join(tmpdir(), "waba-layers-"));
  try {
    await cp(join(ROOT, "biome.json"), join(dir, "biome.json"));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(dir, dirname(path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    const report = await new Promise<string>((resolve) => {
      // The exit code is not 0 when Biome has findings.
      execFile(
        BIOME,
        ["lint", "--reporter=json", "--max-diagnostics=none", "src"],
        { cwd: dir },
        (_error, out) => resolve(out),
      );
    });
    const { diagnostics } = JSON.parse(report) as { diagnostics: BiomeDiagnostic[] };
    return diagnostics.map(({ category, message, location }) => {
      return {
        file: location.path,
        line: location.start.line,
        rule: category.split("/").at(-1) ?? "",
        message,
      };
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

type BiomeDiagnostic = {
  category: string;
  message: string;
  location: { path: string; start: { line: number } };
};
