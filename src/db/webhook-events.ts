import { and, count, desc, eq, gte, isNotNull, isNull, lt, max, min, or, sql } from "drizzle-orm";
import type { InboundEvent, UnreadReason } from "../domain/inbound-event.ts";
import type { Db } from "./client.ts";
import { webhookEvents } from "./webhook-tables.ts";

/** A row of "WebhookEvent", without its content. */
export type StoredEvent = {
  id: number;
  phoneNumberId: string | null;
  wabaId: string | null;
  field: string | null;
  reason: UnreadReason | null;
  receivedAt: string;
  appliedAt: string | null;
};

const { id, phoneNumberId, wabaId, field, reason, receivedAt, appliedAt } = webhookEvents;

/** An organization's stored events, newest first, below an id. `unread`: only those with a reason that are not applied. */
export async function pageOfStoredEvents(
  db: Db,
  organizationId: number,
  { unread }: { unread: boolean },
  before: number | null,
  limit: number,
): Promise<StoredEvent[]> {
  const rows = await db
    .select({ id, phoneNumberId, wabaId, field, reason, receivedAt, appliedAt })
    .from(webhookEvents)
    .where(
      and(
        isOf(organizationId),
        unread ? and(isNotNull(reason), isNull(appliedAt)) : undefined,
        before === null ? undefined : lt(id, before),
      ),
    )
    .orderBy(desc(id))
    .limit(limit);
  return rows.map((row) => ({
    ...row,
    receivedAt: row.receivedAt.toISOString(),
    appliedAt: row.appliedAt?.toISOString() ?? null,
  }));
}

/**
 * A stored event as a webhook body, to be submitted again. Null when there is none. With a null organization, for operators: of
 * any organization, or of none.
 */
export async function bodyOfStoredEvent(
  db: Db,
  key: { id: number; organizationId: number | null },
): Promise<Uint8Array | null> {
  const [row] = await db
    .select({ text: sql<string | null>`payload::text`, raw: sql<string | null>`encode(raw, 'base64')` })
    .from(webhookEvents)
    .where(and(eq(id, key.id), key.organizationId === null ? undefined : isOf(key.organizationId)));
  if (!row) return null;
  if (row.text !== null) return new TextEncoder().encode(row.text);
  return Uint8Array.from(atob((row.raw ?? "").replaceAll("\n", "")), (character) => character.charCodeAt(0));
}

/**
 * Marks a stored event as applied when each of its `events` is stored as a message or a status, or was applied. Returns whether
 * it is applied. The first time stays.
 */
export async function markApplied(db: Db, eventId: number, events: InboundEvent[]): Promise<boolean> {
  if (events.some((event) => event.kind === "notice" && !event.parsed)) return false;
  const wanted = events.map((event) =>
    event.kind === "notice"
      ? { source: event.source }
      : {
          phoneNumberId: event.phoneNumberId,
          wamid: event.wamid,
          ...(event.kind === "status" && { status: event.status, participant: event.participant }),
        },
  );
  const { rows } = await db.execute<{ applied: boolean }>(sql`
    with missing as (
      select from json_to_recordset(${JSON.stringify(wanted)}::json)
          w("phoneNumberId" text, wamid text, status text, participant text, source text)
        left join "OrganizationPhone" p on p."wabaPhoneNumberId" = w."phoneNumberId"
      where case when w.source is not null
        then not exists (select from "WebhookEvent" e where e."appliedAt" is not null
          and e.hash = encode(sha256(convert_to(w.source, 'UTF8')), 'hex'))
        when w.status is null
        then not exists (select from "Message" m where m."organizationPhoneId" = p.id and m.wamid = w.wamid)
        else not exists (select from "MessageStatus" s where s."organizationPhoneId" = p.id and s.wamid = w.wamid
          and s.status = w.status and s.participant = w.participant) end),
    marked as (
      update "WebhookEvent" set "appliedAt" = now()
      where id = ${eventId}::int and "appliedAt" is null and not exists (select from missing))
    select not exists (select from missing) as applied`);
  return rows[0]?.applied ?? false;
}

/** The ids of events received from `start` until before `end`, oldest first. For operators: of every organization, and of none. */
export async function storedEventsBetween(db: Db, start: Date, end: Date): Promise<number[]> {
  const rows = await db
    .select({ id })
    .from(webhookEvents)
    .where(and(gte(receivedAt, start), lt(receivedAt, end)))
    .orderBy(id);
  return rows.map((row) => row.id);
}

/** Events that came for a number before it was added, and are not applied. */
function isEarlierOf(number: string) {
  return and(
    eq(phoneNumberId, number),
    eq(reason, "unknown_number"),
    isNull(appliedAt),
    isNull(webhookEvents.organizationId),
  );
}

/** How many there are, and from when. */
export async function earlierEventsOf(db: Db, number: string) {
  const [row] = await db
    .select({ count: count(), oldest: min(receivedAt), newest: max(receivedAt) })
    .from(webhookEvents)
    .where(isEarlierOf(number));
  const { count: total = 0, oldest = null, newest = null } = row ?? {};
  return {
    count: total,
    oldestAt: oldest?.toISOString() ?? null,
    newestAt: newest?.toISOString() ?? null,
  };
}

/** The oldest of them. */
export async function earlierEventIds(db: Db, number: string, limit: number): Promise<number[]> {
  const rows = await db
    .select({ id })
    .from(webhookEvents)
    .where(isEarlierOf(number))
    .orderBy(id)
    .limit(limit);
  return rows.map((row) => row.id);
}

/**
 * When the account last sent an event for a number that is not connected, among the newest stored events. A message's account stands in
 * its payload alone: the column would make it the account's organization's.
 */
export async function lastInboundOfOthers(db: Db, accountId: string): Promise<string | null> {
  const { rows } = await db.execute<{ at: string | null }>(sql`
    select rfc3339(max(e."receivedAt")) as at from (
      select * from "WebhookEvent" order by id desc limit 200) e
    where coalesce(e."wabaId", e.payload #>> '{entry,0,id}') = ${accountId} and e.reason = 'unknown_number' and e."appliedAt" is null`);
  return rows[0]?.at ?? null;
}

/** An event from before its number or account was connected belongs to the organization that has it now. */
function isOf(organizationId: number) {
  return or(
    eq(webhookEvents.organizationId, organizationId),
    and(
      isNull(webhookEvents.organizationId),
      or(
        sql`${phoneNumberId} in (select p."wabaPhoneNumberId" from "OrganizationPhone" p where p."organizationId" = ${organizationId}::int)`,
        // An account that several organizations share also reports the others' numbers; and what names a number that was not
        // found may be about anybody's.
        sql`(${phoneNumberId} is null and ${reason} is distinct from 'unknown_number' and ${organizationId}::int = all (select p."organizationId" from "OrganizationPhone" p where p."wabaId" = ${wabaId})
          and ${wabaId} in (select p."wabaId" from "OrganizationPhone" p where p."organizationId" = ${organizationId}::int))`,
      ),
    ),
  );
}
