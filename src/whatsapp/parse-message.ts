import type { Amendment, InboundMessage, MediaReference, Sighting } from "../domain/inbound-event.ts";
import type { MessageContent } from "../domain/message-content.ts";
import { isUserId } from "../domain/user-id.ts";
import { isCallId } from "./call-id.ts";
import { cleanText } from "./clean-text.ts";
import { messageTypeOf, parseContent } from "./content/parse-content.ts";
import { toBody } from "./content/to-body.ts";
import { idOf, phoneIdOf, timeOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";
import { opensServiceWindow } from "./opens-service-window.ts";
import { parseIdentityChange } from "./parse-identity.ts";

/** What the item itself contains; `flatten` adds its place and its JSON texts. */
export type ParsedMessage = Omit<InboundMessage, "kind" | "phoneNumberId" | "payload" | "envelope">;

const NAME_LENGTH = 512;

/**
 * Reads one item of `messages[]`, or with `fromMe` of `message_echoes[]`: there `from` is our own number and the person
 * outside is `to`. Null without a wamid, a time or a customer.
 */
export function parseMessage(
  item: unknown,
  contact: JsonObject | null,
  fromMe: boolean,
): ParsedMessage | null {
  if (!isObject(item)) return null;
  const id = idOf(item.id);
  const at = timeOf(item.timestamp);
  const sighting = sightingOf(item, contact ?? {}, fromMe);
  if (!id || !at || !sighting) return null;
  const type = messageTypeOf(item);
  const identityChange = fromMe ? null : parseIdentityChange(item);
  const parsed = parseContent(item);
  const sender = fromMe ? null : (parsed.sender?.userId ?? parsed.sender?.phone);
  const member = sighting.groupId && !fromMe ? personOf(item, contact ?? {}, fromMe) : null;
  const content = parsed.sender ? { ...parsed, sender: member && senderOf(member) } : parsed;
  const media = mediaOf(content);
  const relation = relationOf(content);
  // The id is that of the call's own row: the voicemail is another message, which replies to it.
  const isVoicemail = isCallId(id);
  return {
    wamid: isVoicemail ? `${id}#voicemail` : id,
    fromMe,
    contact: sighting,
    messageType: type,
    body: toBody(content),
    content: JSON.stringify(content),
    ...(sender && { sender }),
    ...(member && { member: memberOf(member) }),
    ...(media && { media }),
    ...relation,
    ...(isVoicemail && { refersTo: relation.refersTo ?? id }),
    opensServiceWindow: !fromMe && opensServiceWindow(content),
    ...(identityChange && { identityChange }),
    at,
  };
}

/** In a group it is the group that is the contact. */
function sightingOf(item: JsonObject, contact: JsonObject, fromMe: boolean): Sighting | null {
  const groupId = idOf(item.group_id);
  if (groupId) return { phone: null, userId: null, groupId, username: null, name: null };
  return personOf(item, contact, fromMe);
}

function memberOf({ groupId: _group, username: _username, ...member }: Sighting) {
  return member;
}

function senderOf({ name, phone, userId }: Sighting) {
  return { name, phone, userId };
}

/** The person outside; null when nobody is named. */
function personOf(item: JsonObject, contact: JsonObject, fromMe: boolean): Sighting | null {
  const [named, said] = fromMe ? [item.to_user_id, item.to] : [item.from_user_id, item.from];
  const parent =
    idOf(fromMe ? item.to_parent_user_id : item.from_parent_user_id) ?? idOf(contact.parent_user_id);
  const ids = [said, contact.wa_id].map(phoneIdOf).filter((id) => id !== null);
  const phone = ids.find((id) => !isUserId(id)) ?? null;
  const ownUserId = idOf(named) ?? idOf(contact.user_id) ?? ids.find(isUserId) ?? null;
  // "user_changed_user_id" may come without `from`; then the new id in it is all that is known of the person.
  const userId = ownUserId ?? (phone || !isObject(item.system) ? null : idOf(item.system.user_id));
  if (!phone && !userId) return null;
  const profile = isObject(contact.profile) ? contact.profile : {};
  const known = { username: nameOf(profile.username), name: nameOf(profile.name) };
  return { phone, userId, ...(parent && { parentUserId: parent }), groupId: null, ...known };
}

type Relation = Pick<InboundMessage, "refersTo" | "amends" | "emoji" | "newBody">;

/** What names no target cannot amend anything: it is then a message like any other. */
function relationOf(content: MessageContent): Relation {
  switch (content.type) {
    case "reaction":
      return amendment("reaction", content.wamid, { emoji: content.emoji });
    case "edit":
      return amendment("edit", content.message && content.wamid, {
        newBody: content.message && toBody(content.message),
      });
    case "revoke":
      return amendment("revoke", content.wamid, {});
    default:
      // A forwarded message has a context too, without an id.
      return { refersTo: content.context?.wamid ?? null, amends: null, emoji: null, newBody: null };
  }
}

function amendment(amends: Amendment, refersTo: string | null, more: Partial<Relation>): Relation {
  const nothing = { refersTo: null, amends: null, emoji: null, newBody: null };
  return refersTo ? { ...nothing, ...more, refersTo, amends } : nothing;
}

/** That of an edit is the file that the message has from then on. */
function mediaOf(content: MessageContent): MediaReference | null {
  if (content.type === "edit") return content.message && mediaOf(content.message);
  if (!("mediaId" in content) || content.mediaId === null) return null;
  const { mediaId: metaId, mimeType, fileName, sha256 } = content;
  return { metaId, mimeType, fileName, sha256 };
}

function nameOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? cleanText(value, NAME_LENGTH) : null;
}
