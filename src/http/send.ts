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
import { id, message, messageParams } from "./schemas.ts";

/** For how long a request waits for Meta's answer; then the answer is that the message is queued. */
const ANSWER_LIMIT_MS = 10_000;

const recipient = z.string().min(1).max(200).meta({
  id: "Recipient",
  description: "A phone number with its country code, or a WhatsApp user id. Give this or chatId.",
});
const replyTo = id.meta({ id: "ReplyTo", description: "The id of a message of this chat." });

const commonFields = {
  organizationPhoneId: id,
  to: recipient.optional(),
  chatId: id.optional(),
  replyTo: replyTo.optional(),
};

/** With Meta's limits, so that what Meta would refuse is refused here, and the field named. */
const sendRequest = sendContentWith(commonFields)
  .refine(({ to, chatId }) => (to === undefined) !== (chatId === undefined), {
    message: "Give either to or chatId.",
    path: ["to"],
  })
  .meta({ id: "SendRequest" });

const sent = z
  .object({ id, chatId: id, wamid: z.string().nullable(), status: z.enum(deliveryStatuses) })
  .meta({ id: "Sent" });

/** RFC 8941 strings are quoted, and the draft standard wants one; most clients send the key bare. */
const idempotencyKey = z
  .string()
  .regex(/^(?:"[\x21\x23-\x7e]{8,255}"|[\x21\x23-\x7e]{8,255})$/, "8 to 255 visible ASCII characters")
  .transform((key) => key.replaceAll('"', ""));

const sendHeaders = z.object({
  "idempotency-key": idempotencyKey.optional(),
  prefer: z.string().optional(),
});

const answers = {
  200: json("Meta has accepted the message.", sent),
  202: json("The message is queued, or its outcome is not known yet: status events will report it.", sent),
};

const sendProblems: ProblemCode[] = [
  "not_found",
  "window_closed",
  "marketing_stopped",
  "idempotency_in_progress",
  "idempotency_key_reused",
  "meta_refused",
];

const send = createRoute({
  method: "post",
  path: "/",
  summary: "Send a message",
  description:
    "A text is `message`; every other type is Meta's own object under its type's name. Later than 24 hours after the customer's last message only a template is taken, and `templates` lists those there are. A template that is known here is checked as Meta would. The same Idempotency-Key and body give the first answer again and send nothing.",
  ...forAgents,
  request: { headers: sendHeaders, body: jsonBody(sendRequest) },
  responses: { ...answers, ...problemResponses(...sendProblems) },
});

const resend = createRoute({
  method: "post",
  path: "/{id}/resend",
  summary: "Send a message again, as a new one",
  description:
    "One that is `unconfirmed`, or has `failed` for a reason that can be fixed; once. The old one's `error` says `resent`.",
  ...forAgents,
  request: { params: messageParams, headers: sendHeaders },
  responses: { ...answers, ...problemResponses("message_not_open", ...sendProblems) },
});

const discard = createRoute({
  method: "post",
  path: "/{id}/discard",
  summary: "Leave a message of which nothing is known",
  description:
    "Only one that is `unconfirmed`; its `error` says `discarded`. A status that comes later still wins.",
  ...forAgents,
  request: { params: messageParams },
  responses: {
    200: json("The message as it is now.", message),
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
  const fingerprint = await fingerprintOf(request);
  const sending = sendMessage(c.var.ctx, request, { key, fingerprint }, waitOf(prefer));
  // A client that goes away would end the request between storing the message and sending it, which then waits for the schedule.
  c.executionCtx.waitUntil(sending.catch(() => undefined));
  const { isReplay, ...answer } = await sending;
  if (isReplay) c.header("Idempotency-Replayed", "true");
  return c.json(answer, answer.status === "accepted" ? 200 : 202);
});

function waitOf(prefer: string | undefined): number {
  return prefer?.includes("respond-async") ? 0 : ANSWER_LIMIT_MS;
}
