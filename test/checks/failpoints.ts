import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const SOURCES = join(import.meta.dirname, "../../src");

/** The names of all failpoints, as the sources call them. */
export async function failpointNames(): Promise<string[]> {
  const paths = (await readdir(SOURCES, { recursive: true })).filter((path) => path.endsWith(".ts"));
  const texts = await Promise.all(paths.map((path) => readFile(join(SOURCES, path), "utf8")));
  return texts.flatMap((text) =>
    [...text.matchAll(/\bfailpoint\(\s*"([^"]+)"/g)].map(([, name = ""]) => name),
  );
}

/** What a built module has of failpoints: their names, their switch, their binding, and the function that stops at them. */
export function failpointsIn(text: string, names: string[]): string[] {
  return [...names, "FAILPOINT", "failpoint("].filter((word) => text.includes(word));
}
