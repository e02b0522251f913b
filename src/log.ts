import { maskPhone } from "./domain/phone-number.ts";

/** Every event that is logged, with the mark that people look for. */
const events = {
  incoming_message: "📥 WABA: Incoming message",
  incoming_status: "📶 WABA: Status",
  history_imported: "🗃️ WABA: Old messages imported",
  notice_stored: "🗂️ WABA: Event stored",
  account_notice: "🚨 WABA: Meta restricts the account or a number: see the notice",
  webhook_refused: "⛔ WABA: Webhook refused",
  webhook_not_durable: "⛔ WABA: Webhook not stored",
  item_refused: "☣️ WABA: Item refused by the database",
  store_failed: "⏳ WABA: Not stored yet",
  writes_refused: "🚨 WABA: Postgres takes no writes",
  schema_differs: "🚨 WABA: The database's schema is not this code's: is a migration missing?",
  spooled: "⏳ WABA: Spooled",
  spool_full: "🚨 WABA: Spool full",
  drain_failed: "⏳ WABA: Spool not drained yet",
  drained: "✅ WABA: Spool drained",
  stuck: "🚨 WABA: Waits too long",
  publish_cut_off: "📡 WABA: Publish not finished in time",
  message_sent: "📤 WABA: Message accepted by Meta",
  message_failed: "⚠️ WABA: Message not sent",
  message_unknown: "❓ WABA: Fate of a message unknown",
  send_not_recorded: "⏳ WABA: End of a send not recorded yet",
  sending_paused: "⏸️ WABA: Sending paused: the number has no access token that Meta takes",
  sending_resumed: "▶️ WABA: Sending resumed",
  contacts_merged: "🔗 WABA: Contacts merged",
  contacts_unmerged: "✂️ WABA: Contact merge undone",
  identity_conflict: "⚠️ WABA: Two contacts have used one phone number",
  token_sealed: "🔏 WABA: Token sealed",
  token_not_sealed: "🔓 WABA: Raw token used and not sealed: set TOKEN_SEALING_KEY",
  file_stored: "🖼️ WABA: File stored",
  file_not_stored: "⏳ WABA: File not stored",
  read_receipt_failed: "⚠️ WABA: Read receipt not sent to Meta",
  access_refused: "⛔ WABA: Access refused",
  token_refused: "⛔ WABA: Token refused",
  signin_keys_unavailable: "🔑 WABA: Sign-in keys cannot be fetched: known ones are used for up to a day",
  request_failed: "💥 WABA: Request failed",
  socket_resumed: "🔌 WABA: Socket opened",
} as const;

export type LogEvent = keyof typeof events;

/** All that a line may hold: our own ids, codes and times. No text, no token, no wamid; a phone only masked. */
export type LogFields = {
  requestId?: string | undefined;
  organizationId?: number | undefined;
  organizationPhoneId?: number | null | undefined;
  chatId?: number | undefined;
  messageId?: number | null | undefined;
  noticeId?: number | undefined;
  agentId?: number | undefined;
  mediaId?: number | undefined;
  contactId?: number | undefined;
  otherContactId?: number | undefined;
  seq?: number | undefined;
  status?: string | undefined;
  code?: string | number | null | undefined;
  fbtraceId?: string | null | undefined;
  sqlState?: string | null | undefined;
  /** An error's class; never its text, which may quote what it stumbled over. */
  error?: string | undefined;
  /** What a token failed at: a claim's name, or a check of its form. */
  check?: string | undefined;
  method?: string | undefined;
  /** The route's pattern, not the address. */
  route?: string | undefined;
  count?: number | undefined;
  ms?: number | undefined;
  resume?: string | undefined;
  phone?: string | undefined;
};

/** Writes one line: the event's mark, then the fields as JSON, which escapes line breaks. */
export function log(event: LogEvent, fields: LogFields = {}): void {
  const { phone } = fields;
  const masked = phone === undefined ? fields : { ...fields, phone: maskPhone(phone) };
  console.log(`${events[event]} ${JSON.stringify(masked)}`);
}

/** The class of an error, for the log: its text may hold anything. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
