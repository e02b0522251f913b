import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresOptions, type PostgresServer, startPostgres } from "./postgres.ts";

/** Long enough to see how the rest behaves meanwhile, short enough not to be waited for. */
const RESTART_PAUSE_MS = 3_000;

export type KeptPostgres = Pick<PostgresServer, "url" | "createDatabase"> & {
  close(): Promise<void>;
};

/** A Postgres that is started again, on the same port and data, when somebody ends it. */
export async function keepPostgres(
  options: Omit<PostgresOptions, "onExit">,
  log: (line: string) => void,
): Promise<KeptPostgres> {
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
    // Whoever ends the whole process group ends Postgres too; the pause shows whether that is the case.
    await sleep(RESTART_PAUSE_MS, null, { signal: closing.signal }).catch(() => undefined);
    if (closing.signal.aborted) return;
    log(`Postgres ended (${reason}) and is started again.`);
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
