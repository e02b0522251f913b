import { sql } from "drizzle-orm";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Message, MessageError } from "../domain/message.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import { type Created, type CreatedRows, QUEUE_LIMIT_MESSAGES, toCreated } from "./new-messages.ts";
import { type MessageRow, toMessage } from "./rows.ts";

/** The message's error from then on, until a status replaces it. */
export type DecisionText = Pick<MessageError, "code" | "title" | "advice">;

export type Undecided =
  /** The organization has no such message, or we did not send it. */
  | { kind: "no_message" }
  /** Its delivery is known, or an agent has already decided. */
  | { kind: "not_open"; status: DeliveryStatus };

/** A message to be sent again, for an agent and under an idempotency key. `retryableReasons`: of a failed one. */
export type Resend = {
  messageId: number;
  organizationId: number;
  agentId: number;
  idempotencyKey: string | null;
  fingerprint: string;
  createdAt: string;
  retryableReasons: readonly string[];
  text: DecisionText;
};

/** Stores a copy as a new message, and the decision on the old one, in one transaction. */
export async function createResend(db: Db, resend: Resend): Promise<Created | Undecided> {
  const { messageId, retryableReasons, text, ...created } = resend;
  const wanted = JSON.stringify({ ...created, queueLimit: QUEUE_LIMIT_MESSAGES });
  const { rows } = await db.execute<{ made: CreatedRows | Undecided }>(
    sql`select resend_message(${wanted}::json, ${messageId}::int,
      array(select json_array_elements_text(${JSON.stringify(retryableReasons)}::json)), ${JSON.stringify(text)}::jsonb) as made`,
  );
  const { made } = singleRow(rows);
  return made.kind === "no_message" || made.kind === "not_open" ? made : toCreated(made);
}

export type Discarded = { kind: "discarded"; message: Message; committed: Committed } | Undecided;

/** Stops the wait for an `unconfirmed` message. A later status still wins. Repeating it changes nothing. */
export async function discardUnconfirmed(
  db: Db,
  messageId: number,
  { organizationId, agentId, text }: { organizationId: number; agentId: number; text: DecisionText },
): Promise<Discarded> {
  type Rows = { kind: "discarded"; message: MessageRow; committed: CommittedRows };
  const { rows } = await db.execute<{ discarded: Rows | Undecided }>(
    sql`select discard_message(${messageId}::int, ${organizationId}::int, ${agentId}::int,
      ${JSON.stringify(text)}::jsonb) as discarded`,
  );
  const { discarded } = singleRow(rows);
  if (discarded.kind !== "discarded") return discarded;
  const { kind, message, committed } = discarded;
  return { kind, message: toMessage(message), committed: toCommitted(committed) };
}
