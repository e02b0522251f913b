import { setTimeout as sleep } from "node:timers/promises";
import { openConnection } from "./http-connection.ts";

/**
 * Sends the requests at a fixed rate, whether the answers have come or not, over as many connections as that takes.
 * `onStart` gets the index and the moment (`performance.now()`) at which a request was due. Throws when one is refused.
 */
export async function steadyRate(
  port: number,
  perSecond: number,
  requests: Buffer[],
  onStart: (index: number, dueAtMs: number) => void,
): Promise<void> {
  const idle = [await openConnection(port)];
  const all = new Set(idle);
  const answers: Promise<void>[] = [];
  const startedAtMs = performance.now();
  const send = async (request: Buffer) => {
    const connection = idle.pop() ?? (await openConnection(port));
    all.add(connection);
    const { status } = await connection.ask(request);
    if (status !== 200) throw new Error(`A request at a steady rate was answered with ${status}.`);
    idle.push(connection);
  };
  for (const [index, request] of requests.entries()) {
    const dueAtMs = startedAtMs + (index * 1_000) / perSecond;
    await sleep(Math.max(0, dueAtMs - performance.now()));
    // A timer fires late by up to a millisecond, which is the generator's own delay.
    onStart(index, performance.now());
    answers.push(send(request));
  }
  try {
    await Promise.all(answers);
  } finally {
    for (const connection of all) connection.close();
  }
}
