import { isPrivateHost } from "./private-host.ts";

/** Which of the two settings is unusable. */
export type AlarmWebhookFault = "ALARM_WEBHOOK_URL" | "ALARM_WEBHOOK_SECRET";

/** 192 to 512 bits (Standard Webhooks, "Signature scheme"). */
const SECRET_BYTES = { least: 24, most: 64 };

/**
 * Why alarms cannot be delivered; null when they can, or no URL is set. The URL must be public and https; in local mode it may be
 * http on this machine. It must not carry a user name or password: the signature says who sends.
 */
export function alarmWebhookFault({
  alarms: { url, secrets },
  isLocalMode,
}: {
  alarms: { url: string | null; secrets: readonly string[] };
  isLocalMode: boolean;
}): AlarmWebhookFault | null {
  if (url === null) return null;
  if (!isUsable(URL.parse(url), isLocalMode)) return "ALARM_WEBHOOK_URL";
  if (secrets.length === 0 || secrets.some((secret) => alarmKey(secret) === null))
    return "ALARM_WEBHOOK_SECRET";
  return null;
}

function isUsable(url: URL | null, isLocalMode: boolean): boolean {
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (isLocalMode && ["127.0.0.1", "localhost"].includes(url.hostname)) return /^https?:$/.test(url.protocol);
  return url.protocol === "https:" && !isPrivateHost(url.hostname);
}

/** The bytes of a secret `whsec_<base64>`; null when it is none, or too short or too long. */
export function alarmKey(secret: string): Uint8Array<ArrayBuffer> | null {
  const [, text] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  if (text === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most ? bytes : null;
  } catch {
    return null;
  }
}
