import type { Recipient } from "./graph-message.ts";

/** Why a template cannot be sent to a recipient, with the code that Meta would return. */
export type Unreachable = { code: number; detail: string };

/**
 * Whether a template can reach its recipient, as far as its category shows. Those of authentication (one-tap, zero-tap,
 * copy-code) are refused for a business-scoped user id, so a phone must be known; the send object alone does not show
 * what it is. https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids/
 */
export function unreachable({ phone }: Recipient, category: string | null): Unreachable | null {
  if (category?.toUpperCase() !== "AUTHENTICATION" || phone !== null) return null;
  return {
    code: 131062,
    detail:
      "A template of the category AUTHENTICATION needs the customer's phone number, and it is not known.",
  };
}
