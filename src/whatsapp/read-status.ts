import type { InboundStatus } from "../domain/inbound-event.ts";
import { isUserId } from "../domain/phone-number.ts";
import { cleanText } from "./clean-text.ts";
import { toMessageError } from "./graph-errors.ts";
import { idOf, isObject, type JsonObject, timeOf } from "./json-text.ts";

/** What is read from the item itself; its place and its JSON texts are added by `flatten`. */
export type StatusReading = Omit<InboundStatus, "kind" | "phoneNumberId" | "payload" | "source">;

const STATUS_LENGTH = 64;
/** Meta's limit for `biz_opaque_callback_data`. */
const TAG_LENGTH = 512;

/** Reads one item of `statuses[]`. Null without a wamid, a moment in time or a status. */
export function readStatus(item: unknown, contact: JsonObject | null): StatusReading | null {
  if (!isObject(item)) return null;
  const wamid = idOf(item.id);
  const at = timeOf(item.timestamp);
  const { status, errors, biz_opaque_callback_data: tag } = item;
  if (!wamid || !at || typeof status !== "string" || status.trim() === "") return null;
  const participant = participantOf(item);
  const [error] = Array.isArray(errors) ? errors : [];
  return {
    wamid,
    status: cleanText(status, STATUS_LENGTH),
    participant: participant ?? "",
    tag: typeof tag === "string" ? cleanText(tag, TAG_LENGTH) : null,
    contact: participant || item.recipient_type === "group" ? NOBODY : recipientOf(item, contact ?? {}),
    error: isObject(error) ? toMessageError(error) : null,
    at,
  };
}

const NOBODY = { phone: null, userId: null };

/** Each participant of a group reports for himself. Meta's page on groups spells the first of these in two ways. */
function participantOf(item: JsonObject): string | null {
  const { recipient_participant_id, recipient_participant_user_id, participant_recipient_id } = item;
  return (
    idOf(recipient_participant_id) ?? idOf(recipient_participant_user_id) ?? idOf(participant_recipient_id)
  );
}

function recipientOf(item: JsonObject, contact: JsonObject): InboundStatus["contact"] {
  const ids = [item.recipient_id, contact.wa_id].map(idOf).filter((id) => id !== null);
  const phone = ids.find((id) => !isUserId(id)) ?? null;
  return {
    phone,
    userId: idOf(item.recipient_user_id) ?? idOf(contact.user_id) ?? ids.find(isUserId) ?? null,
  };
}
