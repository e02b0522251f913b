import { type Created, createMessage } from "../db/new-messages.ts";
import { parseRecipient } from "../domain/phone-number.ts";
import { AppError, invalidField } from "../errors.ts";
import { parseContent } from "../whatsapp/content/parse-content.ts";
import { toBody } from "../whatsapp/content/to-body.ts";
import { needsServiceWindow, payloadOf, type SendContent } from "../whatsapp/outbound/send-content.ts";
import { checkTemplate } from "./check-template.ts";
import { answerNew, concludeSend, type Sent } from "./conclude-send.ts";
import type { ActionContext } from "./context.ts";
import { noChat } from "./require-chat.ts";
import { resolveFile } from "./resolve-file.ts";

export type SendRequest = SendContent & {
  organizationPhoneId: number;
  to?: string | undefined;
  chatId?: number | undefined;
  replyTo?: number | undefined;
  seenSeq?: number | undefined;
};

export type Idempotency = { key: string | null; fingerprint: string };

/**
 * Stores a message, has it sent, and waits up to `waitMs` for Meta's answer. The row exists before Meta is called, and the
 * idempotency key is decided by its unique index, so the same key never makes two messages.
 * Throws `invalid_request`, `not_found`, `window_closed`, `chat_moved_on`, `marketing_stopped`, `rate_limited`, `meta_refused`, and for a key that was used before
 * `idempotency_key_reused` or `idempotency_in_progress`.
 */
export async function sendMessage(
  ctx: ActionContext,
  request: SendRequest,
  idempotency: Idempotency,
  waitMs: number,
): Promise<Sent> {
  const { agent, db, now } = ctx;
  const { organizationPhoneId, to, chatId, replyTo, seenSeq = null, ...asked } = request;
  const recipient = to === undefined ? { phone: null, userId: null } : parseRecipient(to);
  if (!recipient)
    throw invalidField("/to", "to must be a phone number with its country code, or a WhatsApp user id.");
  const { content, mediaId } = await resolveFile(ctx, organizationPhoneId, asked);
  const payload = payloadOf(content);
  const messageContent = parseContent(payload);
  const template =
    content.type === "template"
      ? await checkTemplate(
          ctx,
          organizationPhoneId,
          content.template,
          to === undefined ? null : recipient,
          idempotency.key,
        )
      : { body: null, isMarketing: false };
  const message = {
    organizationId: agent.organizationId,
    organizationPhoneId,
    agentId: agent.id,
    chatId: chatId ?? null,
    ...recipient,
    messageType: payload.type,
    body: template.body ?? toBody(messageContent),
    content: messageContent,
    payload,
    freeText: needsServiceWindow(payload.type),
    isMarketing: template.isMarketing,
    replyToMessageId: replyTo ?? null,
    seenSeq,
    reaction: reactionOf(content),
    mediaId,
    idempotencyKey: idempotency.key,
    fingerprint: idempotency.fingerprint,
    createdAt: now().toISOString(),
  };
  const startedAtMs = Date.now();
  // Without a key it could not be stored again after an answer that did not come.
  const mayLeaveAtOnce = idempotency.key !== null && waitMs > 0;
  const sent = mayLeaveAtOnce ? await ctx.sendAtOnce(message, waitMs) : null;
  if (sent?.created.kind === "created") return answerNew(sent.created.message, sent.settlement);
  const created = sent?.created ?? asOwn(await createMessage(db, message), message.createdAt);
  const leftMs = Math.max(0, waitMs - (Date.now() - startedAtMs));
  switch (created.kind) {
    case "no_phone":
      throw new AppError("not_found", `No such phone: ${organizationPhoneId}.`);
    case "no_chat":
      throw noChat(chatId ?? 0);
    case "no_reaction_target":
      throw invalidField(
        "/reaction/message_id",
        "reaction.message_id must be the wamid of a message of this chat.",
      );
    case "no_reply_target":
      throw invalidField("/replyTo", "replyTo must be a message of this chat that has reached WhatsApp.");
    default:
      return await concludeSend(ctx, created, leftMs);
  }
}

/** What the Sender has stored of this very request counts as created, not as repeated. */
function asOwn(created: Created, createdAt: string): Created {
  if (created.kind !== "repeated" || !created.sameRequest) return created;
  const { message, organizationPhoneId } = created;
  const isOwn = Date.parse(message.createdAt) === Date.parse(createdAt);
  return isOwn ? { kind: "created", message, committed: null, organizationPhoneId } : created;
}

function reactionOf(content: SendContent): { wamid: string; emoji: string | null } | null {
  if (content.type !== "reaction") return null;
  const { message_id: wamid, emoji } = content.reaction;
  return { wamid, emoji: emoji || null };
}
