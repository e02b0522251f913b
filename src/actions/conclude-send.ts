import type { Created } from "../db/new-messages.ts";
import type { Settlement } from "../db/outgoing.ts";
import { templatesForChat } from "../db/templates.ts";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Message } from "../domain/message.ts";
import { toFrameMessage } from "../domain/truncated-message.ts";
import { AppError } from "../errors.ts";
import { metaRefused } from "../phones/graph-refusal.ts";
import type { ActionContext } from "./context.ts";

/** In seconds: a quarter of a full queue has left by then. */
const QUEUE_RETRY_AFTER = 30;
/** How many templates are offered when the customer service window is closed. */
const OFFERED_TEMPLATES = 10;

/** The answer to a send. `isReplay`: the same request came before, and this is how it ended. */
export type Sent = {
  id: number;
  chatId: number;
  wamid: string | null;
  status: DeliveryStatus;
  /** Meta's `message_status`; null before Meta's answer, or when it has none. */
  messageStatus: string | null;
  isReplay: boolean;
};

/** What was stored, or why it was not, whatever was asked for. */
export type Stored = Exclude<
  Created,
  { kind: "no_phone" | "no_chat" | "no_reply_target" | "no_reaction_target" }
>;

/**
 * From a message that was stored, or not, to the answer: has it sent, and waits up to `waitMs` for Meta's answer.
 * Throws `window_closed`, `chat_moved_on`, `marketing_stopped`, `phone_disconnected`, `rate_limited`, `meta_refused`, and for a key that was used before `idempotency_key_reused` or `idempotency_in_progress`.
 */
export async function concludeSend(ctx: ActionContext, created: Stored, waitMs: number): Promise<Sent> {
  const { publish, dispatch } = ctx;
  switch (created.kind) {
    case "created": {
      const { committed, message, organizationPhoneId } = created;
      if (committed) await publish(committed);
      const { id, chatId } = message;
      return answerNew(message, await dispatch({ organizationPhoneId, id, chatId }, waitMs));
    }
    case "repeated": {
      const { message, organizationPhoneId, sameRequest } = created;
      // The first request may have died before it dispatched the message; the Sender sends it once either way.
      if (sameRequest && message.status === "queued") {
        await dispatch({ organizationPhoneId, chatId: message.chatId, id: message.id }, 0);
      }
      return repeat(message, sameRequest);
    }
    case "window_closed":
      throw await windowClosed(ctx, created.chatId, created.lastInboundAt);
    case "chat_moved_on": {
      const { chatId, head, unseen } = created;
      const names = [...new Set(unseen.map(({ sentBy }) => sentBy?.name ?? "Somebody on the phone"))];
      const detail = `${names.join(", ")} wrote in this chat after what you have seen.`;
      throw new AppError("chat_moved_on", detail, { chatId, head, unseen: unseen.map(toFrameMessage) });
    }
    case "marketing_stopped":
      throw marketingStopped(created.chatId, created.stoppedAt);
    case "phone_disconnected":
      throw new AppError(
        "phone_disconnected",
        "This phone is disconnected: an admin can connect it again in Settings.",
      );
    case "queue_full":
      throw new AppError(
        "rate_limited",
        "Too many messages of this phone are waiting to be sent. Try again later.",
        {
          retryAfter: QUEUE_RETRY_AFTER,
        },
      );
  }
}

/** The answer about a new message. `settlement` is null when it is not known yet. */
export function answerNew(message: Pick<Message, "id" | "chatId">, settlement: Settlement | null): Sent {
  return answer(message, settlement ?? { status: "queued" }, false);
}

/** The first answer again. What is still under way has none yet. */
function repeat(message: Message, sameRequest: boolean): Sent {
  if (!sameRequest)
    throw new AppError(
      "idempotency_key_reused",
      "You used this Idempotency-Key with a different request body. Use a new key.",
    );
  const { status, error, wamid, messageStatus } = message;
  if (status === "queued" || status === "sending") {
    throw new AppError(
      "idempotency_in_progress",
      "The first request with this Idempotency-Key is still in progress. Try again in a moment.",
      {
        messageId: message.id,
        chatId: message.chatId,
        retryAfter: 1,
      },
    );
  }
  return answer(
    message,
    { status: status ?? "queued", messageStatus, ...(wamid !== null && { wamid }), ...(error && { error }) },
    true,
  );
}

/** A message that Meta accepted is answered as accepted, whatever its status is now. */
function answer(
  { id, chatId }: Pick<Message, "id" | "chatId">,
  { status, wamid, messageStatus, error }: Settlement,
  isReplay: boolean,
): Sent {
  if (status === "failed" && wamid === undefined && error)
    throw metaRefused(error, { messageId: id, chatId, isReplay });
  const isOpen = status === "queued" || status === "unknown" || status === "unconfirmed";
  return {
    id,
    chatId,
    wamid: wamid ?? null,
    status: isOpen ? status : "accepted",
    messageStatus: messageStatus ?? null,
    isReplay,
  };
}

export function marketingStopped(chatId: number, stoppedAt: string): AppError {
  return new AppError(
    "marketing_stopped",
    `The customer opted out of marketing messages at ${stoppedAt}. Send a utility template instead.`,
    {
      chatId,
    },
  );
}

async function windowClosed({ agent, db }: ActionContext, chatId: number, lastInboundAt: string) {
  const detail = `The customer last wrote at ${lastInboundAt}: use a template message.`;
  const templates = await templatesForChat(db, agent.organizationId, chatId, OFFERED_TEMPLATES);
  return new AppError("window_closed", detail, { chatId, templates });
}
