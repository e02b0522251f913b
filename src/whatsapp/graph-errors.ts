import {
  type FailureReason,
  failureReasons,
  findFailureReason,
  type Owner,
  type Retry,
} from "../domain/failure-reason.ts";
import type { MessageError } from "../domain/message.ts";
import type { ServiceWindow } from "../domain/service-window.ts";
import { cleanText } from "./clean-text.ts";
import { advice, titles } from "./graph-error-texts.ts";
import { integerOf } from "./json-fields.ts";

/** A code, or the first and the last of a range. */
type Codes = readonly (number | readonly [number, number])[];

/**
 * Meta's error codes by cause. The code alone decides, never the title or the HTTP status, as Meta asks. Causes
 * without codes are chosen by `explain`. https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export const graphErrorCodes = {
  access_token_invalid: [0, 190],
  phone_disconnected: [],
  permission_missing: [3, 10, [200, 299], 131005],
  phone_number_not_found: [33],
  account_not_found: [],
  template_not_found: [],
  file_not_found: [],
  request_not_accepted: [100, 131008, 131009, 135000],
  window_closed: [],
  window_not_counted: [],
  customer_has_not_written: [131047],
  undeliverable: [131026],
  recipient_is_sender: [131021],
  recipient_not_on_test_list: [131030],
  customer_blocked: [130403],
  marketing_limited: [131049],
  marketing_opted_out: [131050],
  customer_in_experiment: [130472],
  type_not_supported: [131051],
  customer_file_lost: [131052],
  file_not_accepted: [131053],
  recipient_rate_limited: [131056],
  number_rate_limited: [130429],
  request_limit_reached: [4, 80007],
  spam_limited: [131048],
  category_limited: [131064],
  account_locked: [368, 131031],
  country_not_allowed: [130497],
  payment_problem: [131042, 131044],
  payment_terms_missing: [134011],
  display_name_not_approved: [131037],
  number_not_registered: [133010],
  registration_unfinished: [131045, 133000, 133006, 133015],
  pin_wrong: [133005, 133008, 133009],
  too_many_registrations: [133016],
  marketing_switched_off: [131055, 131063, [134100, 134102]],
  phone_number_needed: [131062],
  template_values_wrong: [132000, 132008, 132012, 132018],
  template_missing: [132001],
  template_too_long: [132005],
  template_against_policy: [132007],
  template_paused: [132015],
  template_disabled: [132016],
  form_limited: [132068, 132069],
  identity_changed: [137000],
  calling_not_enabled: [138000, 138018],
  call_not_possible: [138001],
  call_in_progress: [138003],
  call_not_connected: [138004, 138007],
  call_not_permitted: [138006, 138009],
  call_limit_reached: [613, 138002, 138005, 138012, 138013],
  call_or_form_refused: [138008, 138010, 138011, [138014, 138017]],
  form_not_saved: [[139000, 139004]],
  block_list_refused: [[139100, 139102]],
  username_refused: [[147001, 147005]],
  template_text_refused: [2388040, 2388047, 2388072, 2388073, 2388293, 2388299],
  template_limit_reached: [2388019],
  template_name_taken: [2388023, 2388024],
  // The rest of 2388xxx: a code listed on its own wins over a range.
  template_or_history_refused: [
    [2388000, 2388999],
    [2593107, 2593109],
  ],
  meta_in_trouble: [1, 2, 131000, 131016, 131057, 133004, 139103, 2494100],
  meta_failed: [],
  limit_reached: [],
  not_confirmed: [],
  unreachable: [],
  other: [],
} as const satisfies Record<FailureReason, Codes>;

export type Explanation = {
  name: FailureReason;
  title: string;
  owner: Owner;
  /** What to do about it, in a sentence or two. */
  advice: string;
  retry: Retry;
};

/** What a call asks Graph for: a phone number, a WhatsApp Business account, a template or a file, each by Meta's id. */
export type MetaObject = "phone" | "account" | "template" | "file";

const NOT_FOUND: Record<MetaObject, FailureReason> = {
  phone: "phone_number_not_found",
  account: "account_not_found",
  template: "template_not_found",
  file: "file_not_found",
};

/** Subcodes of 100 that name the cause: a number, a template, a history. Others have other meanings. */
const CAUSE_SUBCODE = /^(?:33|2388\d{3}|259310[7-9])$/;

/** A code listed on its own wins over a range that contains it; null when no row has it. */
const nameOfCode = (code: number): FailureReason | null => {
  const rows = Object.entries(graphErrorCodes) as [FailureReason, Codes][];
  const inRange = (one: Codes[number]) => typeof one !== "number" && one[0] <= code && code <= one[1];
  const row = rows.find(([, codes]) => codes.includes(code)) ?? rows.find(([, codes]) => codes.some(inRange));
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
} as const satisfies Record<ServiceWindow, FailureReason>;

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
export function explainNamed(name: FailureReason, code: number | null = null): Explanation {
  const { owner, retry } = failureReasons[name];
  const number = name === "other" && code !== null ? ` ${code}` : "";
  return { name, title: titles[name] + number, owner, advice: advice[name], retry };
}

/** Who can fix the cause of a message's error; `admin` for a code that is not in the table. */
export function ownerOf(code: string): Owner {
  return findFailureReason(code)?.owner ?? "admin";
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
