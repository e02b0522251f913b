import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const SOURCES = join(import.meta.dirname, "../../src");

/** The names of all failpoints in the sources. */
export async function failpointNames(): Promise<string[]> {
  const paths = (await readdir(SOURCES, { recursive: true })).filter((path) => path.endsWith(".ts"));
  const texts = await Promise.all(paths.map((path) => readFile(join(SOURCES, path), "utf8")));
  return texts.flatMap((text) =>
    [...text.matchAll(/\bfailpoint\(\s*"([^"]+)"/g)].map(([, name = ""]) => name),
  );
}

/** The traces of failpoints in a built module: their names, their switch and binding, and calls of their function. */
export function failpointsIn(text: string, names: string[]): string[] {
  return [...names, "FAILPOINT", "failpoint("].filter((trace) => text.includes(trace));
}
