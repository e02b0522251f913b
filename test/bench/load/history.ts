import { setTimeout as sleep } from "node:timers/promises";
import { runSql } from "../systems/database.ts";
import type { System } from "../systems/system.ts";
import { closedLoop } from "./closed-loop.ts";
import { signedBatch, type TextMessage } from "./webhooks.ts";

const MESSAGES_PER_BODY = 50;
const TIMEOUT_MS = 120_000;
/** Meta delivers again after a 503. */
const MAX_DELIVERIES = 5;
const POLL_MS = 200;

/** Stores messages in a system before the measurement, many per body. Throws unless all are stored. */
export async function storeHistory(system: System, messages: TextMessage[]): Promise<void> {
  const [before = 0] = await rowCount(system);
  const bodies: TextMessage[][] = [];
  for (let at = 0; at < messages.length; at += MESSAGES_PER_BODY)
    bodies.push(messages.slice(at, at + MESSAGES_PER_BODY));
  let requests = bodies.map(signedBatch);
  for (let delivery = 0; delivery < MAX_DELIVERIES && requests.length > 0; delivery++) {
    const load = await closedLoop({ port: system.port, connections: 4, requests, durationMs: TIMEOUT_MS });
    const accepted = new Set(load.accepted);
    requests = requests.filter((_, index) => !accepted.has(index));
  }
  const expected = before + messages.length;
  for (let waitedMs = 0; waitedMs < TIMEOUT_MS; waitedMs += POLL_MS) {
    const [count = 0] = await rowCount(system);
    if (count === expected) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${system.name} did not store all of ${messages.length} messages.`);
}

async function rowCount({ databaseUrl }: System): Promise<number[]> {
  const rows = await runSql<{ count: number }>(databaseUrl, `select count(*)::int as count from "Message"`);
  return rows.map(({ count }) => count);
}
