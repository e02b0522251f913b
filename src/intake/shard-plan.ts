/**
 * An object handles at most 1,000 calls a second, so shards are added below that.
 * https://developers.cloudflare.com/durable-objects/platform/limits/
 */
const BUSY_CALLS_PER_SECOND = 800;
/** Two quiet shards merge into one that is not busy. */
const QUIET_CALLS_PER_SECOND = 300;
/** A shard reports its last full second: after this time its answer reflects the previous change. */
const SETTLE_MS = 2_000;
const QUIET_FOR_MS = 60_000;

/** Stands for the rate of a shard that rejected a call as overloaded. */
export const OVERLOADED = Number.POSITIVE_INFINITY;

/** The number of shards that a Worker uses, and the load that it observed. */
export type ShardPlan = { count: number; changedAtMs: number; lastNotQuietAtMs: number };

export type ShardLimits = { min: number; max: number };

export function firstPlan({ min }: ShardLimits, nowMs: number): ShardPlan {
  return { count: min, changedAtMs: nowMs - SETTLE_MS, lastNotQuietAtMs: nowMs };
}

/**
 * The plan after a shard's answer: twice as many shards when one is busy, half as many after a minute in which all were quiet.
 * Fewer shards make fuller batches, so there are never more than the load needs.
 */
export function nextPlan(
  plan: ShardPlan,
  callsPerSecond: number,
  nowMs: number,
  { min, max }: ShardLimits,
): ShardPlan {
  const observed = callsPerSecond > QUIET_CALLS_PER_SECOND ? { ...plan, lastNotQuietAtMs: nowMs } : plan;
  if (callsPerSecond >= BUSY_CALLS_PER_SECOND && plan.count < max && nowMs - plan.changedAtMs >= SETTLE_MS) {
    return { ...observed, count: Math.min(plan.count * 2, max), changedAtMs: nowMs };
  }
  const quietSinceMs = Math.max(observed.lastNotQuietAtMs, observed.changedAtMs);
  if (plan.count > min && nowMs - quietSinceMs >= QUIET_FOR_MS) {
    return { ...observed, count: Math.max(Math.floor(plan.count / 2), min), changedAtMs: nowMs };
  }
  return observed;
}
