import { and, eq, getTableColumns, sql } from "drizzle-orm";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Message, MessageError } from "../domain/message.ts";
import type { ServiceWindow } from "../domain/service-window.ts";
import type { AttemptRecord } from "../domain/trace.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import type { CommittedIdentityRows } from "./identities.ts";
import { messages } from "./message-tables.ts";
import type { PhoneCredentials } from "./organization-phones.ts";

/** The right to make one attempt: only the holder of `claimId` may call Graph, and only until `leaseUntil`. */
export type Lease = { claimId: string; leaseUntil: Date };

/** What an attempt needs, read in the transaction that claims the message: the current token, never a cached one. */
export type Outgoing = OutgoingRow & Content;

/** What is sent: Meta's object, with its content under the name of its type. */
type Content = { messageType: string; payload: Record<string, unknown> };

/** The same as the SQL function `outgoing_json` returns it. */
export type OutgoingRow = {
  organizationId: number;
  chatId: number;
  replyToWamid: string | null;
  epoch: string;
  phone: string | null;
  userId: string | null;
  groupId: string | null;
  attempts: number;
  /** Decides what it means when Meta refuses free text. */
  window: ServiceWindow;
  credentials: PhoneCredentials;
};

export type Claim =
  | { kind: "claimed"; committed: Committed | null; outgoing: Outgoing }
  /** This earlier message of the chat must be attempted first. */
  | { kind: "blocked"; messageId: number }
  /** Another attempt holds the lease, until then. */
  | { kind: "leased"; claimId: string; until: string }
  /** The next attempt is due then. */
  | { kind: "deferred"; until: string }
  /** It was attempted before, and this is its state. */
  | ({ kind: "settled"; status: DeliveryStatus } & Pick<Message, "wamid" | "messageStatus" | "error">);

type ClaimRows =
  | Exclude<Claim, { kind: "claimed" }>
  | ({ kind: "claimed"; committed: CommittedRows | null; outgoing: OutgoingRow } & Content);

/**
 * Claims a message for one attempt: only the holder of `claimId` may call Graph for it. Called again with the same claim, after
 * a lost answer, it returns `claimed` again, without `committed`.
 */
export async function claimMessage(
  db: Db,
  messageId: number,
  { claimId, leaseUntil }: Lease,
  now: Date,
): Promise<Claim> {
  const { rows } = await db.execute<{ claim: ClaimRows }>(
    sql`select claim_message(${messageId}::int, ${claimId}, ${now.toISOString()}::timestamptz,
      ${leaseUntil.toISOString()}::timestamptz) as claim`,
  );
  const { claim } = singleRow(rows);
  if (claim.kind !== "claimed") return claim;
  const { kind, committed, messageType, payload } = claim;
  const outgoing = { ...claim.outgoing, messageType, payload };
  return { kind, committed: committed && toCommitted(committed), outgoing };
}

export type Settlement = {
  status: DeliveryStatus;
  wamid?: string;
  /** Whom Meta knows under the address that we sent to. */
  recipient?: { phone: string | null; userId: string | null };
  /** Meta's `message_status`: `accepted`, `held_for_quality_assessment` or `paused`. */
  messageStatus?: string | null;
  error?: MessageError;
  /** When it is due again: `sending` for another attempt, `unknown` to become `unconfirmed`. */
  dueAt?: Date;
  /** What Graph answered, for the trace. */
  attempt?: AttemptRecord;
};

/**
 * Records the end of an attempt, if the claim still holds, and returns what is to be published: null when that is nothing. A
 * higher status that a webhook brought meanwhile stays.
 */
export async function settleMessage(
  db: Db,
  messageId: number,
  claimId: string,
  { status, wamid, recipient, messageStatus, error, dueAt, attempt }: Settlement,
): Promise<Committed | null> {
  const failure = error ? JSON.stringify(error) : null;
  const due = dueAt?.toISOString() ?? null;
  const answered = attempt ? JSON.stringify(attempt) : null;
  const accepted = wamid === undefined ? null : JSON.stringify({ wamid, ...recipient, messageStatus });
  const { rows } = await db.execute<{ advanced: AdvancedRows | null }>(
    sql`select advance_message(${messageId}::int, null, ${claimId}, ${status}, ${accepted}::jsonb, ${failure}::jsonb,
      ${due}::timestamptz, ${answered}::jsonb) as advanced`,
  );
  return toAdvanced(singleRow(rows).advanced);
}

/** What the SQL function `advance_message` returns. */
type AdvancedRows = { committed: CommittedRows | null; settled: CommittedIdentityRows | null };

function toAdvanced(advanced: AdvancedRows | null): Committed | null {
  // Merges last: they have the newest rows of their chats.
  const parts = [advanced?.committed, advanced?.settled?.committed].flatMap((rows) =>
    rows ? [toCommitted(rows)] : [],
  );
  if (parts.length === 0) return null;
  return { events: parts.flatMap(({ events }) => events), chats: parts.flatMap(({ chats }) => chats) };
}

/** Ends the wait for the status of an `unknown` message. A later status still wins. */
export async function giveUpMessage(db: Db, messageId: number): Promise<Committed | null> {
  const { rows } = await db.execute<{ advanced: AdvancedRows | null }>(
    sql`select advance_message(${messageId}::int, '{unknown}', null, 'unconfirmed', null, null, null, null) as advanced`,
  );
  return toAdvanced(singleRow(rows).advanced);
}

export type Unsettled = {
  id: number;
  chatId: number;
  status: "queued" | "sending" | "unknown";
  claimId: string | null;
  leaseUntil: Date | null;
  dueAt: Date | null;
};

/** The messages of a number that are queued, being sent or `unknown`, oldest first. */
export async function unsettledMessages(
  db: Db,
  organizationPhoneId: number,
  limit: number,
): Promise<Unsettled[]> {
  const { id, chatId, status, claimId, leaseUntil, nextAttemptAt } = getTableColumns(messages);
  return await db
    .select({
      id,
      chatId,
      status: sql<Unsettled["status"]>`${status}`,
      claimId,
      leaseUntil,
      dueAt: nextAttemptAt,
    })
    .from(messages)
    .where(and(eq(messages.organizationPhoneId, organizationPhoneId), unsettled))
    .orderBy(id)
    .limit(limit);
}

/** The business numbers with such messages. */
export async function unsettledPhones(db: Db): Promise<number[]> {
  const { organizationPhoneId } = messages;
  const rows = await db.selectDistinct({ organizationPhoneId }).from(messages).where(unsettled);
  return rows.map((row) => row.organizationPhoneId);
}

/** Exactly the predicate of the partial index. */
export const unsettled = sql`status in ('queued', 'sending', 'unknown')`;
