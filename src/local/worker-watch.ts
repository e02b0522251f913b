import { watch } from "node:fs";
import { basename, sep } from "node:path";

/** Editors write a file in several steps. */
const SETTLE_MS = 200;
/** Rooms whose files are not part of the Worker. */
const ELSEWHERE = ["local", "web"];

/**
 * Calls `reload` whenever sources below a folder change, one call at a time, and says what came of it. Gives the
 * function that ends the watch.
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
      () => "The Worker was built anew.",
      (error: Error) => error.message,
    );
    log(outcome);
  };
  const watcher = watch(dir, { recursive: true }, (_event, name) => {
    if (name === null || ELSEWHERE.includes(name.split(sep)[0] ?? "") || basename(name).startsWith("."))
      return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(rebuild);
    }, SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
