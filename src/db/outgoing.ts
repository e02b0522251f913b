import { and, eq, getTableColumns, sql } from "drizzle-orm";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Message, MessageError } from "../domain/message.ts";
import type { MessageContent } from "../domain/message-content.ts";
import type { ServiceWindow } from "../domain/service-window.ts";
import type { AttemptRecord } from "../domain/trace.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import type { CommittedIdentityRows } from "./identities.ts";
import { messages } from "./message-tables.ts";
import type { PhoneCredentials } from "./organization-phones.ts";
import { type MessageRow, toMessage } from "./rows.ts";

export type NewMessage = {
  organizationId: number;
  organizationPhoneId: number;
  agentId: number;
  /** The chat; when null, the recipient is given by `phone` or `userId`. */
  chatId: number | null;
  phone: string | null;
  userId: string | null;
  messageType: string;
  body: string;
  /** Meta's object: its `type`, and its content under that name. */
  payload: Record<string, unknown>;
  content: MessageContent;
  /** Free text: refused once the customer service window is known to be closed. */
  freeText: boolean;
  /** Refused when a colleague's message has a higher number. */
  seenSeq?: number | null;
  /** Refused for a customer who has opted out of marketing. */
  isMarketing?: boolean;
  replyToMessageId: number | null;
  /** A reaction: to which wamid of the chat, and which emoji; null when it takes the reaction back. */
  reaction: { wamid: string; emoji: string | null } | null;
  /** A stored file to send along. */
  mediaId?: number | null;
  idempotencyKey: string | null;
  fingerprint: string;
  createdAt: string;
};

/** A number with this many messages waiting accepts no more. */
export const QUEUE_LIMIT_MESSAGES = 10_000;

/** The right to make one attempt: only the holder of `claimId` may call Graph, and only until `leaseUntil`. */
export type Lease = { claimId: string; leaseUntil: Date };

export type Created =
  | {
      kind: "created";
      message: Pick<Message, "id" | "chatId">;
      /** Null when neither the chat nor an inbox is watched. */
      committed: Committed | null;
      organizationPhoneId: number;
    }
  /** The idempotency key was used before. */
  | { kind: "repeated"; message: Message; sameRequest: boolean; organizationPhoneId: number }
  | { kind: "window_closed"; chatId: number; lastInboundAt: string }
  /** The customer opted out of marketing at that time, as Meta reported. */
  | { kind: "marketing_stopped"; chatId: number; stoppedAt: string }
  /** The colleagues' messages above `seenSeq`, at most 20. */
  | { kind: "chat_moved_on"; chatId: number; head: number; unseen: Message[] }
  /** The number has `QUEUE_LIMIT_MESSAGES` waiting. */
  | { kind: "queue_full" }
  /** The number was disconnected. */
  | { kind: "phone_disconnected" }
  | { kind: "no_phone" | "no_chat" | "no_reply_target" | "no_reaction_target" };

/** The same as the SQL functions return it. */
export type CreatedRows =
  | Exclude<Created, { kind: "created" | "repeated" | "chat_moved_on" }>
  | { kind: "chat_moved_on"; chatId: number; head: number; unseen: MessageRow[] }
  | (Omit<Extract<Created, { kind: "created" }>, "committed"> & {
      committed: CommittedRows | null;
    })
  | { kind: "repeated"; message: MessageRow; sameRequest: boolean; organizationPhoneId: number };

export function toCreated(created: CreatedRows): Created {
  switch (created.kind) {
    case "created":
      return {
        ...created,
        committed: created.committed && toCommitted(created.committed),
      };
    case "repeated":
      return { ...created, message: toMessage(created.message) };
    case "chat_moved_on":
      return { ...created, unseen: created.unseen.map(toMessage) };
    default:
      return created;
  }
}

/** Stores a message as `queued`, before it is sent. The contact and the chat are created when they are new. */
export async function createMessage(db: Db, message: NewMessage): Promise<Created> {
  const { reaction, ...rest } = message;
  const amending = reaction && { amends: "reaction", emoji: reaction.emoji, reactsTo: reaction.wamid };
  const written = { ...rest, ...amending, queueLimit: QUEUE_LIMIT_MESSAGES };
  const { rows } = await db.execute<{ created: CreatedRows }>(
    sql`select create_message(${JSON.stringify(written)}::json) as created`,
  );
  return toCreated(singleRow(rows).created);
}

/** Whether this agent has already created a message under this key. */
export async function isKeyUsed(db: Db, agentId: number, key: string): Promise<boolean> {
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.agentId, agentId), eq(messages.idempotencyKey, key)))
    .limit(1);
  return rows.length > 0;
}

/** What an attempt needs, read in the transaction that claims the message: the current token, never a cached one. */
export type Outgoing = {
  chatId: number;
  messageType: string;
  payload: Record<string, unknown>;
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
  | { kind: "claimed"; committed: CommittedRows | null; outgoing: Outgoing };

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
  return { ...claim, committed: claim.committed && toCommitted(claim.committed) };
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
