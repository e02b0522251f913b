import type { ProblemCode } from "../errors.ts";

/** When the API answers with a code, and what the caller can do about it: for `/docs/problems` and docs/problems.md. */
export type ProblemText = { when: string; fix: string };

export const problemTexts: Record<ProblemCode, ProblemText> = {
  invalid_request: {
    when: "The JSON is malformed, or a field is wrong, missing or unknown.",
    fix: "Correct the fields that `errors` lists: each has a JSON pointer and a sentence.",
  },
  invalid_cursor: {
    when: "The cursor was not issued here, or is for another list.",
    fix: "Read the list from its start, and pass `nextCursor` or `prevCursor` on unchanged.",
  },
  token_missing: {
    when: "The request has no `Authorization: Bearer` header, and a socket no ticket.",
    fix: "Send the agent's token with each request.",
  },
  token_invalid: {
    when: "The token or ticket was not issued for this system, or lacks a claim.",
    fix: "Sign in again. `detail` and the log name the claim or check; the page on sign-in explains the settings.",
  },
  token_expired: {
    when: "The token's `exp` is in the past.",
    fix: "Sign in again, and repeat the request with the new token.",
  },
  signature_invalid: {
    when: "A webhook was not signed with the app's secret.",
    fix: "Set `META_APP_SECRET` to the secret of the app that sends the webhooks.",
  },
  forbidden: {
    when: "The organization does not exist, the role does not suffice, or the page is of a foreign origin.",
    fix: "Ask an admin, or an operator for the organization or for `ALLOWED_ORIGINS`.",
  },
  verify_token_mismatch: {
    when: "Meta's verification request has another verify token.",
    fix: "Enter the same token in Meta's dashboard as in `WABA_VERIFY_TOKEN` or in the phone's `wabaVerifyToken`.",
  },
  not_found: {
    when: "There is no such path or row, or the row belongs to another organization.",
    fix: "Check the id and the organization of the token.",
  },
  method_not_allowed: {
    when: "The path exists, but not with this method.",
    fix: "Use a method of the `Allow` header.",
  },
  window_closed: {
    when: "Free text more than 24 hours after the customer's last message.",
    fix: "Send a template instead: `templates` lists up to ten approved ones.",
  },
  marketing_stopped: {
    when: "A marketing template to a customer who has asked Meta to stop marketing.",
    fix: "Wait until the customer allows marketing again. Utility templates are not affected.",
  },
  chat_moved_on: {
    when: "A colleague's message is above the send's `seenSeq`; `unseen` has it.",
    fix: "Read `unseen`, then send with `seenSeq` set to `head` and a new `Idempotency-Key`, or not at all.",
  },
  idempotency_in_progress: {
    when: "The first request with this `Idempotency-Key` is still running.",
    fix: "Repeat it unchanged after a moment: it returns the first answer.",
  },
  message_not_open: {
    when: "Resend or discard of a message whose result is known, or that was decided before.",
    fix: "Read the message again. Only one that failed or is unconfirmed can be decided on.",
  },
  contacts_not_mergeable: {
    when: "One contact is a group or was merged before, or both are the same.",
    fix: "Choose two different people, and for a merged one the contact it became.",
  },
  merge_not_open: {
    when: "The merge was undone before, or a later merge depends on it.",
    fix: "Undo the later merge first.",
  },
  media_pending: {
    when: "The file is still being fetched from Meta: `mediaState`, `mediaProblem`.",
    fix: "Repeat the request after some seconds, or wait for the message's next event.",
  },
  media_not_open: {
    when: "Retry of a file that is stored, is being fetched, or has expired at Meta.",
    fix: "Read the message again: `media.state` says which.",
  },
  event_in_progress: {
    when: "A spooled event is to be taken out while it is being stored.",
    fix: "Repeat the request after some seconds; 404 means that it is stored.",
  },
  number_taken: {
    when: "Another phone has this phone number ID, in whichever organization.",
    fix: "Check the ID. An operator can move a number between organizations.",
  },
  phone_disconnected: {
    when: "A send from a phone that an admin or Meta has disconnected.",
    fix: "Send from another phone, or let an admin connect this one again.",
  },
  log_expired: {
    when: "Events after this number were removed for their age, see `RETENTION_DAYS`.",
    fix: "Reload the chat as at a first load.",
  },
  media_gone: {
    when: "The file was refused, or has expired at Meta: `mediaState`, `mediaProblem`.",
    fix: "Ask the customer to send it again.",
  },
  length_required: {
    when: "An upload has no `Content-Length`.",
    fix: "Send the file with its length, not in chunks.",
  },
  stale_version: {
    when: "The chat has another assignee than `ifAssigneeId`; `assignee` says who has it.",
    fix: "Read the resource again, and repeat the change on what it is now.",
  },
  too_large: {
    when: "A body above 256 KB, a webhook above 4 MiB, or a file above Meta's limit.",
    fix: "`detail` has the limit. Send a smaller file, or send an image or a video as a document.",
  },
  unsupported_media_type: {
    when: "The `Content-Type` is not what the path takes, the body is compressed, or Meta does not accept the file's type.",
    fix: "`detail` lists what is accepted.",
  },
  range_not_satisfiable: {
    when: "The file has no such range.",
    fix: "`Content-Range` has the file's length.",
  },
  idempotency_key_reused: {
    when: "This `Idempotency-Key` was used with another body.",
    fix: "Use a new key for a new message, and the same key only to repeat a request unchanged.",
  },
  checks_failed: {
    when: "The values of a phone do not pass. Nothing was saved.",
    fix: "`checks` says what failed, why, and how to fix it, in the language of `Accept-Language`.",
  },
  meta_refused: {
    when: "Meta refused the message, the upload or the change. The status is 502 when an admin or Meta must fix it.",
    fix: "`title` and `detail` explain Meta's code, and `meta` has it with its trace id. See Meta's errors in the docs.",
  },
  rate_limited: {
    when: "10,000 messages wait to be sent, Meta limits the calls, or one address sent 100 invalid tokens within a minute, or one agent has 100 open sockets.",
    fix: "Wait for `Retry-After`, then repeat the request.",
  },
  internal: {
    when: "A bug. The log has the error under the `requestId`.",
    fix: "Report it with the `requestId`.",
  },
  not_durable: {
    when: "The webhook could not be stored.",
    fix: "Nothing: Meta delivers it again.",
  },
  unavailable: {
    when: "Postgres or another part cannot be reached, or Meta did not confirm the call.",
    fix: "Repeat the request after `Retry-After`, a send with the same `Idempotency-Key`.",
  },
};
