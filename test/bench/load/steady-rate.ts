import { setTimeout as sleep } from "node:timers/promises";
import { type HttpConnection, openConnection } from "./http-connection.ts";

/** Servers close a connection after five idle seconds, and the next request on it might fail. */
const MAX_IDLE_MS = 2_000;

type Idle = { connection: HttpConnection; sinceMs: number };

/**
 * Sends the requests at a fixed rate, independent of the responses, over as many connections as necessary. `onStart` gets the
 * index of a request and the time (`performance.now()`) at which it starts. Returns how many requests were refused.
 */
export async function steadyRate(
  port: number,
  perSecond: number,
  requests: Buffer[],
  onStart: (index: number, startedAtMs: number) => void = () => {},
): Promise<number> {
  // Opened in advance for the first request.
  let idle: Idle[] = [{ connection: await openConnection(port), sinceMs: performance.now() }];
  let refused = 0;
  const acquireConnection = async () => {
    const nowMs = performance.now();
    const isFresh = ({ connection, sinceMs }: Idle) => connection.isOpen() && nowMs - sinceMs < MAX_IDLE_MS;
    for (const { connection } of idle.filter((each) => !isFresh(each))) connection.close();
    idle = idle.filter(isFresh);
    return idle.pop()?.connection ?? (await openConnection(port));
  };
  const send = async (request: Buffer) => {
    const connection = await acquireConnection();
    const { status } = await connection.request(request);
    if (status !== 200) refused++;
    idle.push({ connection, sinceMs: performance.now() });
  };

  const failures: unknown[] = [];
  const responses: Promise<void>[] = [];
  const startedAtMs = performance.now();
  for (const [index, request] of requests.entries()) {
    // A timer fires up to a millisecond late. That delay is the generator's, so the request starts after it.
    await sleep(Math.max(0, startedAtMs + (index * 1_000) / perSecond - performance.now()));
    onStart(index, performance.now());
    responses.push(send(request).catch((error) => void failures.push(error)));
  }
  await Promise.all(responses);
  for (const { connection } of idle) connection.close();
  if (failures.length > 0) throw failures[0];
  return refused;
}
