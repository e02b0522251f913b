import { maskPhone } from "./domain/phone-number.ts";

/** Every log event, with the title that operators search for. */
const events = {
  incoming_message: "📥 WABA: Incoming message",
  incoming_status: "📶 WABA: Status",
  history_imported: "🗃️ WABA: History imported",
  notice_stored: "🗂️ WABA: Event stored",
  account_notice: "🚨 WABA: Meta restricted the account or a phone: see the notice",
  notice_unassigned:
    "🚨 WABA: Critical notice of an account or phone that no row names: see the stored event",
  webhook_refused: "⛔ WABA: Webhook refused",
  webhook_not_durable: "⛔ WABA: Webhook not stored",
  item_refused: "☣️ WABA: Postgres rejected an item",
  store_failed: "⏳ WABA: Webhook not stored yet",
  database_read_only: "🚨 WABA: Postgres accepts no writes",
  schema_outdated: "🚨 WABA: Database schema does not match this version: is a migration missing?",
  spooled: "⏳ WABA: Spooled",
  spool_full: "🚨 WABA: Spool full",
  drain_failed: "⏳ WABA: Spool not drained yet",
  drained: "✅ WABA: Spool drained",
  overdue: "🚨 WABA: Work is overdue",
  publish_timed_out: "📡 WABA: Publish timed out",
  message_sent: "📤 WABA: Message accepted by Meta",
  message_failed: "⚠️ WABA: Message not sent",
  message_unknown: "❓ WABA: Outcome of a send unknown",
  send_result_not_recorded: "⏳ WABA: Result of a send not recorded yet",
  sending_paused: "⏸️ WABA: Sending paused: Meta rejects the phone's access token",
  sending_resumed: "▶️ WABA: Sending resumed",
  number_check: "⚠️ WABA: Number check",
  alarm_not_delivered: "⏳ WABA: Alarm not delivered to ALARM_WEBHOOK_URL",
  contacts_merged: "🔗 WABA: Contacts merged",
  contacts_unmerged: "✂️ WABA: Contact merge undone",
  contact_erased: "🧽 WABA: Contact erased",
  identity_conflict: "⚠️ WABA: Two contacts have used the same phone number",
  token_sealed: "🔏 WABA: Access token sealed",
  token_not_sealed: "🔓 WABA: Access token stored unsealed: set TOKEN_SEALING_KEY",
  old_rows_removed: "🧹 WABA: Old rows removed",
  file_stored: "🖼️ WABA: File stored",
  file_not_stored: "⏳ WABA: File not stored yet",
  read_receipt_failed: "⚠️ WABA: Read receipt not sent",
  access_refused: "⛔ WABA: Access refused",
  token_refused: "⛔ WABA: Token refused",
  signin_keys_unavailable: "🔑 WABA: Sign-in keys cannot be fetched: known ones are used for up to a day",
  request_failed: "💥 WABA: Request failed",
  socket_opened: "🔌 WABA: Socket opened",
} as const;

export type LogEvent = keyof typeof events;

/**
 * The only fields of a log line: our own ids, codes and durations. No message text, no token, no wamid; phone numbers are
 * masked.
 */
export type LogFields = {
  requestId?: string | undefined;
  organizationId?: number | undefined;
  organizationPhoneId?: number | null | undefined;
  chatId?: number | undefined;
  messageId?: number | null | undefined;
  noticeId?: number | undefined;
  eventId?: number | undefined;
  agentId?: number | undefined;
  mediaId?: number | undefined;
  /** Which rows were removed. */
  group?: string | undefined;
  contactId?: number | undefined;
  otherContactId?: number | undefined;
  seq?: number | undefined;
  status?: string | undefined;
  code?: string | number | null | undefined;
  fbtraceId?: string | null | undefined;
  sqlState?: string | null | undefined;
  /** The error's class; never its text, which may quote the data that caused it. */
  error?: string | undefined;
  /** What a token failed at: a claim's name, or a check of its form. */
  check?: string | undefined;
  method?: string | undefined;
  /** The route's pattern, not the requested path. */
  route?: string | undefined;
  count?: number | undefined;
  ms?: number | undefined;
  resume?: string | undefined;
  phone?: string | undefined;
};

/** Writes one line: the event's title, then the fields as JSON, which escapes line breaks. */
export function log(event: LogEvent, fields: LogFields = {}): void {
  const { phone } = fields;
  const masked = phone === undefined ? fields : { ...fields, phone: maskPhone(phone) };
  console.log(`${events[event]} ${JSON.stringify(masked)}`);
}

/** The class of an error, for the log: its text may contain anything. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
