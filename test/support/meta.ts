import { toHex } from "../../src/encoding.ts";
import { allStored } from "./all-stored.ts";
import { APP_SECRET } from "./bindings.ts";
import { timeOfTest } from "./test-time.ts";
import { ask } from "./worker.ts";

/** One item of Meta's, and the list of a value that it belongs to. */
export type Item = {
  list: "messages" | "statuses" | "message_echoes";
  item: Record<string, unknown>;
  name?: string | undefined;
  /** Meta's contact of the item, where a name is not enough. */
  contact?: Record<string, unknown>;
};

type Text = { from: string; body: string; wamid?: string; at?: Date; name?: string; replyTo?: string };

export function aWamid(): string {
  return `wamid.${crypto.randomUUID()}`;
}

export function aText({ from, body, wamid = aWamid(), at = timeOfTest(), name, replyTo }: Text): Item {
  const context = replyTo ? { context: { id: replyTo } } : {};
  return {
    list: "messages",
    name,
    item: { from, id: wamid, timestamp: seconds(at), type: "text", text: { body }, ...context },
  };
}

export function aStatus(
  wamid: string,
  status: string,
  fields: Record<string, unknown> & { at?: Date } = {},
): Item {
  const { at = timeOfTest(), ...more } = fields;
  return {
    list: "statuses",
    item: { id: wamid, status, timestamp: seconds(at), ...more },
  };
}

/** A webhook body with these items, one change each, as Meta may batch them. */
export function aBody(phoneNumberId: string, ...items: Item[]): Record<string, unknown> {
  const changes = items.map(({ list, item, name, contact }) => ({
    field: list === "message_echoes" ? "smb_message_echoes" : "messages",
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "79001234567", phone_number_id: phoneNumberId },
      ...(name && { contacts: [{ profile: { name }, wa_id: item.from }] }),
      ...(contact && { contacts: [contact] }),
      [list]: [item],
    },
  }));
  return { object: "whatsapp_business_account", entry: [{ id: "123456789012345", changes }] };
}

/** Posts items as Meta does, and wants the 200. They may still be spooled then. */
export async function deliver(phoneNumberId: string, ...items: Item[]): Promise<void> {
  const answer = await post(JSON.stringify(aBody(phoneNumberId, ...items)));
  if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}: ${await answer.text()}`);
}

/** Posts items as Meta does, and waits until they are in Postgres. */
export async function deliverAndStore(phoneNumberId: string, ...items: Item[]): Promise<void> {
  await deliver(phoneNumberId, ...items);
  await allStored();
}

/** Posts a body with the signature that fits it, or another one. */
export async function post(body: string | Uint8Array, signature?: string | null): Promise<Response> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const signed = signature === undefined ? await sign(bytes) : signature;
  const headers = new Headers({ "content-type": "application/json" });
  if (signed !== null) headers.set("x-hub-signature-256", signed);
  return await ask("/api/waba/webhook", { method: "POST", headers, body: bytes });
}

/** Posts a body as Meta does: again while a busy Worker answers 503, which says that it has not taken it. */
export async function postUntilTaken(body: string): Promise<Response> {
  for (;;) {
    const answer = await post(body);
    if (answer.status !== 503) return answer;
  }
}

export async function sign(bytes: Uint8Array, secret = APP_SECRET): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, [
    "sign",
  ]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
  return `sha256=${toHex(signature)}`;
}

function seconds(at: Date): string {
  return String(Math.floor(at.getTime() / 1000));
}
