import type { LocalPorts } from "../../src/local/dev-vars.ts";
import { freePort } from "../../src/local/ports.ts";

/** Ports for a local mode of a test's own, free at the time of the call. */
export async function freePorts(): Promise<LocalPorts> {
  const [worker, simulator, neon, postgres] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { worker, simulator, neon, postgres };
}
