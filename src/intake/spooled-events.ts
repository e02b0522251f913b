import {
  type Shard,
  SPOOLS,
  type SpooledDetails,
  type SpooledRetry,
  type SpooledSummary,
  type SpoolPlace,
  spooledIdOf,
  spoolPlaceOf,
} from "../domain/spooled-event.ts";
import { AppError } from "../errors.ts";
import { errorName, log } from "../log.ts";
import { orTimeout } from "../with-timeout.ts";
import { shardNamed, shardsInUse } from "./shards.ts";
import type { DeskEvent } from "./spool-desk.ts";

/** Longer than a call to Postgres may take. */
const ANSWER_LIMIT_MS = 15_000;

/** A page, and where the next one begins: after this place. Null at the end. */
export type SpooledPage = { events: SpooledSummary[]; next: SpoolPlace | null };

/**
 * The spooled events of these numbers after a place, shard by shard. A page may hold fewer than `limit`, or none, and have a next
 * one: each call reads a bounded part of a spool. Like the functions below it throws `unavailable` when a shard does not answer.
 */
export async function spooledEventsAfter(
  env: Env,
  phoneNumberIds: string[],
  after: SpoolPlace | null,
  limit: number,
): Promise<SpooledPage> {
  const shards = await answered(shardsInUse(env));
  const events: SpooledSummary[] = [];
  let place = after ?? startOf(shards[0]);
  while (place !== null) {
    const { generation, shard, spool, row }: SpoolPlace = place;
    const intake = shardNamed(env, shard, generation);
    const query = { spool, phoneNumberIds };
    const part = await answered(intake.spooledEvents(query, row, limit - events.length));
    events.push(...part.events.map((event) => summaryOf(event, { generation, shard, spool, row: event.id })));
    if (part.nextRow !== null) return { events, next: { generation, shard, spool, row: part.nextRow } };
    place = nextSpool(place, shards);
  }
  return { events, next: null };
}

/** One of them; null where there is none of these numbers. */
export async function spooledEvent(
  env: Env,
  phoneNumberIds: string[],
  id: number,
): Promise<SpooledDetails | null> {
  const place = await placeInUse(env, id);
  if (!place) return null;
  const query = { spool: place.spool, phoneNumberIds };
  const found = await answered(shardNamed(env, place.shard, place.generation).spooledEvent(query, place.row));
  return found && { ...summaryOf(found, place), source: found.source };
}

/** Tries to store it now; null where there is none of these numbers. */
export async function retrySpooled(
  env: Env,
  phoneNumberIds: string[],
  id: number,
): Promise<SpooledRetry | null> {
  const place = await placeInUse(env, id);
  if (!place) return null;
  const query = { spool: place.spool, phoneNumberIds };
  return await answered(shardNamed(env, place.shard, place.generation).retrySpooled(query, place.row));
}

/** Takes it out for good; false where there is none of these numbers, null while it is being stored. */
export async function removeSpooled(env: Env, phoneNumberIds: string[], id: number): Promise<boolean | null> {
  const place = await placeInUse(env, id);
  if (!place) return false;
  const query = { spool: place.spool, phoneNumberIds };
  return await answered(shardNamed(env, place.shard, place.generation).removeSpooled(query, place.row));
}

/** A call of a shard that was never used would create it. */
async function placeInUse(env: Env, id: number): Promise<SpoolPlace | null> {
  const place = spoolPlaceOf(id);
  return (await answered(shardsInUse(env))).some(isShardOf(place)) ? place : null;
}

async function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await orTimeout(ANSWER_LIMIT_MS, asked, "a shard did not answer in time");
  } catch (error) {
    log("request_failed", { route: "spooled events", error: errorName(error) });
    throw new AppError("unavailable", "A part of the spool does not answer. Try again.", { retryAfter: 5 });
  }
}

function nextSpool(place: SpoolPlace, shards: Shard[]): SpoolPlace | null {
  if (place.spool !== SPOOLS.at(-1)) return { ...place, spool: "imports", row: 0 };
  const at = shards.findIndex(isShardOf(place));
  return at === -1 ? null : startOf(shards[at + 1]);
}

function startOf(shard: Shard | undefined): SpoolPlace | null {
  return shard ? { ...shard, spool: SPOOLS[0], row: 0 } : null;
}

function isShardOf(place: SpoolPlace) {
  return ({ generation, shard }: Shard) => generation === place.generation && shard === place.shard;
}

function summaryOf(event: DeskEvent, place: SpoolPlace): SpooledSummary {
  const { kind, phoneNumberId, tries, spooledAtMs, dueAtMs } = event;
  return {
    id: spooledIdOf(place),
    kind,
    phoneNumberId,
    isHistory: place.spool === "imports",
    tries,
    spooledAt: new Date(spooledAtMs).toISOString(),
    dueAt: dueAtMs === 0 ? null : new Date(dueAtMs).toISOString(),
  };
}
