import { and, eq, sql } from "drizzle-orm";
import type { Message } from "../domain/message.ts";
import type { MessageContent } from "../domain/message-content.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import { messages } from "./message-tables.ts";
import type { Lease, Outgoing, OutgoingRow } from "./outgoing.ts";
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
      /** When it was claimed. */
      outgoing: OutgoingRow | null;
    })
  | { kind: "repeated"; message: MessageRow; sameRequest: boolean; organizationPhoneId: number };

export function toCreated(created: CreatedRows): Created {
  switch (created.kind) {
    case "created": {
      const { kind, message, committed, organizationPhoneId } = created;
      return { kind, message, committed: committed && toCommitted(committed), organizationPhoneId };
    }
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
  return toCreated(await create(db, message, {}));
}

/** The first attempt: what it needs. Null when another message of the chat goes first, and nothing was claimed. */
type Claimed = { created: Created; outgoing: Outgoing | null };

/** Stores a message and claims it for its first attempt, in one transaction. */
export async function createClaimed(db: Db, message: NewMessage, lease: Lease): Promise<Claimed> {
  const made = await create(db, message, lease);
  const outgoing = made.kind === "created" ? made.outgoing : null;
  const { messageType, payload } = message;
  return { created: toCreated(made), outgoing: outgoing && { ...outgoing, messageType, payload } };
}

async function create(db: Db, message: NewMessage, lease: Partial<Lease>): Promise<CreatedRows> {
  const { reaction, ...rest } = message;
  const amending = reaction && { amends: "reaction", emoji: reaction.emoji, reactsTo: reaction.wamid };
  const written = { ...rest, ...amending, ...lease, queueLimit: QUEUE_LIMIT_MESSAGES };
  const { rows } = await db.execute<{ created: CreatedRows }>(
    sql`select create_message(${JSON.stringify(written)}::json) as created`,
  );
  return singleRow(rows).created;
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
