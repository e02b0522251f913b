import { median } from "../statistics.ts";
import type { System } from "../systems/system.ts";
import { shortNumber } from "../table.ts";
import { postgresCpuMs, processCpuMs } from "./cpu.ts";
import type { Rounds } from "./rounds.ts";

/** CPU time in ms: of workerd or node, of the endpoint before Postgres (0 where there is none), and of all of Postgres. */
export type SystemCpu = { servingMs: number; endpointMs: number; postgresMs: number };

/** The CPU time of a system's processes since their start. */
export async function systemCpu({ pid, endpointPid }: System, postmaster: number): Promise<SystemCpu> {
  return {
    servingMs: await processCpuMs(pid),
    endpointMs: endpointPid === undefined ? 0 : await processCpuMs(endpointPid),
    postgresMs: await postgresCpuMs(postmaster),
  };
}

/** The CPU time per call between two readings. */
export function cpuPerCall(before: SystemCpu, after: SystemCpu, calls: number): SystemCpu {
  return {
    servingMs: (after.servingMs - before.servingMs) / calls,
    endpointMs: (after.endpointMs - before.endpointMs) / calls,
    postgresMs: (after.postgresMs - before.postgresMs) / calls,
  };
}

/** Where the time of a call goes in the product and in a peer, as medians of the rounds. */
export function cpuNote({ results }: Rounds<{ cpu: SystemCpu }>, peer: string): string {
  const of = (name: string, part: keyof SystemCpu) =>
    shortNumber(median((results[name] ?? []).map(({ cpu }) => cpu[part])));
  return `CPU: workerd ${of("product", "servingMs")}, endpoint ${of("product", "endpointMs")}, Postgres ${of("product", "postgresMs")} ms; peer: node ${of(peer, "servingMs")}, Postgres ${of(peer, "postgresMs")} ms`;
}
