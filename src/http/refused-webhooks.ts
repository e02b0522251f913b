import { databaseUrlOf } from "../config.ts";
import { connect } from "../db/client.ts";
import { countRefusedWebhook } from "../db/refused-webhooks.ts";
import { errorName, log } from "../log.ts";
import { numberNamedIn } from "../whatsapp/named-number.ts";

/** Anybody can post unsigned bodies: each isolate writes this often at most, whatever they name. */
const GAP_MS = 250;

let writtenAtMs = 0;

/**
 * Remembers that a webhook which names a number of ours was refused for its signature, so that its operator learns of a wrong app
 * secret. Never fails, and nobody waits for it: it is a hint.
 */
export function rememberRefusal(
  env: object,
  ctx: Pick<ExecutionContext, "waitUntil">,
  body: Uint8Array,
): void {
  const phoneNumberId = numberNamedIn(body);
  if (phoneNumberId === null || Date.now() - writtenAtMs < GAP_MS) return;
  writtenAtMs = Date.now();
  const written = (async () => countRefusedWebhook(connect(databaseUrlOf(env)), phoneNumberId))();
  ctx.waitUntil(
    written.catch((error) => log("request_failed", { route: "refused webhooks", error: errorName(error) })),
  );
}
