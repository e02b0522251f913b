import { isReadOnly, isSchemaMismatch, sqlState } from "../db/client.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { errorName, type LogEvent, log } from "../log.ts";
import type { Stored } from "./ingest-batch.ts";

/**
 * Writes one line for each thing that is new, and one for a batch that failed. What somebody must see to is told once,
 * and again only after a batch was stored.
 */
export class StoreLog {
  #alert: LogEvent | null = null;

  add(events: InboundEvent[], { committed, errors, unknownPhones, identities }: Stored): void {
    // Of an import one line is enough.
    const isImport = events.every((event) => event.kind === "message" && event.isHistory);
    if (isImport) {
      const count = committed.events.filter((one) => one.isNew && one.event === "message.created").length;
      if (count > 0) log("history_imported", { count });
    }
    const phones = new Map<number, number>();
    for (const { id, organizationPhoneId } of committed.chats) phones.set(id, organizationPhoneId);
    for (const { isNew, event, fromMe, chatId, messageId, seq } of committed.events) {
      if (isImport || !isNew || messageId === null) continue;
      const incoming = event === "message.created" && !fromMe;
      const organizationPhoneId = phones.get(chatId);
      log(incoming ? "incoming_message" : "incoming_status", { organizationPhoneId, chatId, messageId, seq });
    }
    const kept = events.filter((event, i) => event.kind === "notice" && errors[i] === null).length;
    if (kept > 0) log("notice_stored", { count: kept });
    for (const { organizationId, notice } of committed.notices ?? []) {
      const { id: noticeId, organizationPhoneId, kind: code } = notice;
      if (notice.severity === "critical")
        log("account_notice", { organizationId, organizationPhoneId, noticeId, code });
    }
    for (const { mergeId: _, ...ids } of identities?.merges ?? []) log("contacts_merged", ids);
    for (const ids of identities?.conflicts ?? []) log("identity_conflict", ids);
    if (unknownPhones > 0) log("notice_stored", { code: "unknown_number", count: unknownPhones });
    this.#tellOf(errors.find((error) => error !== null));
  }

  #tellOf(failure: Error | undefined): void {
    if (!failure) {
      this.#alert = null;
      return;
    }
    const alert = alertOf(failure);
    if (alert && alert !== this.#alert) log(alert, { sqlState: sqlState(failure) });
    this.#alert = alert;
    log("store_failed", { sqlState: sqlState(failure), error: errorName(failure) });
  }
}

function alertOf(failure: Error): LogEvent | null {
  if (isReadOnly(failure)) return "database_read_only";
  return isSchemaMismatch(failure) ? "schema_outdated" : null;
}
