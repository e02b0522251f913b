import type { Created, Settlement } from "../db/outgoing.ts";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Message, MessageError } from "../domain/message.ts";
import { AppError } from "../errors.ts";
import { fixerOf } from "../whatsapp/graph-errors.ts";
import type { ActionContext } from "./context.ts";

/** So long, in seconds, one who comes to a full queue may go away: a quarter of it has left by then. */
const QUEUE_RETRY_AFTER = 30;

/** What a sender is told. `isReplay`: the same request came before, and this is how it ended. */
export type Sent = {
  id: number;
  chatId: number;
  wamid: string | null;
  status: DeliveryStatus;
  isReplay: boolean;
};

/** What was written down, or why it was not, whatever was asked for. */
export type Written = Exclude<Created, { kind: "no_phone" | "no_chat" | "no_reply_target" }>;

/**
 * From a message that was written down, or not, to the answer: has it sent, and waits up to `waitMs` for Meta's answer.
 * Throws `window_closed`, `rate_limited`,
 * `meta_refused`, and for a key that was used before `idempotency_key_reused` or `idempotency_in_progress`.
 */
export async function concludeSend(
  { publish, handOver }: ActionContext,
  created: Written,
  waitMs: number,
): Promise<Sent> {
  switch (created.kind) {
    case "created": {
      const { committed, message, organizationPhoneId } = created;
      await publish(committed);
      const { id, chatId } = message;
      const settlement = await handOver({ organizationPhoneId, chatId, id }, waitMs);
      return answer(message, settlement ?? { status: "queued" }, false);
    }
    case "repeated":
      return repeat(created.message, created.sameRequest);
    case "window_closed":
      throw windowClosed(created.chatId, created.lastInboundAt);
    case "queue_full":
      throw new AppError("rate_limited", "Too many messages of this number wait to be sent.", {
        retryAfter: QUEUE_RETRY_AFTER,
      });
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
  return answer(
    message,
    { status: status ?? "queued", ...(wamid !== null && { wamid }), ...(error && { error }) },
    true,
  );
}

/** Whatever became of it later: the first answer of what Meta has taken is that Meta has taken it. */
function answer({ id, chatId }: Message, { status, wamid, error }: Settlement, isReplay: boolean): Sent {
  if (status === "failed" && wamid === undefined && error) throw refusal(error, { id, chatId }, isReplay);
  const isOpen = status === "queued" || status === "unknown" || status === "unconfirmed";
  return { id, chatId, wamid: wamid ?? null, status: isOpen ? status : "accepted", isReplay };
}

/** 422 where the agent or the caller can mend it, 502 where an admin or Meta must. */
function refusal(
  { title, advice, detail, metaCode, fbtraceId, code }: MessageError,
  { id: messageId, chatId }: Pick<Message, "id" | "chatId">,
  isReplay: boolean,
) {
  const who = fixerOf(code);
  return new AppError("meta_refused", detail ? `${advice} Meta says: ${detail}` : advice, {
    title,
    status: who === "agent" || who === "developers" ? 422 : 502,
    messageId,
    chatId,
    isReplay,
    ...(metaCode !== null && { meta: { code: metaCode, subcode: null, details: detail, fbtraceId } }),
  });
}

function windowClosed(chatId: number, lastInboundAt: string): AppError {
  const detail = `The customer last wrote at ${lastInboundAt}: use a template message.`;
  return new AppError("window_closed", detail, { chatId });
}
