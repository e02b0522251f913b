import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Records of several kinds, each under an id. A record is replaced, never changed in place. */
export type Journal<Records> = {
  /** Ordered by the first `put` of each id. */
  all<K extends keyof Records & string>(kind: K): Records[K][];
  /** The ids of a kind, in the same order. */
  keys(kind: keyof Records & string): string[];
  get<K extends keyof Records & string>(kind: K, id: string): Records[K] | null;
  put<K extends keyof Records & string>(kind: K, id: string, record: Records[K]): void;
  remove(kind: keyof Records & string, id: string): void;
  clear(): void;
  close(): void;
};

type Line = [kind: string, id: string, record?: unknown];

const COMPACT_FROM_LINES = 20_000;

/**
 * Stores records in memory and, when a file is given, appends each change to it, so that records survive a killed process. A
 * kill while a line is written loses only that line. Rewrites the file by a rename, when it is opened and whenever most of
 * its lines are outdated.
 */
export function openJournal<Records>(file?: string): Journal<Records> {
  const kinds = new Map<string, Map<string, unknown>>();
  const records = (kind: string) => kinds.get(kind) ?? kinds.set(kind, new Map()).get(kind) ?? new Map();
  for (const line of file ? readLines(file) : []) apply(line);
  let lines = 0;
  let fd = file ? rewrite(file) : null;

  function apply([kind, id, ...record]: Line): void {
    if (record.length > 0) records(kind).set(id, record[0]);
    else records(kind).delete(id);
  }

  function rewrite(path: string): number {
    mkdirSync(dirname(path), { recursive: true });
    const next = openSync(`${path}.next`, "w", 0o600);
    lines = 0;
    for (const [kind, byId] of kinds) {
      for (const [id, record] of byId) writeLine(next, [kind, id, record]);
      lines += byId.size;
    }
    fsyncSync(next);
    renameSync(`${path}.next`, path);
    return next;
  }

  function change(line: Line): void {
    apply(line);
    if (fd === null || !file) return;
    writeLine(fd, line);
    lines += 1;
    const live = [...kinds.values()].reduce((sum, byId) => sum + byId.size, 0);
    if (lines > COMPACT_FROM_LINES && lines > 4 * live) replaceFile(file);
  }

  function replaceFile(path: string): void {
    if (fd !== null) closeSync(fd);
    fd = rewrite(path);
  }

  return {
    // Only `put` writes the file, so the records of a kind have its type.
    all: <K extends keyof Records & string>(kind: K) => [...records(kind).values()] as Records[K][],
    keys: (kind) => [...records(kind).keys()],
    get: <K extends keyof Records & string>(kind: K, id: string) =>
      (records(kind).get(id) as Records[K] | undefined) ?? null,
    put: (kind, id, record) => change([kind, id, record]),
    remove: (kind, id) => {
      if (records(kind).has(id)) change([kind, id]);
    },
    clear() {
      kinds.clear();
      if (file && fd !== null) replaceFile(file);
    },
    close() {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}

function writeLine(fd: number, line: Line): void {
  writeSync(fd, `${JSON.stringify(line)}\n`);
}

/** Ignores a last line without a newline: its write was interrupted. */
function readLines(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  // Only `change` writes this file.
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}
