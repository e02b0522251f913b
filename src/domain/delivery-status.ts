/**
 * One order for the life of an outgoing message: of two states the later in this list wins, whichever came first.
 * `delivered` outranks `failed`: a failure that is reported after delivery shows in the message's history only.
 * The database knows the same order as `status_rank`.
 */
export const deliveryStatuses = [
  "queued",
  "sending",
  "unknown",
  "unconfirmed",
  "accepted",
  "sent",
  "failed",
  "delivered",
  "read",
  "played",
] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];
