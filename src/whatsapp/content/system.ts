import type { ContentOf, FieldsOf, SystemContentType } from "../../domain/message-content.ts";
import { isUserId } from "../../domain/user-id.ts";
import { idOf, phoneIdOf, shortTextOf, textOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { always, type ContentTypes, never } from "./content-type.ts";
import { plainName, reasonOf } from "./text-parts.ts";

type SystemMessage = ContentOf<"system">;

export const systemContentTypes = {
  // Calls come in a webhook field of their own: parse-call-message.ts parses them, and says which open the window.
  call: { parsers: {}, toText: callText, opensServiceWindow: never },
  system: {
    parsers: { system: (content, { item }) => parseSystem(item, content) },
    toText: ({ text }) => text,
    toPlaceholder: ({ event, name }) =>
      event === "other" ? plainName(name ?? "system") : EVENT_TEXTS[event],
    opensServiceWindow: never,
  },
  requestWelcome: {
    parsers: { request_welcome: () => ({ type: "requestWelcome" }) },
    toText: () => null,
    toPlaceholder: () => "opened the chat",
    opensServiceWindow: always,
  },
  // Has a webhook field of its own: see parse-handover.ts.
  handover: { parsers: {}, toText: handoverText, opensServiceWindow: never },
} satisfies ContentTypes<SystemContentType>;

/** Meta's names, today's and those from before 2026. */
const EVENTS: Record<string, SystemMessage["event"]> = {
  user_changed_number: "numberChanged",
  customer_changed_number: "numberChanged",
  user_changed_user_id: "userIdChanged",
  user_identity_changed: "identityChanged",
  customer_identity_changed: "identityChanged",
};

const EVENT_TEXTS = {
  numberChanged: "changed their number",
  userIdChanged: "changed their user id",
  identityChanged: "security code changed",
};

/**
 * Parses what WhatsApp reports of a customer. The customer's former ids are those of the message, which may have the new phone
 * already; a former id may be only in Meta's sentence, and counts where the same sentence ends with the new one, since names come
 * before it.
 */
export function parseSystem(item: JsonObject, content: JsonObject): FieldsOf<"system"> {
  const name = shortTextOf(content.type);
  const event = (name !== null && Object.hasOwn(EVENTS, name) && EVENTS[name]) || "other";
  const text = textOf(content.body);
  const from = phoneIdOf(item.from);
  const phone = phoneOf(phoneIdOf(content.wa_id)) ?? phoneOf(phoneIdOf(content.new_wa_id));
  const userId = idOf(content.user_id);
  const named = [
    idOf(content.previous_user_id),
    idOf(item.from_user_id),
    from && isUserId(from) ? from : null,
  ];
  const [idBefore = null, idAfter = null] = idsOfChange(text);
  const writtenUserId = idAfter === userId && isUserId(idBefore ?? "") ? idBefore : null;
  const oldUserId = [...named, writtenUserId].find((id) => id !== null && id !== userId) ?? null;
  const phones = [from, phoneIdOf(content.customer), idAfter === phone ? idBefore : null].map(phoneOf);
  const oldPhone = phones.find((id) => id !== null && id !== phone) ?? phoneOf(from);
  return {
    type: "system",
    event,
    name,
    text,
    previous: { phone: oldPhone, userId: oldUserId },
    current: { phone, userId, parentUserId: idOf(content.parent_user_id) },
  };
}

function phoneOf(id: string | null): string | null {
  return id !== null && !isUserId(id) ? id : null;
}

/** The former and the new id in Meta's sentence: phones, or user ids. */
function idsOfChange(text: string | null): (string | null)[] {
  const [, ...ids] = text?.match(/ from (\S{1,200}) to (\S{1,200}?)\.?$/) ?? [];
  return ids.map(phoneIdOf).filter((id) => id !== null && (isUserId(id) || /^\d{5,15}$/.test(id)));
}

/** How a call stands, and Meta's error, if there is one. */
function callText(call: ContentOf<"call">): string {
  return [outcomeText(call), reasonOf(call)].filter(Boolean).join(": ");
}

function outcomeText({ direction, state, durationSeconds }: ContentOf<"call">): string {
  const isOurs = direction === "outbound";
  switch (state) {
    case "ringing":
      return isOurs ? "📞 Outgoing call" : "📞 Incoming call";
    case "answered":
      return "📞 Call";
    case "rejected":
      return "📞 Call, declined";
    case "failed":
      return "📞 Call, failed";
    case "missed":
      return isOurs ? "📞 Call, not answered" : "📞 Missed call";
    case "ended":
      return `📞 Call${durationSeconds === null ? "" : `, ${durationText(durationSeconds)}`}`;
    default:
      return state satisfies never;
  }
}

function handoverText({ change, summary, metadata }: ContentOf<"handover">): string {
  const what = change === "control_taken" ? "Another app took this chat" : "Another app passed this chat";
  const said = [summary, metadata].filter((text) => text !== null);
  return said.length === 0 ? `🔀 ${what}` : `🔀 ${what}: ${said.join("\n")}`;
}

function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
