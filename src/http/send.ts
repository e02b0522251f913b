import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { discardMessage } from "../actions/discard-message.ts";
import { resendMessage } from "../actions/resend-message.ts";
import { sendMessage } from "../actions/send-message.ts";
import { deliveryStatuses } from "../domain/delivery-status.ts";
import type { ProblemCode } from "../errors.ts";
import { sendContentWith } from "../whatsapp/outbound/send-content.ts";
import { forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { fingerprintOf } from "./request-fingerprint.ts";
import { newRouter } from "./router.ts";
import { id, idempotencyKey, message, messageParams, messageStatus, seq } from "./schemas.ts";

export const ANSWER_LIMIT_MS = 10_000;

const recipient = z.string().min(1).max(200).meta({
  id: "Recipient",
  description: "A phone number with its country code, or a WhatsApp user id. Give this or chatId.",
});
const replyTo = id.meta({ id: "ReplyTo", description: "The id of a message of this chat." });

const seenSeq = seq.meta({
  id: "SeenSeq",
  description:
    "The last number of the chat that the sender has seen. Refused with `chat_moved_on` when a colleague's message has a higher one.",
});

const commonFields = {
  organizationPhoneId: id,
  to: recipient.optional(),
  chatId: id.optional(),
  replyTo: replyTo.optional(),
  seenSeq: seenSeq.optional(),
};

/** Includes Meta's limits, so that a message which Meta would reject is refused here, with the field named. */
const sendRequest = sendContentWith(commonFields)
  .refine(({ to, chatId }) => (to === undefined) !== (chatId === undefined), {
    message: "Pass either to or chatId.",
    path: ["to"],
  })
  .meta({ id: "SendRequest" });

const sent = z
  .object({ id, chatId: id, wamid: z.string().nullable(), status: z.enum(deliveryStatuses), messageStatus })
  .meta({ id: "Sent" });

const sendHeaders = z.object({
  "idempotency-key": idempotencyKey.optional(),
  prefer: z.string().optional(),
});

const headers = { "Idempotency-Replayed": { $ref: "#/components/headers/Replayed" } };
export const sentAnswers = {
  200: { ...json("Meta has accepted the message.", sent), headers },
  202: {
    ...json("The message is queued, or its outcome is not known yet: status events will report it.", sent),
    headers,
  },
};

export const sendProblems: ProblemCode[] = [
  "not_found",
  "window_closed",
  "chat_moved_on",
  "marketing_stopped",
  "phone_disconnected",
  "idempotency_in_progress",
  "idempotency_key_reused",
  "meta_refused",
];

const send = createRoute({
  method: "post",
  path: "/",
  operationId: "sendMessage",
  summary: "Send a message",
  description:
    "A text goes into `message`; every other type is Meta's own object under the type's name. Outside the customer service window only templates can be sent, and the problem's `templates` lists some. A known template is validated before the call to Meta. A repeated request with the same Idempotency-Key and body returns the first answer and sends nothing.",
  ...forAgents,
  request: { headers: sendHeaders, body: jsonBody(sendRequest) },
  responses: { ...sentAnswers, ...problemResponses(...sendProblems) },
});

const resend = createRoute({
  method: "post",
  path: "/{id}/resend",
  operationId: "resendMessage",
  summary: "Resend a message as a new one",
  description:
    "Works once, for a message that is `unconfirmed` or that `failed` for a reason you can fix. The old message's `error` becomes `resent`.",
  ...forAgents,
  request: { params: messageParams, headers: sendHeaders },
  responses: { ...sentAnswers, ...problemResponses("message_not_open", ...sendProblems) },
});

const discard = createRoute({
  method: "post",
  path: "/{id}/discard",
  operationId: "discardMessage",
  summary: "Discard an unconfirmed message",
  description: "Its `error` becomes `discarded`. A later status from Meta still wins.",
  ...forAgents,
  request: { params: messageParams },
  responses: {
    200: json("The message.", message),
    ...problemResponses("not_found", "message_not_open"),
  },
});

/** Mounted at `/api/waba/messages`, behind `requireAgent`. */
export const messageDecisionRoutes = newRouter()
  .openapi(resend, async (c) => {
    const { id } = c.req.valid("param");
    const { "idempotency-key": key = null, prefer } = c.req.valid("header");
    const fingerprint = await fingerprintOf({ resend: id });
    const sent = await resendMessage(c.var.ctx, id, { key, fingerprint }, waitOf(prefer));
    if (sent.isReplay) c.header("Idempotency-Replayed", "true");
    const { isReplay: _, ...answer } = sent;
    return c.json(answer, answer.status === "accepted" ? 200 : 202);
  })
  .openapi(discard, async (c) => c.json(await discardMessage(c.var.ctx, c.req.valid("param").id), 200));

/** Mounted at `/api/waba/send`, behind `requireAgent`. */
export const sendRoutes = newRouter().openapi(send, async (c) => {
  const request = c.req.valid("json");
  const { "idempotency-key": key = null, prefer } = c.req.valid("header");
  // "Send anyway" is the same message.
  const { seenSeq: _, ...same } = request;
  const fingerprint = await fingerprintOf(same);
  const sending = sendMessage(c.var.ctx, request, { key, fingerprint }, waitOf(prefer));
  // A disconnecting client would end the request between storing and sending the message, which would then wait for the cron job.
  c.executionCtx.waitUntil(sending.catch(() => undefined));
  const { isReplay, ...answer } = await sending;
  if (isReplay) c.header("Idempotency-Replayed", "true");
  return c.json(answer, answer.status === "accepted" ? 200 : 202);
});

function waitOf(prefer: string | undefined): number {
  return prefer?.includes("respond-async") ? 0 : ANSWER_LIMIT_MS;
}
