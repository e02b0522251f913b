/**
 * One object takes 1,000 calls a second at most, so it is relieved before that.
 * https://developers.cloudflare.com/durable-objects/platform/limits/
 */
const BUSY_CALLS_PER_SECOND = 800;
/** Two shards that are quiet are one that is not busy. */
const QUIET_CALLS_PER_SECOND = 300;
/** A shard tells of the last whole second: by then its answer shows what the last change has done. */
const SETTLE_MS = 2_000;
const QUIET_FOR_MS = 60_000;

/** The platform refused a call to a shard because of too many. */
export const OVERLOADED = Number.POSITIVE_INFINITY;

/** How many shards a Worker spreads events over, and what it has seen of their load. */
export type ShardPlan = { count: number; changedAtMs: number; lastNotQuietAtMs: number };

export type ShardLimits = { min: number; max: number };

export function firstPlan({ min }: ShardLimits, nowMs: number): ShardPlan {
  return { count: min, changedAtMs: nowMs - SETTLE_MS, lastNotQuietAtMs: nowMs };
}

/**
 * The plan after one more answer: twice as many shards when one is busy, half as many when all were quiet for a minute. Batches
 * fill best in one shard, so there are never more than the load needs.
 */
export function nextPlan(
  plan: ShardPlan,
  callsPerSecond: number,
  nowMs: number,
  { min, max }: ShardLimits,
): ShardPlan {
  const seen = callsPerSecond > QUIET_CALLS_PER_SECOND ? { ...plan, lastNotQuietAtMs: nowMs } : plan;
  if (callsPerSecond >= BUSY_CALLS_PER_SECOND && plan.count < max && nowMs - plan.changedAtMs >= SETTLE_MS) {
    return { ...seen, count: Math.min(plan.count * 2, max), changedAtMs: nowMs };
  }
  const quietSinceMs = Math.max(seen.lastNotQuietAtMs, seen.changedAtMs);
  if (plan.count > min && nowMs - quietSinceMs >= QUIET_FOR_MS) {
    return { ...seen, count: Math.max(Math.floor(plan.count / 2), min), changedAtMs: nowMs };
  }
  return seen;
}
