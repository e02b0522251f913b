import type { InboundEvent } from "../domain/inbound-event.ts";
import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { errorName, log } from "../log.ts";
import { orTimeout } from "../with-timeout.ts";
import { firstPlan, nextPlan, OVERLOADED } from "./shard-plan.ts";
import { shardNamed } from "./shards.ts";
import { slicesOf } from "./slices.ts";

declare global {
  /**
   * Milliseconds that a shard has to make events durable. It spools instead of waiting for Postgres, so it takes half a second at most
   * unless it is stuck. Set in wrangler.toml.
   */
  const SUBMIT_LIMIT_MS: number;
}

const LIMITS = { min: MIN_SHARDS, max: Math.max(MIN_SHARDS, 8) };
const NO_ANSWER = "intake did not answer in time";

/**
 * This isolate's view of the load. Other isolates may use more or fewer shards: correctness never depends on which shard
 * handles an event.
 */
let plan = firstPlan(LIMITS, Date.now());
/** The number of shards that the first shard has stored as used. */
let registeredShards = 1;

/**
 * Submits events to their shards, slice by slice, and resolves once all are durable. A slice is taken from `events` when the one
 * before it is durable, so that a large body never is in memory as events as a whole. A shard that fails gets no later slice. Throws
 * `not_durable` then: Meta redelivers all events, and storing one again changes nothing.
 */
export async function submitEvents(env: Env, events: Iterable<InboundEvent>): Promise<void> {
  const count = await shardCount(env);
  const failed = new Set<number>();
  for (const slice of slicesOf(events)) {
    const shards = Map.groupBy(slice, (event) => (count === 1 ? 0 : shardOf(event, count)));
    await Promise.all(
      [...shards].map(async ([shard, part]) => {
        if (failed.has(shard)) return;
        try {
          recordLoad(await submitSlice(env, shard, part));
        } catch {
          failed.add(shard);
        }
      }),
    );
    if (failed.size === count) break;
    FAILPOINTS && (await failpoint("worker.afterSlice"));
  }
  if (failed.size > 0) {
    throw new AppError("not_durable", "The webhook could not be stored. Deliver it again.", {
      retryAfter: 5,
    });
  }
}

/** The number of shards to use. A new shard is registered before it receives events. */
async function shardCount(env: Env): Promise<number> {
  const { count } = plan;
  if (count <= registeredShards) return count;
  try {
    await orTimeout(SUBMIT_LIMIT_MS, shardNamed(env, 0).useShards(count), NO_ANSWER);
    registeredShards = count;
  } catch (error) {
    // Continue with the registered shards.
    log("request_failed", { route: "use of more shards", error: errorName(error) });
  }
  return Math.min(count, registeredShards);
}

/** Returns the shard's calls per second. Retries once on a fresh stub: a deploy replaces objects and breaks their stubs. */
async function submitSlice(env: Env, shard: number, events: InboundEvent[]): Promise<number> {
  try {
    return await orTimeout(SUBMIT_LIMIT_MS, shardNamed(env, shard).take(events), NO_ANSWER);
  } catch (error) {
    if (isOverloaded(error)) recordLoad(OVERLOADED);
    if (!isRetryable(error)) throw error;
    log("webhook_not_durable", { error: errorName(error), count: events.length });
    return await orTimeout(SUBMIT_LIMIT_MS, shardNamed(env, shard).take(events), NO_ANSWER);
  }
}

/** A shard of an earlier version returns undefined. */
function recordLoad(callsPerSecond: number | undefined): void {
  if (callsPerSecond !== undefined) plan = nextPlan(plan, callsPerSecond, Date.now(), LIMITS);
}

/** Only the platform's errors have these marks. The object has already retried its own. */
function isRetryable(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true && !isOverloaded(error);
}

function isOverloaded(error: unknown): boolean {
  return error instanceof Error && "overloaded" in error;
}

/** All events of a customer go to one shard, which stores them in one transaction. */
function shardOf(event: InboundEvent, count: number): number {
  const customer = event.kind === "notice" ? "" : (event.contact.phone ?? event.contact.userId ?? "");
  let hash = 0;
  for (const character of `${event.phoneNumberId}/${customer}`)
    hash = (hash * 31 + character.charCodeAt(0)) | 0;
  return Math.abs(hash) % count;
}
