import type { Message } from "./message.ts";

export const chatStatuses = ["open", "snoozed", "closed"] as const;
export type ChatStatus = (typeof chatStatuses)[number];

/** Chats are counted up to this number, which means as many or more. */
export const MOST_COUNTED = 1_000;

/** A chat as the API and the events show it: one number of ours with one contact. */
export type Chat = {
  id: number;
  organizationPhoneId: number;
  contact: Contact;
  /** The number of the chat's last event. */
  head: number;
  unreadCount: number;
  lastMessage: Message | null;
  /** When the customer service window closes; null when the customer has never written. */
  windowExpiresAt: string | null;
  status: ChatStatus;
  assigneeId: number | null;
  /** When a snoozed chat opens again automatically; null for all others. */
  snoozedUntil: string | null;
  /** An id that the list of labels does not have is of a deleted label. */
  labelIds: number[];
  /** The agents whom a note mentions and who have not read the chat since; again for each further note. */
  mentionedIds: number[];
  /** The chat that has taken over this one's messages, since both turned out to be one person's. */
  mergedIntoId: number | null;
};

/** The contact, as the API shows it. `phone` may be null since 2026; it is Meta's `wa_id`, digits only. */
export type Contact = {
  id: number;
  /** What an agent named them; else their name in the business's address book; else `profileName`. Of a group: its subject. */
  name: string | null;
  /** What they call themselves on WhatsApp. */
  profileName: string | null;
  /** Whether it is a WhatsApp group, which has a `groupId` and no phone. */
  isGroup: boolean;
  groupId: string | null;
  phone: string | null;
  userId: string | null;
  username: string | null;
  /** Since when marketing must not be sent to them: they opted out with Meta. */
  marketingStoppedAt: string | null;
  /** Meta's id of the sign-up link by which they last agreed to marketing. */
  marketingSignupId: string | null;
  /** Since when we have them blocked. */
  blockedAt: string | null;
};
