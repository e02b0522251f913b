import type { MessageError } from "../domain/message.ts";
import { cleanText } from "./clean-text.ts";
import { advice, titlesInEnglish } from "./graph-error-texts.ts";
import { adviceInRussian, titlesInRussian } from "./graph-error-words-in-russian.ts";
import { integerOf } from "./json-fields.ts";

/** Who can mend it. */
export type Owner = "admin" | "agent" | "developers" | "nobody";

/**
 * What may follow. `auto`: we repeat it ourselves, and only as the answer to the send call, for Meta refuses these before
 * processing. `button`: surely not delivered, the agent may press Retry. `fix`: the button comes once the cause is gone.
 * `template`: choose a template. `check`: its fate is unknown, never repeated by us. `no`: repeating fails or harms.
 */
export type Retry = "auto" | "button" | "fix" | "template" | "check" | "no";

/** A code, or the first and the last of a range. */
type Codes = readonly (number | readonly [number, number])[];
type Row = { codes: Codes; who: Owner; retry: Retry };

/**
 * Meta's codes, by what has happened: decided by the code alone, never by title or HTTP status, as Meta asks. Rows without
 * codes are chosen by `explain`. https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export const graphErrors = {
  access_token_invalid: { codes: [0, 190], who: "admin", retry: "fix" },
  permission_missing: { codes: [3, 10, [200, 299], 131005], who: "admin", retry: "fix" },
  phone_number_not_found: { codes: [33], who: "admin", retry: "fix" },
  request_not_accepted: { codes: [100, 131008, 131009, 135000], who: "developers", retry: "no" },
  window_closed: { codes: [], who: "agent", retry: "template" },
  customer_has_not_written: { codes: [131047], who: "agent", retry: "template" },
  undeliverable: { codes: [131026], who: "agent", retry: "no" },
  recipient_is_sender: { codes: [131021], who: "agent", retry: "no" },
  recipient_not_on_test_list: { codes: [131030], who: "admin", retry: "fix" },
  customer_blocked: { codes: [130403], who: "admin", retry: "fix" },
  marketing_limited: { codes: [131049], who: "nobody", retry: "no" },
  marketing_opted_out: { codes: [131050], who: "agent", retry: "no" },
  customer_in_experiment: { codes: [130472], who: "nobody", retry: "no" },
  type_not_supported: { codes: [131051], who: "agent", retry: "no" },
  customer_file_lost: { codes: [131052], who: "agent", retry: "no" },
  file_not_accepted: { codes: [131053], who: "agent", retry: "button" },
  recipient_rate_limited: { codes: [131056], who: "nobody", retry: "auto" },
  number_rate_limited: { codes: [130429], who: "nobody", retry: "auto" },
  request_limit_reached: { codes: [4, 80007], who: "nobody", retry: "auto" },
  spam_limited: { codes: [131048], who: "admin", retry: "fix" },
  category_limited: { codes: [131064], who: "admin", retry: "fix" },
  account_locked: { codes: [368, 131031], who: "admin", retry: "fix" },
  country_not_allowed: { codes: [130497], who: "admin", retry: "no" },
  payment_problem: { codes: [131042, 131044], who: "admin", retry: "fix" },
  payment_terms_missing: { codes: [134011], who: "admin", retry: "fix" },
  display_name_not_approved: { codes: [131037], who: "admin", retry: "fix" },
  number_not_registered: { codes: [133010], who: "admin", retry: "fix" },
  registration_unfinished: { codes: [131045, 133000, 133006, 133015], who: "admin", retry: "fix" },
  pin_wrong: { codes: [133005, 133008, 133009], who: "admin", retry: "fix" },
  too_many_registrations: { codes: [133016], who: "admin", retry: "no" },
  marketing_switched_off: { codes: [131055, 131063, [134100, 134102]], who: "admin", retry: "fix" },
  phone_number_needed: { codes: [131062], who: "agent", retry: "no" },
  template_values_wrong: { codes: [132000, 132008, 132012, 132018], who: "agent", retry: "template" },
  template_missing: { codes: [132001], who: "agent", retry: "template" },
  template_too_long: { codes: [132005], who: "agent", retry: "template" },
  template_against_policy: { codes: [132007], who: "admin", retry: "template" },
  template_paused: { codes: [132015], who: "agent", retry: "template" },
  template_disabled: { codes: [132016], who: "agent", retry: "template" },
  form_limited: { codes: [132068, 132069], who: "admin", retry: "no" },
  identity_changed: { codes: [137000], who: "agent", retry: "no" },
  calling_not_enabled: { codes: [138000, 138018], who: "admin", retry: "fix" },
  call_not_possible: { codes: [138001], who: "agent", retry: "no" },
  call_in_progress: { codes: [138003], who: "agent", retry: "button" },
  call_not_connected: { codes: [138004, 138007], who: "agent", retry: "button" },
  call_not_permitted: { codes: [138006, 138009], who: "agent", retry: "no" },
  call_limit_reached: { codes: [613, 138002, 138005, 138012, 138013], who: "nobody", retry: "button" },
  call_or_form_refused: { codes: [138008, 138010, 138011, [138014, 138017]], who: "admin", retry: "no" },
  form_not_saved: { codes: [[139000, 139004]], who: "admin", retry: "no" },
  block_list_refused: { codes: [[139100, 139102]], who: "admin", retry: "no" },
  username_refused: { codes: [[147001, 147005]], who: "admin", retry: "no" },
  template_text_refused: {
    codes: [2388040, 2388047, 2388072, 2388073, 2388293, 2388299],
    who: "admin",
    retry: "no",
  },
  template_limit_reached: { codes: [2388019], who: "admin", retry: "no" },
  template_name_taken: { codes: [2388023, 2388024], who: "admin", retry: "no" },
  // What of 2388xxx stands in no other row is found here by its range.
  template_or_history_refused: {
    codes: [
      [2388000, 2388999],
      [2593107, 2593109],
    ],
    who: "admin",
    retry: "no",
  },
  meta_in_trouble: {
    codes: [1, 2, 131000, 131016, 131057, 133004, 139103, 2494100],
    who: "nobody",
    retry: "check",
  },
  not_confirmed: { codes: [], who: "agent", retry: "check" },
  unreachable: { codes: [], who: "nobody", retry: "auto" },
  other: { codes: [], who: "admin", retry: "button" },
} as const satisfies Record<string, Row>;

export type GraphErrorName = keyof typeof graphErrors;

/** A text for people, in each language that we have. */
export type InLanguages = { en: string; ru: string };

