import { closedLoop, type Load } from "../load/closed-loop.ts";
import type { Batch } from "../load/webhooks.ts";
import { answersFirst, type System } from "../systems/system.ts";
import { checkLedger, type Ledger } from "./ledger.ts";
import { waitForRest } from "./rest.ts";
import { cpuPerCall, type SystemCpu, systemCpu } from "./system-cpu.ts";

export type Stored = {
  load: Load;
  ledger: Ledger;
  /** From the first request until every acknowledged message was stored. */
  elapsedMs: number;
  /** The CPU time per acknowledged webhook in that time. */
  cpu: SystemCpu;
};

type Options = { batch: Batch; connections: number; durationMs: number; postmaster: number };

/**
 * Posts webhooks and compares the acknowledged ones with the stored rows. The time ends when everything is stored; a message in
 * a spool does not count as stored. Returns when the system is at rest. Throws if a system loses or doubles a message, except for the
 * naive peer.
 */
export async function storeWebhooks(system: System, options: Options): Promise<Stored> {
  const { batch, connections, durationMs, postmaster } = options;
  const requests = batch.webhooks.map(({ request }) => request);
  const cpuBefore = await systemCpu(system, postmaster);
  const load = await closedLoop({ port: system.port, connections, requests, durationMs });
  const cpuAfterLoad = await systemCpu(system, postmaster);
  const acknowledged = load.accepted.flatMap((index) => batch.webhooks[index] ?? []);
  if (acknowledged.length === 0)
    throw new Error(`${system.name} acknowledged no webhook: ${JSON.stringify(load.refused)}`);
  const ledger = await checkLedger(system, batch.prefix, acknowledged);
  if (!answersFirst(system) && ledger.missing + ledger.doubled > 0) {
    throw new Error(
      `${system.name} lost ${ledger.missing} and doubled ${ledger.doubled} acknowledged messages.`,
    );
  }
  // Storing from the spool after the load costs CPU too. In that case the ledger's own queries are included.
  const cpuAfter = ledger.settledAfterMs > 0 ? await systemCpu(system, postmaster) : cpuAfterLoad;
  await waitForRest(system);
  const elapsedMs = load.elapsedMs + ledger.settledAfterMs;
  return { load, ledger, elapsedMs, cpu: cpuPerCall(cpuBefore, cpuAfter, load.accepted.length) };
}
