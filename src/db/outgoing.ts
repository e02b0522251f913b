import { and, eq, getTableColumns, sql } from "drizzle-orm";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Message, MessageError } from "../domain/message.ts";
import type { Db } from "./client.ts";
import type { Committed } from "./committed.ts";
import { messages } from "./message-tables.ts";

export type NewMessage = {
  organizationId: number;
  organizationPhoneId: number;
  agentId: number;
  /** The chat; or null, and then the recipient by `phone` or `userId`. */
  chatId: number | null;
  phone: string | null;
  userId: string | null;
  messageType: string;
  body: string;
  /** Meta's object: its `type`, and what belongs to it under that name. */
  payload: Record<string, unknown>;
  /** Free text: refused once the 24 hours are known to be over. */
  freeText: boolean;
  replyToMessageId: number | null;
  idempotencyKey: string | null;
  fingerprint: string;
  createdAt: string;
};

export type Created =
  | { kind: "created"; message: Message; committed: Committed }
  /** The idempotency key was used before. */
  | { kind: "repeated"; message: Message; sameRequest: boolean }
  | { kind: "window_closed"; chatId: number; lastInboundAt: string }
  | { kind: "no_phone" | "no_chat" | "no_reply_target" };

/** Writes a message down as `queued`, before anybody sends it. The contact and the chat are made when they are new. */
export async function createMessage(db: Db, message: NewMessage): Promise<Created> {
  const { rows } = await db.execute<{ created: Created }>(
    sql`select create_message(${JSON.stringify(message)}::json) as created`,
  );
  return one(rows).created;
}

/** What a send needs to know, read with the claim in one transaction: the newest token, never a remembered one. */
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
  /** Whether the customer has ever written to this number: decides what a refusal by Meta means. */
  hasWritten: boolean;
};

/**
 * Takes a message for one attempt: only the holder of `claimId` may call Graph for it. Null when another attempt has
 * it, or it has gone its way. Repeated with the same claim after a lost answer, it gives null: the lease then decides.
 */
export async function claimMessage(
  db: Db,
  messageId: number,
  claimId: string,
  leaseUntil: Date,
): Promise<{ committed: Committed; outgoing: Outgoing } | null> {
  const lease = leaseUntil.toISOString();
  const [claimed, found] = await db.batch([
    db.execute<{ committed: Committed | null }>(
      sql`select advance_message(${messageId}::int, '{queued,sending}', null, 'sending', null, null, ${claimId}, ${lease}::timestamptz, null) as committed`,
    ),
    db.execute<{
      outgoing: Outgoing;
    }>(sql`select json_build_object('chatId', m."chatId", 'messageType', m."messageType",
        'payload', m.payload, 'replyToWamid', m."refersTo", 'epoch', (select epoch from "Epoch"), 'phone', k.phone,
        'userId', k."userId", 'groupId', k."groupId", 'attempts', m.attempts, 'hasWritten', c."lastInboundAt" is not null) as outgoing
      from "Message" m join "Chat" c on c.id = m."chatId" join "Contact" k on k.id = c."contactId" where m.id = ${messageId}`),
  ]);
  const committed = claimed.rows[0]?.committed;
  return committed ? { committed, outgoing: one(found.rows).outgoing } : null;
}

export type Settlement = {
  status: DeliveryStatus;
  wamid?: string;
  error?: MessageError;
  /** When it is due again: `sending` to be tried once more, `unknown` to be given up as `unconfirmed`. */
  dueAt?: Date;
};

/**
 * Records how an attempt ended, if the claim still holds; null otherwise. A higher status that a webhook brought
 * meanwhile stays.
 */
export async function settleMessage(
  db: Db,
  messageId: number,
  claimId: string,
  { status, wamid, error, dueAt }: Settlement,
): Promise<Committed | null> {
  const failure = error ? JSON.stringify(error) : null;
  const due = dueAt?.toISOString() ?? null;
  const { rows } = await db.execute<{ committed: Committed | null }>(
    sql`select advance_message(${messageId}::int, null, ${claimId}, ${status}, ${wamid ?? null}, ${failure}::jsonb,
      null, null, ${due}::timestamptz) as committed`,
  );
  return one(rows).committed;
}

/** Gives up waiting for word of a message whose fate is unknown. A status that comes later still wins. */
export async function giveUpMessage(db: Db, messageId: number): Promise<Committed | null> {
  const { rows } = await db.execute<{ committed: Committed | null }>(
    sql`select advance_message(${messageId}::int, '{unknown}', null, 'unconfirmed', null, null, null, null, null) as committed`,
  );
  return one(rows).committed;
}

export type Unsettled = {
  id: number;
  chatId: number;
  status: "queued" | "sending" | "unknown";
  claimId: string | null;
  leaseUntil: Date | null;
  dueAt: Date | null;
};

/** The messages of a number that have not come to rest, oldest first. */
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

/** The numbers that have such messages. */
export async function unsettledPhones(db: Db): Promise<number[]> {
  const { organizationPhoneId } = messages;
  const rows = await db.selectDistinct({ organizationPhoneId }).from(messages).where(unsettled);
  return rows.map((row) => row.organizationPhoneId);
}

// Word for word the condition of the partial index.
const unsettled = sql`status in ('queued', 'sending', 'unknown')`;

function one<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error("a statement that always gives a row gave none");
  return row;
}
