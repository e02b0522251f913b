import type { Context } from "hono";
import { z } from "zod";
import { databaseUrlOf, readConfig } from "../config.ts";
import { connect } from "../db/client.ts";
import { isVerifyTokenOfAPhone } from "../db/organization-phones.ts";
import { withoutFutureTimes } from "../domain/future-times.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { submitEvents } from "../intake/submit.ts";
import { log } from "../log.ts";
import { challengeParameters, parseChallenge, sameSecret } from "../whatsapp/challenge.ts";
import { flattenLazily } from "../whatsapp/flatten.ts";
import { type VerifiedBody, verifySignature } from "../whatsapp/signature.ts";
import { countFailedAuth } from "./failed-auth-limiter.ts";
import type { HttpEnv } from "./http-env.ts";
import { forEveryone, onlyProblems, plainText } from "./openapi-parts.ts";
import { rememberRefusal } from "./refused-webhooks.ts";
import { newRouter } from "./router.ts";
import { UnsignedBodies } from "./unsigned-bodies.ts";

/** Meta sends at most 3 MB. The limit has a margin, because Meta redelivers a refused webhook and finally drops it. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const unsignedBodies = new UnsignedBodies({
  bodyBytes: BODY_LIMIT_BYTES,
  totalBytes: 32 * 1024 * 1024,
  deadlineMs: 10_000,
});

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

webhookRoutes.post("/", async (c) => {
  const { requestId } = c.var;
  const { appSecrets } = readConfig(c.env);
  const body = await unsignedBodies.read(c.req.raw);
  if (appSecrets.length === 0) {
    log("webhook_refused", { requestId, code: "no_app_secret" });
    throw new AppError("not_durable", "Signatures cannot be verified because META_APP_SECRET is not set.");
  }
  const verified = await verifySignature(body, c.req.header("x-hub-signature-256") ?? null, appSecrets);
  if (!verified) {
    log("webhook_refused", { requestId, code: "signature_invalid" });
    rememberRefusal(c, body);
    throw new AppError(
      "signature_invalid",
      "X-Hub-Signature-256 does not match the body under META_APP_SECRET.",
    );
  }
  FAILPOINTS && (await failpoint("worker.afterVerify"));
  // From here on no item is refused: Meta would redeliver the whole body for days, including its valid items.
  await submitEvents(c.env, eventsIn(verified, new Date()));
  FAILPOINTS && (await failpoint("worker.afterIntake"));
  return c.text("OK");
});

function* eventsIn(body: VerifiedBody, now: Date): Generator<InboundEvent> {
  const receivedAt = now.toISOString();
  for (const event of flattenLazily(body)) {
    const dated = withoutFutureTimes(event, now);
    yield dated.kind === "notice" ? dated : { ...dated, receivedAt };
  }
}

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
