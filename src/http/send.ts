import { createRoute } from "@hono/zod-openapi";
import { sendMessage } from "../actions/send-message.ts";
import { textMessage } from "../whatsapp/outbound.ts";
import { sendHeaders, sendRequest, sent } from "./contract.ts";
import { bearer, guarded, json, jsonBody, refusals } from "./declare.ts";
import { fingerprintOf } from "./idempotency.ts";
import { newRouter } from "./router.ts";

/** So long a sender waits for Meta's answer; then it is told that the message is queued. */
const ANSWER_LIMIT_MS = 10_000;

/**
 * With Meta's limits, so that what Meta would refuse is refused here, and the field named. Only the checks are taken over:
 * OpenAPI cannot be made of a schema of zod/mini.
 */
const withinLimits = sendRequest
  .safeExtend({ message: sendRequest.shape.message.check(...(textMessage.def.checks ?? [])) })
  .meta({ id: "SendRequest" });

const send = createRoute({
  method: "post",
  path: "/",
  summary: "Send a message",
  description: "The same Idempotency-Key and body give the first answer again and send nothing.",
  security: bearer,
  request: { headers: sendHeaders, body: jsonBody(withinLimits) },
  responses: {
    200: json("Meta has accepted it.", sent),
    202: json("It is queued, or its fate is not known yet: its status events tell.", sent),
    ...refusals(
      ...guarded,
      "not_found",
      "window_closed",
      "idempotency_in_progress",
      "idempotency_key_reused",
      "meta_refused",
    ),
  },
});

/** Mounted at `/api/waba/send`, behind `requireAgent`. */
export const sendRoutes = newRouter().openapi(send, async (c) => {
  const request = c.req.valid("json");
  const { "idempotency-key": key = null, prefer } = c.req.valid("header");
  const waitMs = prefer?.includes("respond-async") ? 0 : ANSWER_LIMIT_MS;
  const fingerprint = await fingerprintOf(request);
  const { isReplay, ...answer } = await sendMessage(c.var.ctx, request, { key, fingerprint }, waitMs);
  if (isReplay) c.header("Idempotency-Replayed", "true");
  return c.json(answer, answer.status === "accepted" ? 200 : 202);
});
