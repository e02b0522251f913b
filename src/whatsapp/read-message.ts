import type { Amendment, InboundMessage, Sighting } from "../domain/inbound-event.ts";
import { isUserId } from "../domain/phone-number.ts";
import { cleanText } from "./clean-text.ts";
import { idOf, isObject, type JsonObject, timeOf } from "./json-text.ts";
import { bodyOf, typeOf } from "./message-content.ts";

/** What is read from the item itself; its place and its JSON texts are added by `flatten`. */
export type MessageReading = Omit<InboundMessage, "kind" | "phoneNumberId" | "payload" | "source">;

/**
 * Types that do not open the customer's 24 hours. Meta's pages say nothing of reactions: not opening is the safe side,
 * for then it is Meta who refuses. What we cannot show (`unsupported`) was written by the customer all the same.
 */
const KEEPS_WINDOW_SHUT: readonly string[] = ["reaction", "edit", "revoke", "system", "errors"];

const NAME_LENGTH = 512;
const EMOJI_LENGTH = 64;

/**
 * Reads one item of `messages[]`, or with `fromMe` of `message_echoes[]`: there `from` is our own number and the person
 * outside is `to`. Null without a wamid, a moment in time, or anything that says who it is.
 */
export function readMessage(
  item: unknown,
  contact: JsonObject | null,
  fromMe: boolean,
): MessageReading | null {
  if (!isObject(item)) return null;
  const wamid = idOf(item.id);
  const at = timeOf(item.timestamp);
  const sighting = sightingOf(item, contact ?? {}, fromMe);
  if (!wamid || !at || !sighting) return null;
  const type = typeOf(item);
  return {
    wamid,
    fromMe,
    contact: sighting,
    messageType: type,
    body: bodyOf(item),
    ...relationOf(item, type),
    opensWindow: !fromMe && !KEEPS_WINDOW_SHUT.includes(type),
    at,
  };
}

/** In a group it is the group that is the contact: who of it wrote stays in the payload. */
function sightingOf(item: JsonObject, contact: JsonObject, fromMe: boolean): Sighting | null {
  const groupId = idOf(item.group_id);
  if (groupId) return { phone: null, userId: null, groupId, username: null, name: null };
  const [named, said] = fromMe ? [item.to_user_id, item.to] : [item.from_user_id, item.from];
  const ids = [said, contact.wa_id].map(idOf).filter((id) => id !== null);
  const phone = ids.find((id) => !isUserId(id)) ?? null;
  const ownUserId = idOf(named) ?? idOf(contact.user_id) ?? ids.find(isUserId) ?? null;
  // "user_changed_user_id" may come without `from`; then the new id in it is all that is known of the person.
  const userId = ownUserId ?? (phone || !isObject(item.system) ? null : idOf(item.system.user_id));
  if (!phone && !userId) return null;
  const profile = isObject(contact.profile) ? contact.profile : {};
  return { phone, userId, groupId: null, username: nameOf(profile.username), name: nameOf(profile.name) };
}

type Relation = Pick<InboundMessage, "refersTo" | "amends" | "emoji" | "newBody">;

/** What names no target cannot amend anything: it is then a message like any other. */
function relationOf(item: JsonObject, type: string): Relation {
  const { reaction, edit, revoke, context } = item;
  if (type === "reaction" && isObject(reaction)) {
    const emoji = typeof reaction.emoji === "string" ? cleanText(reaction.emoji.trim(), EMOJI_LENGTH) : "";
    return amendment("reaction", idOf(reaction.message_id), { emoji: emoji || null });
  }
  if (type === "edit" && isObject(edit) && isObject(edit.message)) {
    return amendment("edit", idOf(edit.original_message_id), { newBody: bodyOf(edit.message) });
  }
  if (type === "revoke" && isObject(revoke)) return amendment("revoke", idOf(revoke.original_message_id), {});
  // A forwarded message has a context too, without an id.
  return { refersTo: isObject(context) ? idOf(context.id) : null, amends: null, emoji: null, newBody: null };
}

function amendment(amends: Amendment, refersTo: string | null, more: Partial<Relation>): Relation {
  const nothing = { refersTo: null, amends: null, emoji: null, newBody: null };
  return refersTo ? { ...nothing, ...more, refersTo, amends } : nothing;
}

function nameOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? cleanText(value, NAME_LENGTH) : null;
}
