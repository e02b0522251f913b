import { isReadOnly, isSchemaMismatch, sqlState } from "../db/client.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { errorName, type LogEvent, log } from "../log.ts";
import type { BatchResult } from "./ingest-batch.ts";

/**
 * Logs one line for each new message, status, notice and merge, and one for a failed batch. Logs an alert for an operator once,
 * and repeats it only after a batch was stored in between.
 */
export class StoreLog {
  #alert: LogEvent | null = null;

  add(
    events: InboundEvent[],
    { committed, errors, unknownPhones, identities, unassigned = [] }: BatchResult,
  ): void {
    // One line for a whole import.
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
    const noticeCount = events.filter((event, i) => event.kind === "notice" && errors[i] === null).length;
    if (noticeCount > 0) log("notice_stored", { count: noticeCount });
    for (const { organizationId, notice } of committed.notices ?? []) {
      const { id: noticeId, organizationPhoneId, kind: code } = notice;
      if (notice.severity === "critical")
        log("account_notice", { organizationId, organizationPhoneId, noticeId, code });
    }
    for (const { eventId, reason } of unassigned) log("notice_unassigned", { eventId, code: reason });
    for (const { mergeId: _, ...ids } of identities?.merges ?? []) log("contacts_merged", ids);
    for (const ids of identities?.conflicts ?? []) log("identity_conflict", ids);
    if (unknownPhones > 0) log("notice_stored", { code: "unknown_number", count: unknownPhones });
    this.#logFailure(errors.find((error) => error !== null));
  }

  #logFailure(failure: Error | undefined): void {
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
