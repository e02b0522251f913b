import type { MessageError } from "../domain/message.ts";
import type { ServiceWindow } from "../domain/service-window.ts";
import { cleanText } from "./clean-text.ts";
import { advice, titles } from "./graph-error-texts.ts";
import { integerOf } from "./json-fields.ts";

/** Who can fix the cause; `none`: it passes, or cannot be fixed. */
export type Owner = "admin" | "agent" | "developers" | "none";

/**
 * Whether to send again. `automatic`: the Sender retries, and only on the response to the send call, because Meta refuses
 * these before processing. `manual`: not delivered, so the agent may send it again. `after_fix`: likewise, once the cause
 * is fixed. `template`: send a template, or another one. `never_blind`: it may have been delivered, so the system never
 * repeats it. `never`: repeating fails again or does harm.
 */
export type Retry = "automatic" | "manual" | "after_fix" | "template" | "never_blind" | "never";

/** A code, or the first and the last of a range. */
type Codes = readonly (number | readonly [number, number])[];
type Row = { codes: Codes; owner: Owner; retry: Retry };

/**
 * Meta's error codes, grouped by cause. The code alone decides, never the title or the HTTP status, as Meta asks. Rows
 * without codes are chosen by `explain`. https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export const graphErrors = {
  access_token_invalid: { codes: [0, 190], owner: "admin", retry: "after_fix" },
  phone_disconnected: { codes: [], owner: "admin", retry: "after_fix" },
  permission_missing: { codes: [3, 10, [200, 299], 131005], owner: "admin", retry: "after_fix" },
  phone_number_not_found: { codes: [33], owner: "admin", retry: "after_fix" },
  account_not_found: { codes: [], owner: "admin", retry: "after_fix" },
  template_not_found: { codes: [], owner: "admin", retry: "after_fix" },
  file_not_found: { codes: [], owner: "agent", retry: "manual" },
  request_not_accepted: { codes: [100, 131008, 131009, 135000], owner: "developers", retry: "never" },
  window_closed: { codes: [], owner: "agent", retry: "template" },
  window_not_counted: { codes: [], owner: "agent", retry: "template" },
  customer_has_not_written: { codes: [131047], owner: "agent", retry: "template" },
  undeliverable: { codes: [131026], owner: "agent", retry: "never" },
  recipient_is_sender: { codes: [131021], owner: "agent", retry: "never" },
  recipient_not_on_test_list: { codes: [131030], owner: "admin", retry: "after_fix" },
  customer_blocked: { codes: [130403], owner: "admin", retry: "after_fix" },
  marketing_limited: { codes: [131049], owner: "none", retry: "never" },
  marketing_opted_out: { codes: [131050], owner: "agent", retry: "never" },
  customer_in_experiment: { codes: [130472], owner: "none", retry: "never" },
  type_not_supported: { codes: [131051], owner: "agent", retry: "never" },
  customer_file_lost: { codes: [131052], owner: "agent", retry: "never" },
  file_not_accepted: { codes: [131053], owner: "agent", retry: "manual" },
  recipient_rate_limited: { codes: [131056], owner: "none", retry: "automatic" },
  number_rate_limited: { codes: [130429], owner: "none", retry: "automatic" },
  request_limit_reached: { codes: [4, 80007], owner: "none", retry: "automatic" },
  spam_limited: { codes: [131048], owner: "admin", retry: "after_fix" },
  category_limited: { codes: [131064], owner: "admin", retry: "after_fix" },
  account_locked: { codes: [368, 131031], owner: "admin", retry: "after_fix" },
  country_not_allowed: { codes: [130497], owner: "admin", retry: "never" },
  payment_problem: { codes: [131042, 131044], owner: "admin", retry: "after_fix" },
  payment_terms_missing: { codes: [134011], owner: "admin", retry: "after_fix" },
  display_name_not_approved: { codes: [131037], owner: "admin", retry: "after_fix" },
  number_not_registered: { codes: [133010], owner: "admin", retry: "after_fix" },
  registration_unfinished: { codes: [131045, 133000, 133006, 133015], owner: "admin", retry: "after_fix" },
  pin_wrong: { codes: [133005, 133008, 133009], owner: "admin", retry: "after_fix" },
  too_many_registrations: { codes: [133016], owner: "admin", retry: "never" },
  marketing_switched_off: { codes: [131055, 131063, [134100, 134102]], owner: "admin", retry: "after_fix" },
  phone_number_needed: { codes: [131062], owner: "agent", retry: "never" },
  template_values_wrong: { codes: [132000, 132008, 132012, 132018], owner: "agent", retry: "template" },
  template_missing: { codes: [132001], owner: "agent", retry: "template" },
  template_too_long: { codes: [132005], owner: "agent", retry: "template" },
  template_against_policy: { codes: [132007], owner: "admin", retry: "template" },
  template_paused: { codes: [132015], owner: "agent", retry: "template" },
  template_disabled: { codes: [132016], owner: "agent", retry: "template" },
  form_limited: { codes: [132068, 132069], owner: "admin", retry: "never" },
  identity_changed: { codes: [137000], owner: "agent", retry: "never" },
  calling_not_enabled: { codes: [138000, 138018], owner: "admin", retry: "after_fix" },
  call_not_possible: { codes: [138001], owner: "agent", retry: "never" },
  call_in_progress: { codes: [138003], owner: "agent", retry: "manual" },
  call_not_connected: { codes: [138004, 138007], owner: "agent", retry: "manual" },
  call_not_permitted: { codes: [138006, 138009], owner: "agent", retry: "never" },
  call_limit_reached: { codes: [613, 138002, 138005, 138012, 138013], owner: "none", retry: "manual" },
  call_or_form_refused: { codes: [138008, 138010, 138011, [138014, 138017]], owner: "admin", retry: "never" },
  form_not_saved: { codes: [[139000, 139004]], owner: "admin", retry: "never" },
  block_list_refused: { codes: [[139100, 139102]], owner: "admin", retry: "never" },
  username_refused: { codes: [[147001, 147005]], owner: "admin", retry: "never" },
  template_text_refused: {
    codes: [2388040, 2388047, 2388072, 2388073, 2388293, 2388299],
    owner: "admin",
    retry: "never",
  },
  template_limit_reached: { codes: [2388019], owner: "admin", retry: "never" },
  template_name_taken: { codes: [2388023, 2388024], owner: "admin", retry: "never" },
  // The rest of 2388xxx: a code listed on its own wins over a range.
  template_or_history_refused: {
    codes: [
      [2388000, 2388999],
      [2593107, 2593109],
    ],
    owner: "admin",
    retry: "never",
  },
  meta_in_trouble: {
    codes: [1, 2, 131000, 131016, 131057, 133004, 139103, 2494100],
    owner: "none",
    retry: "never_blind",
  },
  meta_failed: { codes: [], owner: "none", retry: "manual" },
  limit_reached: { codes: [], owner: "none", retry: "manual" },
  not_confirmed: { codes: [], owner: "agent", retry: "never_blind" },
  unreachable: { codes: [], owner: "none", retry: "automatic" },
  other: { codes: [], owner: "admin", retry: "manual" },
} as const satisfies Record<string, Row>;

export type GraphErrorName = keyof typeof graphErrors;

export type Explanation = {
  name: GraphErrorName;
  title: string;
  owner: Owner;
  /** What to do about it, in a sentence or two. */
  advice: string;
  retry: Retry;
};

