import { watch } from "node:fs";
import { basename, sep } from "node:path";

/** Editors write a file in several steps. */
const DEBOUNCE_MS = 200;
/** Folders that are not part of the Worker. */
const IGNORED_FOLDERS = ["local", "web"];

/**
 * Calls `reload` whenever a source file below `dir` changes, one call at a time, and logs the result. Returns a function that
 * stops watching.
 */
export function watchSources(
  dir: string,
  reload: () => Promise<void>,
  log: (line: string) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const rebuild = async () => {
    const outcome = await reload().then(
      () => "The Worker was rebuilt.",
      (error: Error) => error.message,
    );
    log(outcome);
  };
  const watcher = watch(dir, { recursive: true }, (_event, name) => {
    if (name === null || IGNORED_FOLDERS.includes(name.split(sep)[0] ?? "") || basename(name).startsWith("."))
      return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(rebuild);
    }, DEBOUNCE_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
