import type { ContentByType } from "../../domain/message-content.ts";
import { isUserId } from "../../domain/user-id.ts";
import { idOf, shortTextOf, textOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";

type System = Extract<ContentByType, { type: "system" }>;

/** Meta's names, of today and of before 2026. */
const EVENTS: Record<string, System["event"]> = {
  user_changed_number: "numberChanged",
  customer_changed_number: "numberChanged",
  user_changed_user_id: "userIdChanged",
  user_identity_changed: "identityChanged",
  customer_identity_changed: "identityChanged",
};

/**
 * What WhatsApp says of the person outside. Who they were is read from the message itself; the old user id only stands in
 * Meta's sentence, and is believed where the same sentence ends in the new one, since names come before.
 */
export function parseSystem(item: JsonObject, content: JsonObject): System {
  const name = shortTextOf(content.type);
  const event = (name !== null && Object.hasOwn(EVENTS, name) && EVENTS[name]) || "other";
  const text = textOf(content.body);
  const from = idOf(item.from);
  const phone = phoneOf(idOf(content.wa_id)) ?? phoneOf(idOf(content.new_wa_id));
  const userId = idOf(content.user_id);
  const named = [
    idOf(content.previous_user_id),
    idOf(item.from_user_id),
    from && isUserId(from) ? from : null,
  ];
  const oldUserId = [...named, userIdBefore(text, userId)].find((id) => id !== null && id !== userId) ?? null;
  return {
    type: "system",
    event,
    name,
    text,
    previous: { phone: phoneOf(from) ?? phoneOf(idOf(content.customer)), userId: oldUserId },
    current: { phone, userId, parentUserId: idOf(content.parent_user_id) },
  };
}

function phoneOf(id: string | null): string | null {
  return id !== null && !isUserId(id) ? id : null;
}

function userIdBefore(text: string | null, userId: string | null): string | null {
  const [, before, after] = text?.match(/ from (\S{1,200}) to (\S{1,200}?)\.?$/) ?? [];
  return before && after === userId && isUserId(before) ? before : null;
}
