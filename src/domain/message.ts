import type { DeliveryStatus } from "./delivery-status.ts";
import type { Amendment } from "./inbound-event.ts";
import type { MessageContent } from "./message-content.ts";
import type { Payment } from "./payment.ts";

/** A message as the API and the events show it. Times are RFC 3339 in UTC. */
export type Message = {
  id: number;
  chatId: number;
  /** The number of the event that created it; it stays. */
  seq: number;
  /** Meta's id; null until Meta has answered for what we send. Holds a phone number: never logged whole. */
  wamid: string | null;
  fromMe: boolean;
  /** Meta's `type`. */
  messageType: string;
  /** What it does to the message it speaks of, whose row shows it: lists leave this one out. Null for all others. */
  amends: Amendment | null;
  /** What a person would read; never empty. */
  body: string;
  /** Meta's object, verbatim; null once the message is revoked. Only where it is asked for, and with a single message. */
  payload?: unknown;
  /** What it holds, typed; null once the message is revoked. */
  content: MessageContent | null;
  /** Its file; of a call the first recording. */
  media: MessageMedia | null;
  /** Body or content is cut, in a preview or a frame: the message itself, by its id, has all of it. */
  isTruncated?: true;
  /** The recordings and the transcripts of a call; empty for all others. */
  callFiles: CallFile[];
  /** Written before the number was connected, and imported. */
  isHistory: boolean;
  /** The highest rung that delivery has reached; null for what came in. */
  status: DeliveryStatus | null;
  /** Meta's `message_status` when it accepted the message: `accepted`, `held_for_quality_assessment`, `paused`; otherwise null. */
  messageStatus: string | null;
  error: MessageError | null;
  /** Of an order that we sent: how far it is paid. `body` begins with it. */
  payment: Payment | null;
  replyToMessageId: number | null;
  reactions: Reaction[];
  editedAt: string | null;
  revokedAt: string | null;
  /** Who of us wrote it; null for the customer's, and for what was written in the phone's own app. */
  agentId: number | null;
  /** The same agent by the name of today. */
  sentBy: { sub: string; name: string } | null;
  /** The key that the send came with. */
  idempotencyKey: string | null;
  /** Meta's time for what came in, our time of acceptance for what goes out. */
  createdAt: string;
  receivedAt: string;
};

/** Whether somebody has to read it: a person wrote it, and not one of us. A notice of WhatsApp's own is no such message. */
export function countsAsUnread(message: Pick<Message, "fromMe" | "isHistory" | "messageType">): boolean {
  return !message.fromMe && !message.isHistory && message.messageType !== "system";
}

/** Why a message did not arrive, and what to do about it. The last three are Meta's own, where it was Meta who said so. */
export type MessageError = {
  code: string;
  title: string;
  advice: string;
  metaCode: number | null;
  detail: string | null;
  /** What Meta's support asks for. */
  fbtraceId: string | null;
};

/** A message's file. `stored`: it can be read; `pending` and `retrying`: it is being fetched; the others never will be. */
export type MessageMedia = {
  id: number;
  state: MediaState;
  mimeType: string | null;
  fileName: string | null;
  sizeBytes: number | null;
  /** Why it is not there, as a code. */
  problem: string | null;
};

export const callFileKinds = ["recording", "transcript"] as const;
export type CallFile = MessageMedia & { kind: (typeof callFileKinds)[number] };

export const mediaStates = ["pending", "retrying", "stored", "expired", "refused"] as const;
export type MediaState = (typeof mediaStates)[number];

/** One person has at most one reaction on a message. `sender` and `senderName`: in a group, who of it; otherwise null. */
export type Reaction = { emoji: string; fromMe: boolean; sender: string | null; senderName: string | null };
