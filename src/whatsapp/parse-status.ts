import type { InboundStatus, Price, StatusConversation } from "../domain/inbound-event.ts";
import { isUserId } from "../domain/user-id.ts";
import { cleanText } from "./clean-text.ts";
import { toMessageError } from "./graph-errors.ts";
import { idOf, objectsOf, phoneIdOf, shortTextOf, timeOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";
import { ERRORS, TAG_LENGTH } from "./limits.ts";
import { isPayment, parsePayment } from "./parse-payment.ts";

/** What the item itself contains; `flatten` adds its place and its JSON texts. */
export type ParsedStatus = Omit<InboundStatus, "kind" | "phoneNumberId" | "payload" | "envelope">;

const STATUS_LENGTH = 64;

/** Reads one item of `statuses[]`. Null without a wamid, a moment in time or a status. */
export function parseStatus(item: unknown, contact: JsonObject | null): ParsedStatus | null {
  if (!isObject(item)) return null;
  const wamid = idOf(item.id);
  const at = timeOf(item.timestamp);
  const { errors, biz_opaque_callback_data: tag } = item;
  const status = statusOf(item);
  if (!wamid || !at || status === null) return null;
  const payment = isPayment(item) ? parsePayment(item, at) : null;
  const participant = participantOf(item);
  const reported = objectsOf(errors, ERRORS);
  const mistakes = reported.map((error) => toMessageError(error));
  return {
    wamid,
    status,
    participant: payment ? `${payment.transactionId ?? ""}@${at}` : (participant ?? ""),
    tag: typeof tag === "string" ? cleanText(tag, TAG_LENGTH) : null,
    contact: participant || item.recipient_type === "group" ? NO_CONTACT : recipientOf(item, contact ?? {}),
    error: mistakes[0] ?? null,
    errors: mistakes,
    price: priceOf(item),
    conversation: conversationOf(item.conversation),
    payment,
    at,
  };
}

/**
 * Meta's status. That of an order's payment is kept apart, as `payment.failed`: the message itself did not fail.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-in/orderdetailstemplate
 */
function statusOf(item: JsonObject): string | null {
  const { status } = item;
  if (typeof status !== "string" || status.trim() === "") return null;
  return cleanText(isPayment(item) ? `payment.${status}` : status, STATUS_LENGTH);
}

const NO_CONTACT = { phone: null, userId: null };

/** In a group, statuses come per participant. Meta's page on groups spells the first of these in two ways. */
function participantOf(item: JsonObject): string | null {
  const { recipient_participant_id, recipient_participant_user_id, participant_recipient_id } = item;
  return (
    idOf(recipient_participant_id) ?? idOf(recipient_participant_user_id) ?? idOf(participant_recipient_id)
  );
}

function recipientOf(item: JsonObject, contact: JsonObject): InboundStatus["contact"] {
  const ids = [item.recipient_id, contact.wa_id].map(phoneIdOf).filter((id) => id !== null);
  const phone = ids.find((id) => !isUserId(id)) ?? null;
  return {
    phone,
    userId: idOf(item.recipient_user_id) ?? idOf(contact.user_id) ?? ids.find(isUserId) ?? null,
  };
}

/** Of what goes to a group Meta puts the price into the conversation. */
function priceOf({ pricing, conversation }: JsonObject): Price | null {
  const price = isObject(pricing) ? pricing : isObject(conversation) ? conversation.pricing : null;
  if (!isObject(price)) return null;
  return {
    billable: typeof price.billable === "boolean" ? price.billable : null,
    model: shortTextOf(price.pricing_model),
    type: shortTextOf(price.type),
    category: shortTextOf(price.category),
  };
}

function conversationOf(conversation: unknown): StatusConversation | null {
  if (!isObject(conversation)) return null;
  const { id, expiration_timestamp, origin } = conversation;
  return {
    id: idOf(id),
    expiresAt: timeOf(expiration_timestamp),
    origin: isObject(origin) ? shortTextOf(origin.type) : null,
  };
}
