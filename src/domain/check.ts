/**
 * The checks of a connected number, in the order in which they are shown, and what each may find. A code is unique among all
 * checks; `checkTexts` says it in words.
 */
export const checkCodes = {
  /** The shape of the values. */
  C01: [
    "values_ok",
    "number_disconnected",
    "value_missing",
    "value_padded",
    "id_is_phone",
    "id_malformed",
    "ids_equal",
    "token_missing",
    "token_malformed",
    "token_unopened",
    "version_malformed",
  ],
  /** The token is alive. */
  C02: ["token_ok", "token_invalid", "token_personal", "token_expires", "meta_unreachable"],
  /** The token's permissions. */
  C03: ["permissions_ok", "permission_missing", "waba_not_assigned", "permissions_unknown"],
  /** The WhatsApp Business account is visible. */
  C04: ["waba_ok", "waba_not_found", "ids_swapped", "waba_other_object", "waba_in_review", "waba_refused"],
  /** The number belongs to the account. */
  C05: ["number_ok", "number_not_found", "waba_empty"],
  /** The number is ready to send. */
  C06: [
    "ready_ok",
    "not_registered",
    "not_verified",
    "number_banned",
    "name_not_approved",
    "test_number",
    "quality_low",
    "phone_differs",
  ],
  /** Meta's health status. */
  C07: ["health_ok", "health_limited", "health_blocked"],
  /** The app secret is that of the token's app. */
  C08: ["secret_ok", "secret_missing", "secret_other_app"],
  /** The address that Meta calls. */
  C09: ["address_ok", "address_not_https", "address_private", "address_unreachable"],
  /** The handshake: Meta's verification request. */
  C10: [
    "handshake_ok",
    "handshake_refused",
    "handshake_body_differs",
    "handshake_not_ours",
    "handshake_takes_any_token",
    "handshake_limited",
    "handshake_token_unknown",
  ],
  /** The app's webhook subscription. */
  C11: [
    "webhook_ok",
    "webhook_not_set",
    "webhook_inactive",
    "webhook_other_address",
    "webhook_without_messages",
    "webhook_fields_missing",
    "webhook_unreadable",
  ],
  /** The account's events go to the app. */
  C12: ["subscription_ok", "app_not_subscribed", "callback_overridden"],
  /** A message came in. */
  C13: [
    "inbound_ok",
    "inbound_not_tried",
    "inbound_waiting",
    "inbound_test_event",
    "inbound_nothing",
    "inbound_other_number",
    "inbound_bad_signature",
  ],
  /** A message went out. */
  C14: ["outbound_ok", "outbound_not_tried", "outbound_waiting", "outbound_failed", "outbound_no_status"],
  /** Our own parts. */
  C15: [
    "system_ok",
    "database_unreachable",
    "migrations_missing",
    "functions_outdated",
    "objects_silent",
    "secrets_missing",
    "secrets_short",
    "secrets_example",
    "sealing_key_missing",
    "alarm_webhook_unusable",
    "clock_differs",
    "version_ended",
    "version_ends_soon",
    "version_unknown",
    "region_far",
  ],
} as const;

/** What any check may say when it was not run. */
export const skipCodes = ["needs", "run_outside"] as const;

export type CheckId = keyof typeof checkCodes;
export type CheckCode = (typeof checkCodes)[CheckId][number] | (typeof skipCodes)[number];

// The keys of an object literal, in its order.
export const checkIds = Object.keys(checkCodes) as [CheckId, ...CheckId[]];
/** A number that fails one of these cannot work, and is not saved. */
export const requiredChecks: CheckId[] = ["C01", "C02", "C03", "C04", "C05"];

export const checkStatuses = ["pass", "warn", "fail", "skip"] as const;
export type CheckStatus = (typeof checkStatuses)[number];

/** What the operator may press instead of doing it by hand. */
export type CheckFix =
  /** The two ids stand in each other's place. */
  | { kind: "swap_ids" }
  /** A number that the account really has. */
  | { kind: "use_number"; wabaPhoneNumberId: string; phoneNumber: string; name: string }
  /** `POST /phones/{id}/subscribe`, `/register` (with a PIN), `/request-code`. */
  | { kind: "subscribe" | "register" | "request_code" };

/** Short facts behind a finding, masked where they could identify or authorize. The texts quote them by name. */
export type Evidence = Record<string, string>;

/** What a check found. A check that needs another one which failed is skipped, with the other's id in `evidence.needs`. */
export type Finding = {
  id: CheckId;
  status: CheckStatus;
  code: CheckCode;
  evidence: Evidence;
  fixes: CheckFix[];
};

type Extra = { evidence?: Evidence; fixes?: CheckFix[] };

/** A finding; `status` and `code` as the check decided. */
export function finding<Id extends CheckId>(
  id: Id,
  status: CheckStatus,
  code: (typeof checkCodes)[Id][number] | (typeof skipCodes)[number],
  { evidence = {}, fixes = [] }: Extra = {},
): Finding {
  return { id, status, code, evidence, fixes };
}

/** Whether the check waits for something that is still to arrive: run it again later. */
export function isWaiting({ status, code }: Pick<Finding, "status" | "code">): boolean {
  return status === "skip" && WAITING.includes(code);
}

const WAITING: CheckCode[] = ["inbound_waiting", "inbound_test_event", "outbound_waiting"];

/** The checks that must not have failed before another one is worth its call. Transitive: their grounds count too. */
export const checkNeeds: Record<CheckId, readonly CheckId[]> = {
  C01: [],
  C02: ["C01"],
  C03: ["C02"],
  C04: ["C03"],
  C05: ["C04"],
  C06: ["C05"],
  C07: ["C05"],
  // It is shown by a read of the number.
  C08: ["C05"],
  C09: [],
  C10: ["C09"],
  C11: ["C08"],
  C12: ["C04"],
  C13: ["C06", "C11", "C12"],
  C14: ["C06", "C07"],
  C15: [],
};

/** Of a group of findings: the worst that counts; `skip` when nothing was run. */
export function worstStatus(statuses: readonly CheckStatus[]): CheckStatus {
  return (["fail", "warn", "pass"] as const).find((status) => statuses.includes(status)) ?? "skip";
}

/** `…6789`: enough to distinguish two of Meta's ids. */
export function maskId(id: string): string {
  return id.length <= 4 ? "…" : `…${id.slice(-4)}`;
}

/** `EAAG…9f2c`; a short one shows nothing. */
export function maskToken(token: string): string {
  return token.length < 16 ? "…" : `${token.slice(0, 4)}…${token.slice(-4)}`;
}
