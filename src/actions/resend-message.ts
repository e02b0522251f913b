import { createResend } from "../db/decisions.ts";
import { isKeyUsed } from "../db/new-messages.ts";
import { marketingStop } from "../db/templates.ts";
import { failureReasons } from "../domain/failure-reason.ts";
import { AppError } from "../errors.ts";
import { concludeSend, marketingStopped, type Sent } from "./conclude-send.ts";
import type { ActionContext } from "./context.ts";
import { noMessage, notOpen } from "./require-message.ts";
import type { Idempotency } from "./send-message.ts";

/** The reasons after which a repetition may succeed and can do no harm: Meta surely did not deliver. */
const RETRYABLE_REASONS = Object.entries(failureReasons)
  .filter(([, { retry }]) => retry === "manual" || retry === "after_fix")
  .map(([name]) => name);

const RESENT = {
  code: "resent",
  title: "Sent again as a new message",
  advice: "Should this one arrive after all, the customer has it twice.",
};

/**
 * Sends a message once more, as a new one: an agent has decided that it did not arrive. Only one that is `unconfirmed`, or
 * has `failed` for a reason that can be fixed, and only once; the old one shows that until a status webhook settles it.
 * Throws `not_found`, `message_not_open`, and what sending throws.
 */
export async function resendMessage(
  ctx: ActionContext,
  messageId: number,
  idempotency: Idempotency,
  waitMs: number,
): Promise<Sent> {
  const { agent, db, now } = ctx;
  const { key } = idempotency;
  const stop = await marketingStop(db, agent.organizationId, messageId);
  if (stop && !(key && (await isKeyUsed(db, agent.id, key))))
    throw marketingStopped(stop.chatId, stop.stoppedAt);
  const made = await createResend(db, {
    messageId,
    organizationId: agent.organizationId,
    agentId: agent.id,
    idempotencyKey: idempotency.key,
    fingerprint: idempotency.fingerprint,
    createdAt: now().toISOString(),
    retryableReasons: RETRYABLE_REASONS,
    text: RESENT,
  });
  switch (made.kind) {
    case "no_message":
    case "no_phone":
    case "no_chat":
      throw noMessage(messageId);
    case "not_open":
      throw notOpen(made.status);
    case "no_reaction_target":
    case "no_reply_target":
      throw new AppError("invalid_request", "The message it replies to no longer exists.");
    default:
      return await concludeSend(ctx, made, waitMs);
  }
}
