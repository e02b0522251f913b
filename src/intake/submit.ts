import type { InboundEvent } from "../domain/inbound-event.ts";
import { AppError } from "../errors.ts";
import { errorName, log } from "../log.ts";
import { orTimeout } from "../with-timeout.ts";
import type { CommitCounts } from "./commit-counts.ts";
import { firstPlan, nextPlan, OVERLOADED } from "./shard-plan.ts";
import type { SpoolState } from "./spool.ts";

declare global {
  /** How many shards a Worker begins with. Set in wrangler.toml. */
  const MIN_SHARDS: number;
}

/** The first shard keeps account of how many there have ever been, so that none is asked that was never used. */
const FIRST_SHARD = "shard-0";
const LIMITS = { min: MIN_SHARDS, max: Math.max(MIN_SHARDS, 8) };
/** A shard has its spool, so it answers within half a second: one that does not is stuck. */
const SUBMIT_LIMIT_MS = 2_000;
const NO_ANSWER = "intake did not answer in time";

/** A call may carry 32 MiB; a chunk of history comes with thousands of messages. */
const CALL_EVENTS = 1_000;

/** How much a shard's spool holds and since when, how many old messages wait to be imported, and how its commits went since it woke. */
export type ShardState = SpoolState & { shard: number; imports: number; commits: CommitCounts };

/**
 * What this isolate knows of the load. Others may know better, and spread over more or fewer shards: correctness never depends
 * on which shard an event goes through.
 */
let plan = firstPlan(LIMITS, Date.now());
/** So many are on the first shard's account. */
let known = 1;

/**
 * Hands events to their shards and resolves once all are durable. Throws `not_durable` when any is not: then Meta
 * redelivers all, and what is stored already changes nothing.
 */
export async function submitEvents(env: Env, events: InboundEvent[]): Promise<void> {
  const count = await shardsInUse(env);
  const shards = Map.groupBy(events, (event) => (count === 1 ? 0 : shardOf(event, count)));
  const results = await Promise.allSettled(
    [...shards].map(([shard, part]) => takeAll(env, `shard-${shard}`, part)),
  );
  if (results.some(({ status }) => status === "rejected")) {
    throw new AppError("not_durable", "The webhook could not be stored. Deliver it again.", {
      retryAfter: 5,
    });
  }
}

/** What waits in each shard that there has ever been; who is asked wakes, and empties itself. Throws when one cannot be asked. */
export async function spoolStates(env: Env): Promise<ShardState[]> {
  const count = await env.INTAKE.getByName(FIRST_SHARD).shardsEverUsed();
  return await Promise.all(
    Array.from({ length: Math.max(count, MIN_SHARDS) }, async (_, shard) => {
      const intake = env.INTAKE.getByName(`shard-${shard}`);
      const [spool, commits] = await Promise.all([intake.spoolState(), intake.commitCounts()]);
      return { shard, ...spool, commits };
    }),
  );
}

/** How many to spread over. One that is new is on the account before it gets anything. */
async function shardsInUse(env: Env): Promise<number> {
  const { count } = plan;
  if (count <= known) return count;
  try {
    await orTimeout(SUBMIT_LIMIT_MS, env.INTAKE.getByName(FIRST_SHARD).useShards(count), NO_ANSWER);
    known = count;
  } catch (error) {
    // The fewer ones will do until then.
    log("request_failed", { route: "use of more shards", error: errorName(error) });
  }
  return Math.min(count, known);
}

/** One call after the other, so that the shard has time for others in between. */
async function takeAll(env: Env, name: string, events: InboundEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += CALL_EVENTS) {
    const part = events.length > CALL_EVENTS ? events.slice(from, from + CALL_EVENTS) : events;
    note(await take(env, name, part));
  }
}

/** Gives the shard's calls a second. Once more on a fresh stub: a deploy replaces objects, and a stub to the old one stays broken. */
async function take(env: Env, name: string, events: InboundEvent[]): Promise<number> {
  try {
    return await orTimeout(SUBMIT_LIMIT_MS, env.INTAKE.getByName(name).take(events), NO_ANSWER);
  } catch (error) {
    if (isOverloaded(error)) note(OVERLOADED);
    if (!isBroken(error)) throw error;
    log("webhook_not_durable", { error: errorName(error), count: events.length });
    return await orTimeout(SUBMIT_LIMIT_MS, env.INTAKE.getByName(name).take(events), NO_ANSWER);
  }
}

/** A shard of the version before says nothing. */
function note(callsPerSecond: number | undefined): void {
  if (callsPerSecond !== undefined) plan = nextPlan(plan, callsPerSecond, Date.now(), LIMITS);
}

/** Errors of the object's own code have been tried as often as makes sense; the platform's marks are on its own. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true && !isOverloaded(error);
}

function isOverloaded(error: unknown): boolean {
  return error instanceof Error && "overloaded" in error;
}

/** One customer's events go through one shard, which keeps them together in one transaction. */
function shardOf(event: InboundEvent, count: number): number {
  const who = event.kind === "notice" ? "" : (event.contact.phone ?? event.contact.userId ?? "");
  let hash = 0;
  for (const character of `${event.phoneNumberId}/${who}`) hash = (hash * 31 + character.charCodeAt(0)) | 0;
  return Math.abs(hash) % count;
}
