import type { Context } from "hono";
import { z } from "zod";
import { databaseUrlOf, readConfig } from "../config.ts";
import { connect } from "../db/client.ts";
import { isVerifyTokenOfAPhone } from "../db/organization-phones.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import { challengeParameters, parseChallenge, sameSecret } from "../whatsapp/challenge.ts";
import { countFailedAuth } from "./failed-auth-limiter.ts";
import type { HttpEnv } from "./http-env.ts";
import { forEveryone, onlyProblems, plainText } from "./openapi-parts.ts";
import { receiveWebhook } from "./receive-webhook.ts";
import { newRouter } from "./router.ts";

/** Mounted at `/api/waba/webhook`: Meta's verification and deliveries, which carry no token. */
export const webhookRoutes = newRouter();

webhookRoutes.openAPIRegistry.registerPath({
  method: "get",
  path: "/",
  operationId: "verifyWebhook",
  summary: "Meta's verification of the webhook",
  description: 'Called by Meta on "Verify and save".',
  ...forEveryone,
  request: { query: z.object(Object.fromEntries(challengeParameters.map((name) => [name, z.string()]))) },
  responses: {
    200: plainText("The challenge of the query."),
    ...onlyProblems("verify_token_mismatch", "rate_limited", "unavailable"),
  },
});

webhookRoutes.openAPIRegistry.registerPath({
  method: "post",
  path: "/",
  operationId: "receiveWebhook",
  summary: "Events from Meta",
  description:
    "Answers 200 once every event of the body is durable. Meta repeats whatever is not answered so.",
  security: [{ metaSignature: [] }],
  request: { body: { required: true, content: { "application/json": { schema: z.looseObject({}) } } } },
  responses: {
    200: plainText("Every event is durable."),
    ...onlyProblems("signature_invalid", "too_large", "not_durable"),
  },
});

webhookRoutes.get("/", async (c) => {
  const challenge = parseChallenge(new URL(c.req.url).searchParams);
  if (challenge && (await isOurVerifyToken(challenge.verifyToken, c))) return c.text(challenge.challenge);
  log("webhook_refused", { requestId: c.var.requestId, code: "verify_token_mismatch" });
  throw new AppError(
    "verify_token_mismatch",
    "The verify token matches neither WABA_VERIFY_TOKEN nor a phone's wabaVerifyToken.",
  );
});

// A delivery whose address has a query; all others come without Hono.
webhookRoutes.post("/", async (c) => {
  const ctx = { waitUntil: (promise: Promise<unknown>) => c.executionCtx.waitUntil(promise) };
  return await receiveWebhook(c.req.raw, c.env, ctx);
});

/**
 * Compares with `WABA_VERIFY_TOKEN` first, so that verification works while Postgres is down. Any other value may be a phone's
 * token or an attempt to guess one, so look-ups are limited.
 */
async function isOurVerifyToken(token: string, c: Context<HttpEnv>): Promise<boolean> {
  const { verifyToken } = readConfig(c.env);
  if (verifyToken && (await sameSecret(token, verifyToken))) return true;
  await countFailedAuth(c);
  return await isVerifyTokenOfAPhone(connect(databaseUrlOf(c.env)), token);
}
