import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const START_LIMIT_MS = 20_000;
const STOP_GRACE_MS = 3_000;

export type NodeProcess = { pid: number; port: number; stop(): Promise<void> };

/**
 * Runs a script in a Node of its own, which reports the port it listens on by `listening` (listening.ts).
 * It ends with this process, however that ends.
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
    const ended = await Promise.race([exited.then(() => true), sleep(STOP_GRACE_MS, false, { ref: false })]);
    if (!ended) child.kill("SIGKILL");
    await exited;
  };
  const first = await Promise.race([
    once(child, "message").then(([message]) => message as { port: number }),
    exited.then(() => null),
    sleep(START_LIMIT_MS, null, { ref: false }),
  ]);
  if (!first || child.pid === undefined) {
    if (child.exitCode === null) await stop();
    throw new Error(`${script} did not start.`);
  }
  return { pid: child.pid, port: first.port, stop };
}
