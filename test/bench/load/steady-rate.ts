import { setTimeout as sleep } from "node:timers/promises";
import { type HttpConnection, openConnection } from "./http-connection.ts";

/** Servers close what is idle for five seconds: such a connection might be reset under the next request. */
const IDLE_LIMIT_MS = 2_000;

type Idle = { connection: HttpConnection; sinceMs: number };

/**
 * Sends the requests at a fixed rate, whether the answers have come or not, over as many connections as that takes.
 * `onStart` gets the index and the moment (`performance.now()`) at which a request begins. Gives how many were refused.
 */
export async function steadyRate(
  port: number,
  perSecond: number,
  requests: Buffer[],
  onStart: (index: number, startedAtMs: number) => void = () => {},
): Promise<number> {
  // The first request does not wait for a connection.
  let idle: Idle[] = [{ connection: await openConnection(port), sinceMs: performance.now() }];
  let refused = 0;
  const takeConnection = async () => {
    const nowMs = performance.now();
    const isFresh = ({ connection, sinceMs }: Idle) => connection.isOpen() && nowMs - sinceMs < IDLE_LIMIT_MS;
    for (const { connection } of idle.filter((each) => !isFresh(each))) connection.close();
    idle = idle.filter(isFresh);
    return idle.pop()?.connection ?? (await openConnection(port));
  };
  const send = async (request: Buffer) => {
    const connection = await takeConnection();
    const { status } = await connection.ask(request);
    if (status !== 200) refused++;
    idle.push({ connection, sinceMs: performance.now() });
  };

  const failures: unknown[] = [];
  const answers: Promise<void>[] = [];
  const beganAtMs = performance.now();
  for (const [index, request] of requests.entries()) {
    // A timer fires late by up to a millisecond, which is the generator's own delay: the request begins after it.
    await sleep(Math.max(0, beganAtMs + (index * 1_000) / perSecond - performance.now()));
    onStart(index, performance.now());
    answers.push(send(request).catch((error) => void failures.push(error)));
  }
  await Promise.all(answers);
  for (const { connection } of idle) connection.close();
  if (failures.length > 0) throw failures[0];
  return refused;
}
