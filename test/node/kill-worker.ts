import { setTimeout as sleep } from "node:timers/promises";
import { findListener } from "../../src/local/ports.ts";
import { isAlive } from "../../src/local/processes.ts";

const RESTART_LIMIT_MS = 60_000;

/**
 * SIGKILL to the workerd on a port, and a call to `onKilled`. Miniflare starts it again by itself, on the same port and
 * storage; resolves then.
 */
export async function killWorker(port: number, onKilled: () => void = () => undefined): Promise<void> {
  const killed = await findListener(port);
  if (!killed) throw new Error("no workerd listens");
  process.kill(killed.pid, "SIGKILL");
  onKilled();
  for (let waited = 0; waited < RESTART_LIMIT_MS; waited += 50) {
    await sleep(50);
    if (await isAlive(killed.pid)) continue;
    const signal = AbortSignal.timeout(2_000);
    const isUp = await fetch(`http://127.0.0.1:${port}/healthz`, { signal }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) return;
  }
  throw new Error("workerd did not come back");
}
