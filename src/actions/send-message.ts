import { createMessage, type Settlement } from "../db/outgoing.ts";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Message, MessageError } from "../domain/message.ts";
import { parseRecipient } from "../domain/phone-number.ts";
import { AppError } from "../errors.ts";
import { fixerOf } from "../whatsapp/graph-errors.ts";
import { bodyOf } from "../whatsapp/message-content.ts";
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

/** What a sender is told. `isReplay`: the same request came before, and this is how it ended. */
export type Sent = {
  id: number;
  chatId: number;
  wamid: string | null;
  status: DeliveryStatus;
  isReplay: boolean;
};

/**
 * Writes a text down, has it sent, and waits up to `waitMs` for Meta's answer. The row exists before Meta is called, and the
 * idempotency key is decided by its unique index, so the same key never makes two messages.
 * Throws `invalid_request`, `not_found`, `window_closed`, `meta_refused`, and for a key that was used before
 * `idempotency_key_reused` or `idempotency_in_progress`.
 */
export async function sendMessage(
  ctx: ActionContext,
  request: SendRequest,
  idempotency: Idempotency,
  waitMs: number,
): Promise<Sent> {
  const { agent, db, now, publish, handOver } = ctx;
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
    case "created": {
      await publish(created.committed);
      const { id, chatId } = created.message;
      const settlement = await handOver({ organizationPhoneId, chatId, id }, waitMs);
      return answer(created.message, settlement ?? { status: "queued" }, false);
    }
    case "repeated":
      return repeat(created.message, created.sameRequest);
    case "window_closed":
      throw windowClosed(created.chatId, created.lastInboundAt);
    case "no_phone":
      throw new AppError("not_found", `There is no number ${organizationPhoneId}.`);
    case "no_chat":
      throw noChat(chatId ?? 0);
    case "no_reply_target":
      throw invalid("/replyTo", "replyTo must be a message of this chat that has reached WhatsApp.");
  }
}

/** The first answer again. What is still under way has none yet. */
function repeat(message: Message, sameRequest: boolean): Sent {
  if (!sameRequest) throw new AppError("idempotency_key_reused", "This key came with another body before.");
  const { status, error, wamid } = message;
  if (status === "queued" || status === "sending") {
    throw new AppError("idempotency_in_progress", "Ask again in a moment.", {
      messageId: message.id,
      chatId: message.chatId,
      retryAfter: 1,
    });
  }
  const refused = status === "failed" && wamid === null && error !== null;
  if (refused) return answer(message, { status, error }, true);
  if (status === "unknown" || status === "unconfirmed") return answer(message, { status }, true);
  return answer(message, { status: "accepted", ...(wamid && { wamid }) }, true);
}

function answer({ id, chatId }: Message, { status, wamid, error }: Settlement, isReplay: boolean): Sent {
  if (status === "failed" && error) throw refusal(error, id, chatId);
  return { id, chatId, wamid: wamid ?? null, status, isReplay };
}

/** 422 where the agent or the caller can mend it, 502 where an admin or Meta must. */
function refusal(
  { title, advice, detail, metaCode, fbtraceId, code }: MessageError,
  messageId: number,
  chatId: number,
) {
  const who = fixerOf(code);
  return new AppError("meta_refused", detail ? `${advice} Meta says: ${detail}` : advice, {
    title,
    status: who === "agent" || who === "developers" ? 422 : 502,
    messageId,
    chatId,
    ...(metaCode !== null && { meta: { code: metaCode, subcode: null, details: detail, fbtraceId } }),
  });
}

function windowClosed(chatId: number, lastInboundAt: string): AppError {
  const detail = `The customer last wrote at ${lastInboundAt}: use a template message.`;
  return new AppError("window_closed", detail, { chatId });
}

function invalid(pointer: string, detail: string): AppError {
  return new AppError("invalid_request", detail, { errors: [{ pointer, code: "invalid", detail }] });
}
