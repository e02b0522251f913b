import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import type { LocalPorts } from "../../src/local/dev-vars.ts";

/** Below those that systems give to connections that go out (from 32,768 on Linux, 49,152 on macOS), and above the well-known ones. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;

/**
 * Ports for a local mode of a test's own, free at the time of the call. It listens at them seconds later: by then a connection of
 * another test would have one, if they were of the range that connections get theirs from.
 */
export async function freePorts(): Promise<LocalPorts> {
  const ports = new Set<number>();
  while (ports.size < 4) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port)) ports.add(port);
  }
  const [worker = 0, simulator = 0, neon = 0, postgres = 0] = ports;
  return { worker, simulator, neon, postgres };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