/** What a call asks Graph for: a phone number, a WhatsApp Business account, a template or a file, each by Meta's id. */
export type MetaObject = "phone" | "account" | "template" | "file";

const NOT_FOUND: Record<MetaObject, GraphErrorName> = {
  phone: "phone_number_not_found",
  account: "account_not_found",
  template: "template_not_found",
  file: "file_not_found",
};

/** Subcodes of 100 that name the cause: a number, a template, a history. Others have other meanings. */
const CAUSE_SUBCODE = /^(?:33|2388\d{3}|259310[7-9])$/;

/** A code listed on its own wins over a range that contains it; null when no row has it. */
const nameOfCode = (code: number): GraphErrorName | null => {
  const rows = Object.entries(graphErrors) as [GraphErrorName, Row][];
  const inRange = (one: Codes[number]) => typeof one !== "number" && one[0] <= code && code <= one[1];
  const row =
    rows.find(([, { codes }]) => codes.includes(code)) ?? rows.find(([, r]) => r.codes.some(inRange));
  return row?.[0] ?? null;
};

/**
 * Explains Meta's error code. 100 only says that a parameter is wrong: a subcode from the table says which (33: the object
 * that was asked for was not found). 131047 depends on the chat's customer service window. An unknown code is `other`, with the code in
 * its title; null, a response that could not be read, is `not_confirmed`.
 */
