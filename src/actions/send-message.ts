import { createMessage } from "../db/outgoing.ts";
import { parseRecipient } from "../domain/phone-number.ts";
import { AppError } from "../errors.ts";
import { bodyOf } from "../whatsapp/message-content.ts";
import { concludeSend, type Sent } from "./conclude-send.ts";
import type { ActionContext } from "./context.ts";
import { noChat } from "./require-chat.ts";

export type SendRequest = {
  organizationPhoneId: number;
  to?: string | undefined;
  chatId?: number | undefined;
  message: string;
  replyTo?: number | undefined;
};

export type Idempotency = { key: string | null; fingerprint: string };

/**
 * Writes a text down, has it sent, and waits up to `waitMs` for Meta's answer. The row exists before Meta is called, and the
 * idempotency key is decided by its unique index, so the same key never makes two messages.
 * Throws `invalid_request`, `not_found`, `window_closed`, `rate_limited`, `meta_refused`, and for a key that was used before
 * `idempotency_key_reused` or `idempotency_in_progress`.
 */
export async function sendMessage(
  ctx: ActionContext,
  request: SendRequest,
  idempotency: Idempotency,
  waitMs: number,
): Promise<Sent> {
  const { agent, db, now } = ctx;
  const { organizationPhoneId, chatId, message, replyTo } = request;
  const recipient = request.to === undefined ? { phone: null, userId: null } : parseRecipient(request.to);
  if (!recipient)
    throw invalid("/to", "to must be a phone number with its country code, or a WhatsApp user id.");
  const payload = { type: "text", text: { body: message } };
  const created = await createMessage(db, {
    organizationId: agent.organizationId,
    organizationPhoneId,
    agentId: agent.id,
    chatId: chatId ?? null,
    ...recipient,
    messageType: "text",
    body: bodyOf(payload),
    payload,
    freeText: true,
    replyToMessageId: replyTo ?? null,
    idempotencyKey: idempotency.key,
    fingerprint: idempotency.fingerprint,
    createdAt: now().toISOString(),
  });
  switch (created.kind) {
    case "no_phone":
      throw new AppError("not_found", `There is no number ${organizationPhoneId}.`);
    case "no_chat":
      throw noChat(chatId ?? 0);
    case "no_reply_target":
      throw invalid("/replyTo", "replyTo must be a message of this chat that has reached WhatsApp.");
    default:
      return await concludeSend(ctx, created, waitMs);
  }
}

function invalid(pointer: string, detail: string): AppError {
  return new AppError("invalid_request", detail, { errors: [{ pointer, code: "invalid", detail }] });
}
