/** The customer service window of a chat, as we know it: `unopened` where the customer has never written. */
export type ServiceWindow = "unopened" | "open" | "closed";

const WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * When the customer service window closes: 24 hours after the customer's last message, by Meta's time; null when the
 * customer has never written. From that moment on `refuse_send` refuses free text.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#customer-service-windows
 */
export function windowExpiresAt(lastInboundAt: Date | null): Date | null {
  return lastInboundAt && new Date(lastInboundAt.getTime() + WINDOW_MS);
}
