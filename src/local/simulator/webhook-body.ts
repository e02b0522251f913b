import { createHmac } from "node:crypto";
import type { BatchShape } from "./faults.ts";
import { at, type Fields, listOf } from "./fields.ts";

/** One event: one change of a webhook body. */
export type WebhookChange = {
  wabaId: string;
  field: string;
  value: Fields;
  /** Unix seconds; Meta sets it for events of an account. */
  time?: number;
};

/** The bytes of one POST and their signature. */
export type SignedBody = { bytes: Uint8Array; signature: string };

/** Combines changes into one body, in order; `as` selects the list that they share. */
export function composeBody(changes: WebhookChange[], as: BatchShape = "changes"): Fields {
  const entries =
    as === "entries"
      ? changes.map((one) => ({ ...head(one), changes: [{ field: one.field, value: one.value }] }))
      : [...Map.groupBy(changes, (one) => JSON.stringify(head(one))).values()].map((ofWaba) => ({
          ...head(ofWaba[0]),
          changes: (as === "items" ? mergeItems(ofWaba) : ofWaba).map(({ field, value }) => ({
            field,
            value,
          })),
        }));
  return { object: "whatsapp_business_account", entry: entries };
}

function head(change: WebhookChange | undefined): Fields {
  return { id: change?.wabaId, ...(change?.time !== undefined && { time: change.time }) };
}

/**
 * Meta escapes non-ASCII characters as lower-case `\uXXXX` and signs the bytes on the wire, so a receiver that parses and
 * serializes the body again gets other bytes.
 */
export function signBody(body: Fields, secret: string): SignedBody {
  const text = JSON.stringify(body).replace(/[\u007f-\uffff]/g, escaped);
  const bytes = new TextEncoder().encode(text);
  return { bytes, signature: `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}` };
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Merges messages with messages, and statuses with statuses, of the same phone; leaves other changes as they are. */
function mergeItems(changes: WebhookChange[]): WebhookChange[] {
  const merged: WebhookChange[] = [];
  for (const change of changes) {
    const same = merged.find((other) => mergeKey(other) !== null && mergeKey(other) === mergeKey(change));
    if (same) same.value = joinLists(same.value, change.value);
    else merged.push({ ...change });
  }
  return merged;
}

function mergeKey({ field, value }: WebhookChange): string | null {
  const list = ["messages", "statuses"].find((name) => Array.isArray(value[name]));
  return field === "messages" && list ? `${list} ${at(value, "metadata.phone_number_id")}` : null;
}

function joinLists(one: Fields, other: Fields): Fields {
  const joined = { ...one };
  for (const name of ["contacts", "messages", "statuses"]) {
    const items = [...listOf(one[name]), ...listOf(other[name])];
    if (items.length > 0) joined[name] = name === "contacts" ? distinct(items) : items;
  }
  return joined;
}

function distinct(contacts: Fields[]): Fields[] {
  return [...new Map(contacts.map((contact) => [contact.user_id ?? contact.wa_id, contact])).values()];
}
