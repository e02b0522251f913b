import * as z from "zod/mini";
import { cleanText } from "./clean-text.ts";

/**
 * Meta's limit for `text.body`. Meta says "characters" and not which: counted here in UTF-16 units, of which no text has
 * fewer than characters, so that nothing passes which Meta refuses.
 */
const TEXT_LENGTH = 4096;

/** What an agent may send as `message`; blank text is refused by Meta, U+0000 and lone surrogates by Postgres. */
export const textMessage = z.string().check(
  // Not `maxLength`: zod counts code points.
  z.refine((text) => text.length <= TEXT_LENGTH, `A text has at most ${TEXT_LENGTH} characters.`),
  z.refine((text) => text.trim() !== "", "A text must not be empty."),
  z.refine((text) => cleanText(text) === text, "The text holds characters that cannot be stored."),
);

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

/** Builds Meta's send object. Throws when the recipient is nobody, which is a bug of the caller's. */
export function toGraphMessage({ to, type, payload, tag, replyToWamid }: Outbound): GraphMessage {
  return {
    messaging_product: "whatsapp",
    recipient_type: to.groupId ? "group" : "individual",
    ...addressOf(to),
    ...(replyToWamid && { context: { message_id: replyToWamid } }),
    biz_opaque_callback_data: tag,
    type,
    [type]: payload,
  };
}

/** Names our message to Meta: the integer alone is used by other deployments and restored databases too. */
export function formatTag(epoch: string, messageId: number): string {
  return `${epoch}.${messageId}`;
}

/** Reads our tag back; null for a tag that somebody else has made. */
export function readTag(text: string): { epoch: string; messageId: number } | null {
  const [, epoch, id] = text.match(/^([^.]+)\.([1-9]\d{0,15})$/) ?? [];
  const messageId = Number(id);
  return epoch && Number.isSafeInteger(messageId) ? { epoch, messageId } : null;
}

function addressOf({ phone, userId, groupId }: Recipient): { to: string } | { recipient: string } {
  const to = groupId ?? phone;
  if (to) return { to };
  if (userId) return { recipient: userId };
  throw new Error("A message needs a phone, a user id or a group.");
}
