/** Who can fix the cause; `none`: it passes, or cannot be fixed. */
export type Owner = "admin" | "agent" | "developers" | "none";

/**
 * Whether to send again. `automatic`: the Sender retries, and only on the response to the send call, because Meta refuses
 * these before processing. `manual`: not delivered, so the agent may send it again. `after_fix`: likewise, once the cause
 * is fixed. `template`: send a template, or another one. `never_blind`: it may have been delivered, so the system never
 * repeats it. `never`: repeating fails again or does harm.
 */
export type Retry = "automatic" | "manual" | "after_fix" | "template" | "never_blind" | "never";

type Row = { owner: Owner; retry: Retry };

/** Why a message did not arrive, or a call to Meta failed: `code` of a message's error. */
export const failureReasons = {
  access_token_invalid: { owner: "admin", retry: "after_fix" },
  phone_disconnected: { owner: "admin", retry: "after_fix" },
  permission_missing: { owner: "admin", retry: "after_fix" },
  phone_number_not_found: { owner: "admin", retry: "after_fix" },
  account_not_found: { owner: "admin", retry: "after_fix" },
  template_not_found: { owner: "admin", retry: "after_fix" },
  file_not_found: { owner: "agent", retry: "manual" },
  request_not_accepted: { owner: "developers", retry: "never" },
  window_closed: { owner: "agent", retry: "template" },
  window_not_counted: { owner: "agent", retry: "template" },
  customer_has_not_written: { owner: "agent", retry: "template" },
  undeliverable: { owner: "agent", retry: "never" },
  recipient_is_sender: { owner: "agent", retry: "never" },
  recipient_not_on_test_list: { owner: "admin", retry: "after_fix" },
  customer_blocked: { owner: "admin", retry: "after_fix" },
  marketing_limited: { owner: "none", retry: "never" },
  marketing_opted_out: { owner: "agent", retry: "never" },
  customer_in_experiment: { owner: "none", retry: "never" },
  type_not_supported: { owner: "agent", retry: "never" },
  customer_file_lost: { owner: "agent", retry: "never" },
  file_not_accepted: { owner: "agent", retry: "manual" },
  recipient_rate_limited: { owner: "none", retry: "automatic" },
  number_rate_limited: { owner: "none", retry: "automatic" },
  request_limit_reached: { owner: "none", retry: "automatic" },
  spam_limited: { owner: "admin", retry: "after_fix" },
  category_limited: { owner: "admin", retry: "after_fix" },
  account_locked: { owner: "admin", retry: "after_fix" },
  country_not_allowed: { owner: "admin", retry: "never" },
  payment_problem: { owner: "admin", retry: "after_fix" },
  payment_terms_missing: { owner: "admin", retry: "after_fix" },
  display_name_not_approved: { owner: "admin", retry: "after_fix" },
  number_not_registered: { owner: "admin", retry: "after_fix" },
  registration_unfinished: { owner: "admin", retry: "after_fix" },
  pin_wrong: { owner: "admin", retry: "after_fix" },
  too_many_registrations: { owner: "admin", retry: "never" },
  marketing_switched_off: { owner: "admin", retry: "after_fix" },
  phone_number_needed: { owner: "agent", retry: "never" },
  template_values_wrong: { owner: "agent", retry: "template" },
  template_missing: { owner: "agent", retry: "template" },
  template_too_long: { owner: "agent", retry: "template" },
  template_against_policy: { owner: "admin", retry: "template" },
  template_paused: { owner: "agent", retry: "template" },
  template_disabled: { owner: "agent", retry: "template" },
  form_limited: { owner: "admin", retry: "never" },
  identity_changed: { owner: "agent", retry: "never" },
  calling_not_enabled: { owner: "admin", retry: "after_fix" },
  call_not_possible: { owner: "agent", retry: "never" },
  call_in_progress: { owner: "agent", retry: "manual" },
  call_not_connected: { owner: "agent", retry: "manual" },
  call_not_permitted: { owner: "agent", retry: "never" },
  call_limit_reached: { owner: "none", retry: "manual" },
  call_or_form_refused: { owner: "admin", retry: "never" },
  form_not_saved: { owner: "admin", retry: "never" },
  block_list_refused: { owner: "admin", retry: "never" },
  username_refused: { owner: "admin", retry: "never" },
  template_text_refused: { owner: "admin", retry: "never" },
  template_limit_reached: { owner: "admin", retry: "never" },
  template_name_taken: { owner: "admin", retry: "never" },
  template_or_history_refused: { owner: "admin", retry: "never" },
  meta_in_trouble: { owner: "none", retry: "never_blind" },
  meta_failed: { owner: "none", retry: "manual" },
  limit_reached: { owner: "none", retry: "manual" },
  not_confirmed: { owner: "agent", retry: "never_blind" },
  unreachable: { owner: "none", retry: "automatic" },
  other: { owner: "admin", retry: "manual" },
} as const satisfies Record<string, Row>;

export type FailureReason = keyof typeof failureReasons;

/** Null for a code that is none of ours, such as that of a newer server. */
export function findFailureReason(code: string): (Row & { name: FailureReason }) | null {
  if (!Object.hasOwn(failureReasons, code)) return null;
  // It is a key of the table.
  const name = code as FailureReason;
  return { name, ...failureReasons[name] };
}
