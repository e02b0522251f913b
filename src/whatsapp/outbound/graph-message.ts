/** Who gets it. Where the phone is known it is used: of the two Meta lets it win anyway. */
export type Recipient = { phone: string | null; userId: string | null; groupId?: string | null };

/** `payload` is Meta's own object under its type's name, such as `{ body }` of a text; `tag` comes back in statuses. */
export type Outbound = {
  to: Recipient;
  type: string;
  payload: unknown;
  tag: string;
  replyToWamid: string | null;
};

/** The body of `POST /{phone number id}/messages`. */
export type GraphMessage = Record<string, unknown>;

/** Builds Meta's send object. Throws without a recipient, which is a bug in the caller. */
export function toGraphMessage({ to, type, payload, tag, replyToWamid }: Outbound): GraphMessage {
  return {
    messaging_product: "whatsapp",
    recipient_type: to.groupId ? "group" : "individual",
    ...recipientField(to),
    // A voicemail has the id of its call, and a mark of ours behind it.
    ...(replyToWamid && { context: { message_id: replyToWamid.split("#", 1)[0] } }),
    biz_opaque_callback_data: tag,
    type,
    [type]: payload,
  };
}

function recipientField({ phone, userId, groupId }: Recipient): { to: string } | { recipient: string } {
  const to = groupId ?? phone;
  if (to) return { to };
  if (userId) return { recipient: userId };
  throw new Error("A message needs a phone, a user id or a group.");
}