export type Explanation = {
  name: GraphErrorName;
  title: InLanguages;
  who: Owner;
  /** What to do about it, a sentence or two; in English, as a message keeps it. */
  advice: string;
  adviceIn: InLanguages;
  retry: Retry;
};

/** With 100, all that says what is wrong: a number, a template, a history. Other subcodes have other meanings. */
const TELLING_SUBCODE = /^(?:33|2388\d{3}|259310[7-9])$/;

/** A code on its own stands before a range that holds it too; null when no row has it. */
const nameOfCode = (code: number): GraphErrorName | null => {
  const rows = Object.entries(graphErrors) as [GraphErrorName, Row][];
  const inRange = (one: Codes[number]) => typeof one !== "number" && one[0] <= code && code <= one[1];
  const row =
    rows.find(([, { codes }]) => codes.includes(code)) ?? rows.find(([, r]) => r.codes.some(inRange));
  return row?.[0] ?? null;
};

/**
 * Meta's code in human words. 100 says no more than that a parameter is wrong: its subcode says which, where it is one of
 * the table, and 33 a number that is not found. 131047 depends on whether the customer has ever written. An unknown code
 * is `other`, with the code in its title; null is an answer that could not be read.
 */
export function explain(
  code: number | null,
  subcode?: number | null,
  customerHasWritten = false,
): Explanation {
  let name = code === null ? "not_confirmed" : (nameOfCode(code) ?? "other");
  if (code === 100 && subcode && TELLING_SUBCODE.test(String(subcode))) name = nameOfCode(subcode) ?? name;
  if (name === "customer_has_not_written" && customerHasWritten) name = "window_closed";
  return explainNamed(name, code);
}

/** The same for what has no code of Meta's: `unreachable`, `not_confirmed`. */
export function explainNamed(name: GraphErrorName, code: number | null = null): Explanation {
  const { who, retry } = graphErrors[name];
  const number = name === "other" && code !== null ? ` ${code}` : "";
  const title = { en: titlesInEnglish[name] + number, ru: titlesInRussian[name] + number };
  const adviceIn = { en: advice[name], ru: adviceInRussian[name] };
  return { name, title, who, advice: adviceIn.en, adviceIn, retry };
}

/** The words for an error that a message has kept, by its `code` and `metaCode`; null for a word that is none of ours. */
export function wordsOf(code: string, metaCode: number | null): Explanation | null {
  const name = (Object.keys(graphErrors) as GraphErrorName[]).find((one) => one === code);
  return name ? explainNamed(name, metaCode) : null;
}

/** Who can mend what a message's error says; `admin` for a word that is none of ours. */
export function ownerOf(code: string): Owner {
  return Object.entries(graphErrors).find(([name]) => name === code)?.[1].who ?? "admin";
}

/**
 * Meta's error object, of a refused call (`error_subcode`) or a `failed` status, as a message keeps it: `code` is our word,
 * `detail` Meta's own. Read loosely: a code may be text, anything may be missing.
 */
export function toMessageError(error: Record<string, unknown>, customerHasWritten = false): MessageError {
  const metaCode = integerOf(error.code);
  const explanation =
    metaCode === null
      ? explainNamed("other")
      : explain(metaCode, integerOf(error.error_subcode), customerHasWritten);
  const { name, title, advice } = explanation;
  const fbtraceId = typeof error.fbtrace_id === "string" ? cleanText(error.fbtrace_id, 64) : null;
  return { code: name, title: title.en, advice, metaCode, detail: detailOf(error), fbtraceId };
}

/** `error_user_msg` is written for people, and all that says why a template was not accepted. */
function detailOf({ error_data, error_user_msg, message, title }: Record<string, unknown>): string | null {
  const details =
    typeof error_data === "object" && error_data !== null && "details" in error_data && error_data.details;
  const found = [details, error_user_msg, message, title].find(
    (text) => typeof text === "string" && text.trim() !== "",
  );
  return typeof found === "string" ? cleanText(found, 2_000) : null;
}
