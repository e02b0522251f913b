import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const START_TIMEOUT_MS = 20_000;
const STOP_GRACE_MS = 3_000;

export type NodeProcess = { pid: number; port: number; stop(): Promise<void> };

/**
 * Runs a script in its own Node process. The script reports its port with `listen` or `report` (listening.ts), and exits when
 * this process does.
 */
export async function startNodeProcess(
  script: string,
  env: Record<string, string> = {},
): Promise<NodeProcess> {
  const child = fork(script, {
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
    execArgv: ["--no-warnings"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    const hasExited = await Promise.race([
      exited.then(() => true),
      sleep(STOP_GRACE_MS, false, { ref: false }),
    ]);
    if (!hasExited) child.kill("SIGKILL");
    await exited;
  };
  const first = await Promise.race([
    once(child, "message").then(([message]) => message as { port: number }),
    exited.then(() => null),
    sleep(START_TIMEOUT_MS, null, { ref: false }),
  ]);
  if (!first || child.pid === undefined) {
    if (child.exitCode === null) await stop();
    throw new Error(`${script} did not start.`);
  }
  return { pid: child.pid, port: first.port, stop };
}
