import { createHmac, timingSafeEqual } from "node:crypto";
import { setting } from "./settings.ts";

const SECRET = setting("META_APP_SECRET");

/** A customer's text from a webhook body. */
export type InboundText = {
  phoneNumberId: string;
  from: string;
  name: string | null;
  wamid: string;
  text: string;
  createdAt: Date;
  payload: string;
};

export function isSignedByMeta(body: Buffer, header: string | undefined): boolean {
  const expected = Buffer.from(`sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`);
  const given = Buffer.from(header ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

type Value = {
  metadata?: { phone_number_id?: string };
  contacts?: { wa_id?: string; profile?: { name?: string } }[];
  messages?: { from: string; id: string; timestamp: string; type: string; text?: { body: string } }[];
};
type Body = { entry?: { changes?: { value?: Value }[] }[] };

/** Every message of every change, since Meta may batch them. */
export function textsOf(body: Buffer): InboundText[] {
  const { entry = [] } = JSON.parse(body.toString()) as Body;
  return entry.flatMap(({ changes = [] }) =>
    changes.flatMap(({ value }) =>
      (value?.messages ?? []).map((message) => ({
        phoneNumberId: value?.metadata?.phone_number_id ?? "",
        from: message.from,
        name: value?.contacts?.find((contact) => contact.wa_id === message.from)?.profile?.name ?? null,
        wamid: message.id,
        text: message.text?.body ?? "",
        createdAt: new Date(Number(message.timestamp) * 1000),
        payload: JSON.stringify(message),
      })),
    ),
  );
}
