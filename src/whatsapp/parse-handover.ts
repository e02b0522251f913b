import type { NoticeMessage } from "../domain/inbound-event.ts";
import type { ContentOf } from "../domain/message-content.ts";
import { isUserId } from "../domain/user-id.ts";
import { toBody } from "./content/to-body.ts";
import { idOf, objectOf, phoneIdOf, shortTextOf, textOf, timeOf } from "./json-fields.ts";
import type { JsonObject } from "./json-text.ts";

type Handover = Omit<
  ContentOf<"handover">,
  "type" | "context" | "referral" | "sender" | "identityHash" | "errors"
> & {
  contact: { phone: string | null; userId: string | null };
  at: string | null;
};

/** Parses a value of the field `messaging_handovers`: which of several apps answers a customer from now on, and why. */
export function parseHandover(value: JsonObject): Handover {
  const control = objectOf(value.control_passed ?? value.control_taken);
  // Meta's page has the context within; it was also seen beside.
  const context = objectOf(control.conversation_context ?? value.conversation_context);
  const sender = objectOf(value.sender);
  const ids = [phoneIdOf(sender.phone_number), phoneIdOf(sender.wa_id), idOf(sender.user_id)];
  return {
    contact: {
      phone: ids.find((id) => id !== null && !isUserId(id)) ?? null,
      userId: ids.find((id) => id !== null && isUserId(id)) ?? null,
    },
    at: timeOf(value.timestamp),
    change: shortTextOf(value.type),
    previousAppId: idOf(control.previous_owner_app_id) ?? idOf(objectOf(control.previous_owner).app_id),
    summary: textOf(objectOf(context.summary).text) ?? textOf(context.summary),
    metadata: textOf(control.metadata) ?? textOf(value.metadata) ?? jsonOf(control.metadata),
  };
}

/**
 * A handover as its chat shows it, with the words that came along. Meta gives it no id: ours is made of what it says, so that a
 * redelivery has the same. Null where it names no customer, number or time.
 */
export function parseHandoverMessage(value: JsonObject, phoneNumberId: string | null): NoticeMessage | null {
  const { contact, at, ...fields } = parseHandover(value);
  const person = contact.phone ?? contact.userId;
  if (!person || !at || !phoneNumberId) return null;
  const commonFields = { context: null, referral: null, sender: null, identityHash: null, errors: [] };
  const content: ContentOf<"handover"> = { type: "handover", ...fields, ...commonFields };
  return {
    phoneNumberId,
    wamid: `handover.${person}.${Date.parse(at) / 1000}.${fields.change ?? ""}`,
    fromMe: false,
    contact: { ...contact, groupId: null, username: null, name: null },
    messageType: "handover",
    body: toBody(content),
    payload: JSON.stringify(value),
    content: JSON.stringify(content),
    refersTo: null,
    amends: null,
    emoji: null,
    newBody: null,
    opensServiceWindow: false,
    at,
  };
}

/** What an app passes along is text of its own: usually JSON as text. */
function jsonOf(value: unknown): string | null {
  return typeof value === "object" && value !== null ? textOf(JSON.stringify(value)) : null;
}
