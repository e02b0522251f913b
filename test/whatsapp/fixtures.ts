import {
  type InboundEvent,
  type InboundMessage,
  type InboundNotice,
  type InboundStatus,
  sourceOf,
} from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  // The runtime's own types leave open what kind of buffer an encoder gives.
  return Uint8Array.from(new TextEncoder().encode(text));
}

/** Flattens a body that is given as a value. */
export function flattenBody(body: unknown): InboundEvent[] {
  return flatten(bytesOf(JSON.stringify(body)));
}

export function messagesOf(events: InboundEvent[]): InboundMessage[] {
  return events.filter((event) => event.kind === "message");
}

export function statusesOf(events: InboundEvent[]): InboundStatus[] {
  return events.filter((event) => event.kind === "status");
}

export function noticesOf(events: InboundEvent[]): InboundNotice[] {
  return events.filter((event) => event.kind === "notice");
}

/** A body with one change that holds this value, at number 1. */
export function bodyWith(value: object, field = "messages"): object {
  const metadata = { display_phone_number: "79001234567", phone_number_id: "987654321098765" };
  const change = { field, value: { messaging_product: "whatsapp", metadata, ...value } };
  return { object: "whatsapp_business_account", entry: [{ id: "123456789012345", changes: [change] }] };
}

/** What an event says when it is read from its own source. */
export function again(event: InboundEvent): InboundEvent[] {
  const source = sourceOf(event);
  if (source !== null) return flatten(bytesOf(source));
  const raw = event.kind === "notice" && event.raw !== null ? event.raw : "";
  return flatten(Uint8Array.from(atob(raw), (character) => character.charCodeAt(0)));
}

/** Every value in a JSON text that is no list and no object, with the names that lead to it. */
function leavesOf(json: string): Set<string> {
  const leaves = new Set<string>();
  const walk = (value: unknown, path: string) => {
    if (Array.isArray(value)) for (const inner of value) walk(inner, `${path}[]`);
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    } else leaves.add(`${path} ${JSON.stringify(value)}`);
  };
  walk(JSON.parse(json), "");
  return leaves;
}

/** What stands in the body and in no event's source: nothing, or something has been lost. */
export function lostOf(json: string, events: InboundEvent[]): string[] {
  const inSources = new Set(events.flatMap((event) => [...leavesOf(sourceOf(event) ?? "null")]));
  return [...leavesOf(json)].filter((leaf) => !inSources.has(leaf));
}
