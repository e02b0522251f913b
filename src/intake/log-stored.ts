import { sqlState } from "../db/client.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { errorName, log } from "../log.ts";
import type { Stored } from "./ingest-batch.ts";

/** One line for each thing that is new, and one for a batch that failed. */
export function logStored(events: InboundEvent[], { committed, errors }: Stored): void {
  const phones = new Map(committed.chats.map((chat) => [chat.id, chat.organizationPhoneId]));
  for (const { isNew, event, fromMe, chatId, messageId, seq } of committed.events) {
    if (!isNew || messageId === null) continue;
    const incoming = event === "message.created" && !fromMe;
    const organizationPhoneId = phones.get(chatId);
    log(incoming ? "incoming_message" : "incoming_status", { organizationPhoneId, chatId, messageId, seq });
  }
  const kept = events.filter((event, i) => event.kind === "notice" && errors[i] === null).length;
  if (kept > 0) log("notice_kept", { count: kept });
  const failure = errors.find((error) => error !== null);
  if (failure) log("store_failed", { sqlState: sqlState(failure), error: errorName(failure) });
}
