import { readConfig } from "../config.ts";
import { withoutFutureTimes } from "../domain/future-times.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { submitEvents } from "../intake/submit.ts";
import { log } from "../log.ts";
import { flattenLazily } from "../whatsapp/flatten.ts";
import { type VerifiedBody, verifySignature } from "../whatsapp/signature.ts";
import { LargeBodies } from "./large-bodies.ts";
import { problemOf } from "./problem.ts";
import { rememberRefusal } from "./refused-webhooks.ts";
import { commonHeaders, requestIdOf } from "./request-id.ts";
import { UnsignedBodies } from "./unsigned-bodies.ts";

/** Meta sends at most 3 MB. The limit has a margin, because Meta redelivers a refused webhook and finally drops it. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const unsignedBodies = new UnsignedBodies({
  bodyBytes: BODY_LIMIT_BYTES,
  totalBytes: 32 * 1024 * 1024,
  deadlineMs: 10_000,
});
/** Sixteen texts of 65,000 letters at once: each takes about a megabyte of memory. */
const largeBodies = new LargeBodies(
  {
    storingBytes: 2 * 1024 * 1024,
    waitingBytes: 16 * 1024 * 1024,
    deadlineMs: 3_000,
    holdMs: 60_000,
  },
  { wait: (ms) => scheduler.wait(ms), nowMs: Date.now },
);

/** Answers a delivery of Meta's: 200 once every event of its body is durable, else a problem. */
export async function receiveWebhook(
  request: Request,
  env: Env,
  ctx: Pick<ExecutionContext, "waitUntil">,
): Promise<Response> {
  const requestId = requestIdOf(request);
  const headers = commonHeaders(requestId);
  try {
    await storeDelivery(request, env, ctx, requestId);
    return new Response("OK", { headers: { ...headers, "content-type": "text/plain; charset=UTF-8" } });
  } catch (error) {
    const { method } = request;
    const path = new URL(request.url).pathname;
    const language = request.headers.get("accept-language") ?? undefined;
    const problem = problemOf(error, { requestId, method, path, language });
    return new Response(problem.body, {
      status: problem.status,
      headers: { ...headers, ...problem.headers },
    });
  }
}

async function storeDelivery(
  request: Request,
  env: Env,
  ctx: Pick<ExecutionContext, "waitUntil">,
  requestId: string,
): Promise<void> {
  const { appSecrets } = readConfig(env);
  const body = await unsignedBodies.read(request);
  if (appSecrets.length === 0) {
    log("webhook_refused", { requestId, code: "no_app_secret" });
    throw new AppError("not_durable", "Signatures cannot be verified because META_APP_SECRET is not set.");
  }
  const verified = await verifySignature(body, request.headers.get("x-hub-signature-256"), appSecrets);
  if (!verified) {
    log("webhook_refused", { requestId, code: "signature_invalid" });
    rememberRefusal(env, ctx, body);
    throw new AppError(
      "signature_invalid",
      "X-Hub-Signature-256 does not match the body under META_APP_SECRET.",
    );
  }
  FAILPOINTS && (await failpoint("worker.afterVerify"));
  // From here on no item is refused for good: Meta would redeliver the whole body for days, including its valid items.
  await largeBodies.whileHeld(body.length, () => submitEvents(env, eventsIn(verified, new Date())));
  FAILPOINTS && (await failpoint("worker.afterIntake"));
}

function* eventsIn(body: VerifiedBody, now: Date): Generator<InboundEvent> {
  const receivedAt = now.toISOString();
  for (const event of flattenLazily(body)) {
    const dated = withoutFutureTimes(event, now);
    yield dated.kind === "notice" ? dated : { ...dated, receivedAt };
  }
}
