import type { InboundEvent } from "../domain/inbound-event.ts";
import { AppError } from "../errors.ts";
import { errorName, log } from "../log.ts";
import { within } from "../time-limit.ts";
import type { CommitCounts } from "./commit-counts.ts";
import type { SpoolState } from "./spool.ts";

/**
 * So many shards gather. An object that is awake all month costs about $4, and each batches better the more it gets.
 * May be changed at any time: correctness never depends on which shard an event goes through.
 */
const SHARDS = 4;
/** The most there have ever been: one that gathers no more may still have something in its spool. Raise it with the other. */
const MOST_SHARDS = 4;
/** A shard has its spool, so it answers within half a second: one that does not is stuck. */
const HAND_IN_LIMIT_MS = 2_000;

/** A call may carry 32 MiB; a chunk of history comes with thousands of messages. */
const CALL_EVENTS = 1_000;

/** How much a shard's spool holds and since when, how many old messages wait to be imported, and how its commits went since it woke. */
export type ShardState = SpoolState & { shard: number; imports: number; commits: CommitCounts };

/**
 * Hands events to their shards and resolves once all are durable. Throws `not_durable` when any is not: then Meta
 * redelivers all, and what is stored already changes nothing.
 */
export async function handIn(env: Env, events: InboundEvent[]): Promise<void> {
  const shards = Map.groupBy(events, shardOf);
  const results = await Promise.allSettled(
    [...shards].map(([shard, part]) => takeAll(env, `shard-${shard}`, part)),
  );
  if (results.some(({ status }) => status === "rejected")) {
    throw new AppError("not_durable", "Nothing durable could be done: deliver it again.", { retryAfter: 5 });
  }
}

/** What waits in each shard that there has ever been; who is asked wakes, and empties itself. Throws when one cannot be asked. */
export async function spoolStates(env: Env): Promise<ShardState[]> {
  return await Promise.all(
    Array.from({ length: Math.max(SHARDS, MOST_SHARDS) }, async (_, shard) => {
      const intake = env.INTAKE.getByName(`shard-${shard}`);
      const [spool, commits] = await Promise.all([intake.spoolState(), intake.commitCounts()]);
      return { shard, ...spool, commits };
    }),
  );
}

/** One call after the other, so that the shard has time for others in between. */
async function takeAll(env: Env, name: string, events: InboundEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += CALL_EVENTS) {
    await take(env, name, events.slice(from, from + CALL_EVENTS));
  }
}

/** Once more on a fresh stub: a deploy replaces objects, and a stub to the old one stays broken. */
async function take(env: Env, name: string, events: InboundEvent[]): Promise<void> {
  try {
    await withinLimit(env.INTAKE.getByName(name).take(events));
  } catch (error) {
    if (!isBroken(error)) throw error;
    log("webhook_not_durable", { error: errorName(error), count: events.length });
    await withinLimit(env.INTAKE.getByName(name).take(events));
  }
}

/** Errors of the object's own code have been tried as often as makes sense; the platform's marks are on its own. */
function isBroken(error: unknown): boolean {
  return (
    error instanceof Error && "retryable" in error && error.retryable === true && !("overloaded" in error)
  );
}

async function withinLimit(taken: Promise<void>): Promise<void> {
  const done = await within(
    HAND_IN_LIMIT_MS,
    taken.then(() => true),
  );
  if (done === null) throw new Error("intake did not answer in time");
}

/** One customer's events go through one shard, which keeps them together in one transaction. */
function shardOf(event: InboundEvent): number {
  const who = event.kind === "notice" ? "" : (event.contact.phone ?? event.contact.userId ?? "");
  let hash = 0;
  for (const character of `${event.phoneNumberId}/${who}`) hash = (hash * 31 + character.charCodeAt(0)) | 0;
  return Math.abs(hash) % SHARDS;
}