export function explain(
  code: number | null,
  subcode?: number | null,
  window: ServiceWindow = "unopened",
  object: MetaObject = "phone",
): Explanation {
  let name = code === null ? "not_confirmed" : (nameOfCode(code) ?? "other");
  if (code === 100 && subcode && CAUSE_SUBCODE.test(String(subcode))) name = nameOfCode(subcode) ?? name;
  if (name === "customer_has_not_written") name = FREE_TEXT_REFUSED[window];
  if (name === "phone_number_not_found") name = NOT_FOUND[object];
  return explainNamed(name, code);
}

/** What 131047 means, by the chat's customer service window. */
const FREE_TEXT_REFUSED = {
  unopened: "customer_has_not_written",
  closed: "window_closed",
  open: "window_not_counted",
} as const satisfies Record<ServiceWindow, GraphErrorName>;

/**
 * Explains the code of a message that has failed for good, by a status or after the last attempt: whatever the code leaves
 * open otherwise, the message was not delivered and nothing is retried.
 */
export function explainFailure(...failure: Parameters<typeof explain>): Explanation {
  const explanation = explain(...failure);
  const [code] = failure;
  if (explanation.retry === "never_blind") return explainNamed("meta_failed", code);
  return explanation.retry === "automatic" ? explainNamed("limit_reached", code) : explanation;
}

/** Explains a row that has no code of Meta's: `unreachable`, `not_confirmed`. */
export function explainNamed(name: GraphErrorName, code: number | null = null): Explanation {
  const { owner, retry } = graphErrors[name];
  const number = name === "other" && code !== null ? ` ${code}` : "";
  return { name, title: titles[name] + number, owner, advice: advice[name], retry };
}

/** Who can fix the cause of a message's error; `admin` for a code that is not in the table. */
export function ownerOf(code: string): Owner {
  return Object.entries(graphErrors).find(([name]) => name === code)?.[1].owner ?? "admin";
}

/**
 * Converts Meta's error object of a `failed` status to the error of a message: `code` is ours, `detail` is Meta's text.
 * Reads loosely: a code may be text, anything may be missing.
 */
export function toMessageError(error: Record<string, unknown>): MessageError {
  const metaCode = integerOf(error.code);
  const explanation =
    metaCode === null ? explainNamed("other") : explainFailure(metaCode, integerOf(error.error_subcode));
  const { name, title, advice } = explanation;
  const fbtraceId = typeof error.fbtrace_id === "string" ? cleanText(error.fbtrace_id, 64) : null;
  return { code: name, title, advice, metaCode, detail: detailOf(error), fbtraceId };
}

/** `error_user_msg` is written for people; for a template it is the only field that says why it was not accepted. */
function detailOf({ error_data, error_user_msg, message, title }: Record<string, unknown>): string | null {
  const details =
    typeof error_data === "object" && error_data !== null && "details" in error_data && error_data.details;
  const found = [details, error_user_msg, message, title].find(
    (text) => typeof text === "string" && text.trim() !== "",
  );
  return typeof found === "string" ? cleanText(found, 2_000) : null;
}
