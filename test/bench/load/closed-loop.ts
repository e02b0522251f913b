import { performance } from "node:perf_hooks";
import { type HttpConnection, openConnection } from "./http-connection.ts";

export type LoadOptions = {
  port: number;
  connections: number;
  /** Complete requests as bytes, each sent once. The load ends early when they run out. */
  requests: Buffer[];
  /** No request starts after this time. */
  durationMs: number;
};

export type Load = {
  /** Indexes of the requests that got a 200. */
  accepted: number[];
  /** Counts the other responses by status. */
  refused: Record<number, number>;
  startedAtMs: number;
  elapsedMs: number;
  /** One per response. */
  latenciesMs: number[];
  /** The CPU time of this process ÷ the elapsed time: at 1 the load generator is the limit. */
  generatorCpuShare: number;
};

/** Each connection sends its next request after the response to the previous one. */
export async function closedLoop({ port, connections, requests, durationMs }: LoadOptions): Promise<Load> {
  const opened = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const accepted: number[] = [];
  const refused: Record<number, number> = {};
  const latenciesMs: number[] = [];
  let next = 0;
  const cpu = process.cpuUsage();
  const startedAtMs = performance.now();
  const deadlineMs = startedAtMs + durationMs;
  const run = async (connection: HttpConnection) => {
    for (;;) {
      const index = next++;
      const request = requests[index];
      const sentAtMs = performance.now();
      if (!request || sentAtMs >= deadlineMs) return;
      const { status } = await connection.request(request);
      latenciesMs.push(performance.now() - sentAtMs);
      if (status === 200) accepted.push(index);
      else refused[status] = (refused[status] ?? 0) + 1;
    }
  };
  try {
    await Promise.all(opened.map(run));
  } finally {
    for (const connection of opened) connection.close();
  }
  const elapsedMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpu);
  const generatorCpuShare = (user + system) / 1000 / elapsedMs;
  return { accepted, refused, startedAtMs, elapsedMs, latenciesMs, generatorCpuShare };
}
