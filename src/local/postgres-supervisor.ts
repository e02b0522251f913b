import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresOptions, type PostgresServer, startPostgres } from "./postgres.ts";

/** Long enough to show how the rest behaves without a database. */
const RESTART_DELAY_MS = 3_000;

export type SupervisedPostgres = Pick<PostgresServer, "url" | "createDatabase"> & {
  close(): Promise<void>;
};

/** Starts a Postgres, and starts it again on the same port and data whenever it exits. */
export async function startSupervisedPostgres(
  options: Omit<PostgresOptions, "onExit">,
  log: (line: string) => void,
): Promise<SupervisedPostgres> {
  const closing = new AbortController();
  let restarting = Promise.resolve();
  const start = () =>
    startPostgres({
      ...options,
      onExit(reason) {
        restarting = restart(reason);
      },
    });
  const restart = async (reason: string) => {
    // A signal to the process group also stops Postgres: give our own shutdown time to begin.
    await sleep(RESTART_DELAY_MS, null, { signal: closing.signal }).catch(() => undefined);
    if (closing.signal.aborted) return;
    log(`Postgres exited (${reason}), restarting it.`);
    try {
      server = await start();
    } catch (error) {
      await restart(error instanceof Error ? error.message : String(error));
    }
  };

  let server = await start();
  const { url, createDatabase } = server;
  const close = async () => {
    closing.abort();
    await restarting;
    await server.stop();
  };
  return { url, createDatabase, close };
}
