import { alarmKey } from "../domain/alarm-webhook.ts";

/**
 * The headers that sign a body as Standard Webhooks describes: `webhook-id` stays the same for every attempt, `webhook-timestamp`
 * is the attempt's time in seconds, and `webhook-signature` has one `v1,<base64>` for each secret, an HMAC-SHA256 of
 * `id.timestamp.body`. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export async function webhookHeaders(
  { id, body, at }: { id: string; body: string; at: Date },
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const keys = secrets.map(alarmKey).filter((key) => key !== null);
  const signatures = await Promise.all(keys.map(async (key) => `v1,${await hmac(key, signed)}`));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

async function hmac(key: Uint8Array<ArrayBuffer>, bytes: Uint8Array): Promise<string> {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, hash, false, ["sign"]);
  return btoa(
    String.fromCharCode(
      ...new Uint8Array(await crypto.subtle.sign("HMAC", imported, Uint8Array.from(bytes))),
    ),
  );
}
