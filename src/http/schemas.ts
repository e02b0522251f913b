import { z } from "zod";
import { chatStatuses } from "../domain/chat.ts";
import { deliveryStatuses } from "../domain/delivery-status.ts";
import { amendments } from "../domain/inbound-event.ts";
import { callFileKinds, mediaStates } from "../domain/message.ts";
import { messageContent } from "../domain/message-content.ts";
import { paymentStates } from "../domain/payment.ts";

// Schemas of requests and answers that several routes share. Requests are strict: an unknown field is refused by name.

const postgresId = z.int().min(1).max(2_147_483_647);
/** An id of ours: a Postgres integer. */
export const id = postgresId.meta({ id: "Id" });
export const seq = z.int().min(0).max(2_147_483_647);
export const moment = z.iso.datetime();
/** Only digits: zod's coercion would also accept `0x10`, `1e3` and an empty text. */
const fromUrl = <Schema extends z.ZodType>(number: Schema) =>
  z.preprocess((text) => (typeof text === "string" && /^\d+$/.test(text) ? Number(text) : text), number);
export const idInPath = fromUrl(postgresId);
/** An id that is not Postgres'. */
export const largeId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
export const largeIdInPath = fromUrl(largeId);
export const seqInQuery = fromUrl(seq);

export const chatParams = z.object({ id: idInPath.meta({ description: "The chat's id." }) });

export const messageParams = z.object({ id: idInPath.meta({ description: "The message's id." }) });

export const cursor = z
  .string()
  .max(500)
  .optional()
  .meta({ description: "As given by nextCursor or prevCursor." });
export const limit = (most: number) => fromUrl(z.int().min(1).max(most)).optional();

const messageError = z
  .object({
    code: z.string(),
    title: z.string(),
    advice: z.string(),
    metaCode: z.int().nullable(),
    detail: z.string().nullable(),
    fbtraceId: z.string().nullable(),
  })
  .meta({ id: "MessageError" });

export const media = z
  .object({
    id,
    state: z.enum(mediaStates),
    mimeType: z.string().nullable(),
    fileName: z.string().nullable(),
    sizeBytes: z.int().nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: "Media" });

const payment = z
  .object({
    state: z.enum(paymentStates),
    status: z.string().meta({ description: "Meta's word for it." }),
    amount: z
      .string()
      .nullable()
      .meta({ examples: ["210.00"] }),
    currency: z.string().nullable(),
    transactionId: z.string().nullable(),
    provider: z.string().nullable(),
    referenceId: z.string().nullable(),
    reason: z.string().nullable().meta({ description: "Why it failed." }),
    at: moment,
  })
  .meta({ id: "Payment", description: "How far the customer has paid an order that we sent." });

const callFile = media
  .extend({ kind: z.enum(callFileKinds) })
  .meta({ id: "CallFile", description: "What Meta recorded of a call." });

export const messageStatus = z.string().nullable().meta({
  id: "MessageStatus",
  description:
    "Meta's `message_status` when it accepted the message: `accepted`; `held_for_quality_assessment` or `paused` while Meta does not deliver it. Null when Meta gave none.",
});

export const message = z
  .object({
    id,
    chatId: id,
    seq,
    wamid: z.string().nullable(),
    fromMe: z.boolean(),
    messageType: z.string(),
    amends: z.enum(amendments).nullable(),
    body: z.string(),
    payload: z.unknown().optional().meta({
      description:
        "Meta's object, verbatim; null once the message is revoked. In a list only with `include=payload`.",
    }),
    content: messageContent.nullable(),
    isTruncated: z.literal(true).optional().meta({
      description:
        "Only in a chat's `lastMessage` and in frames: the body is cut, or the content left out. `GET /messages/{id}` has all of it.",
    }),
    media: media.nullable(),
    callFiles: z.array(callFile),
    isHistory: z
      .boolean()
      .meta({ description: "Sent before the phone was connected, and imported. Never unread." }),
    status: z.enum(deliveryStatuses).nullable(),
    messageStatus,
    error: messageError.nullable(),
    payment: payment.nullable(),
    replyToMessageId: id.nullable(),
    reactions: z.array(
      z.object({
        emoji: z.string(),
        fromMe: z.boolean(),
        sender: z.string().nullable(),
        senderName: z.string().nullable(),
      }),
    ),
    editedAt: moment.nullable(),
    revokedAt: moment.nullable(),
    agentId: id.nullable(),
    sentBy: z.object({ sub: z.string(), name: z.string() }).nullable().meta({
      description: "The agent; null for what came in, and for what was sent from the phone's own app.",
    }),
    idempotencyKey: z.string().nullable(),
    createdAt: moment,
    receivedAt: moment,
  })
  .meta({ id: "Message" });

export const contact = z
  .object({
    id,
    name: z.string().nullable().meta({
      description:
        "What an agent named them; else their name in the business's address book; else `profileName`. Of a group: its subject.",
    }),
    profileName: z.string().nullable().meta({ description: "What they call themselves on WhatsApp." }),
    isGroup: z.boolean(),
    groupId: z.string().nullable(),
    phone: z.string().nullable(),
    userId: z.string().nullable(),
    username: z.string().nullable(),
    marketingStoppedAt: moment.nullable(),
    marketingSignupId: z.string().nullable(),
    blockedAt: moment.nullable(),
  })
  .meta({ id: "Contact" });

export const chat = z
  .object({
    id,
    organizationPhoneId: id,
    contact,
    head: seq,
    unreadCount: z.int(),
    lastMessage: message.nullable(),
    windowExpiresAt: moment.nullable(),
    status: z.enum(chatStatuses),
    assigneeId: id.nullable(),
    snoozedUntil: moment.nullable(),
    labelIds: z.array(id).meta({ description: "Ids that `listLabels` does not have are of deleted labels." }),
    mentionedIds: z.array(id).meta({
      description:
        "The agents whom a note mentions and who have not read the chat since. An agent is listed again for each further note.",
    }),
    mergedIntoId: id.nullable(),
  })
  .meta({ id: "Chat" });

export const openChat = chat.extend({ epoch: z.string() }).meta({ id: "OpenChat" });

/** The draft standard asks for a quoted string (RFC 8941); most clients send the key without quotes. */
export const idempotencyKey = z
  .string()
  .regex(/^(?:"[\x21\x23-\x7e]{8,255}"|[\x21\x23-\x7e]{8,255})$/, "8 to 255 visible ASCII characters")
  .transform((key) => key.replaceAll('"', ""));

export const page = { nextCursor: z.string().nullable(), prevCursor: z.string().nullable() };
export const chatList = z.object({ data: z.array(chat), ...page }).meta({ id: "ChatList" });
export const messageList = z.object({ data: z.array(message), ...page }).meta({ id: "MessageList" });

export const listQuery = z.strictObject({ cursor, limit: limit(100) });

export const ticketRequest = z
  .union([z.strictObject({ chatId: id }), z.strictObject({ inbox: z.literal(true) })])
  .meta({ id: "TicketRequest" });

export const ticket = z.object({ ticket: z.string(), expiresAt: moment }).meta({ id: "Ticket" });
