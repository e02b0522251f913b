import { z } from "zod";
import { activityKinds } from "../domain/activity.ts";
import { chatStatuses, MOST_COUNTED } from "../domain/chat.ts";
import { chatEventNames } from "../domain/chat-event.ts";
import { deliveryStatuses } from "../domain/delivery-status.ts";
import { amendments } from "../domain/inbound-event.ts";
import { callFileKinds, mediaStates } from "../domain/message.ts";
import { messageContent } from "../domain/message-content.ts";
import { paymentStates } from "../domain/payment.ts";
import { problemCodes } from "../errors.ts";
import { describedCheck } from "./check-schemas.ts";

// Schemas of requests and answers that several routes share. Requests are strict: an unknown field is refused by name.

const postgresId = z.int().min(1).max(2_147_483_647);
/** An id of ours: a Postgres integer. */
export const id = postgresId.meta({ id: "Id" });
const seq = z.int().min(0).max(2_147_483_647);
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

const chat = z
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

const activity = z
  .object({
    seq,
    kind: z.enum(activityKinds),
    agentId: id.nullable(),
    assigneeId: id.nullable(),
    previousAssigneeId: id.nullable(),
    snoozedUntil: moment.nullable(),
    labelId: id.nullable(),
    createdAt: moment,
  })
  .meta({ id: "Activity", description: "What an agent did with a chat: a line of its thread." });
export const activityList = z.object({ data: z.array(activity), ...page }).meta({ id: "ActivityList" });

const chatEvent = z.object({
  chatId: id,
  seq,
  event: z.enum(chatEventNames),
  message: message.optional(),
  chat: chat.optional(),
  activity: activity.optional(),
});
export const eventList = z
  .object({ data: z.array(chatEvent), ...page, head: seq, epoch: z.string() })
  .meta({ id: "EventList" });

export const listQuery = z.strictObject({ cursor, limit: limit(100) });

export const chatListQuery = z.strictObject({
  cursor,
  limit: limit(100),
  organizationPhoneId: idInPath.optional(),
  status: z.enum(chatStatuses).optional(),
  assignee: z.enum(["me", "none"]).optional().meta({ description: "My chats, or those of nobody." }),
  unread: z.enum(["true"]).optional().meta({ description: "Only chats with unread messages." }),
});

export const chatCountsQuery = chatListQuery.pick({ organizationPhoneId: true, status: true });

const viewCount = z.object({ chats: z.int(), unread: z.int() });
export const chatCounts = z
  .object({ mine: viewCount, unassigned: viewCount, all: viewCount })
  .meta({ id: "ChatCounts", description: `Up to ${MOST_COUNTED}, which means as many or more.` });

export const chatPatch = z
  .strictObject({
    assigneeId: z
      .union([id, z.literal("me"), z.null()])
      .optional()
      .meta({ description: "Null: of nobody." }),
    ifAssigneeId: id.nullable().optional().meta({
      description:
        "Only if the chat has this assignee (null: none) or already the new one; else 412 with who has it.",
    }),
    status: z.enum(chatStatuses).optional(),
    snoozedUntil: moment.optional().meta({ description: "With `snoozed`: when it opens again by itself." }),
  })
  .refine(({ assigneeId, status }) => (assigneeId === undefined) !== (status === undefined), {
    message: "Pass either assigneeId or status.",
    path: ["status"],
  })
  .refine(({ assigneeId, ifAssigneeId }) => ifAssigneeId === undefined || assigneeId !== undefined, {
    message: "Pass it with assigneeId.",
    path: ["ifAssigneeId"],
  })
  .refine(({ status, snoozedUntil }) => (status === "snoozed") === (snoozedUntil !== undefined), {
    message: "Pass it with the status snoozed, and only then.",
    path: ["snoozedUntil"],
  })
  .meta({ id: "ChatPatch", examples: [{ assigneeId: "me", ifAssigneeId: null }] });

/** `seq`: the last event that the agent has seen. Later messages stay unread. */
export const readRequest = z.strictObject({ seq: seq.optional() });

export const ticketRequest = z
  .union([z.strictObject({ chatId: id }), z.strictObject({ inbox: z.literal(true) })])
  .meta({ id: "TicketRequest" });

export const ticket = z.object({ ticket: z.string(), expiresAt: moment }).meta({ id: "Ticket" });

export const fieldError = z
  .object({ pointer: z.string(), code: z.string(), detail: z.string() })
  .meta({ id: "FieldError" });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    retryable: z.boolean(),
    errors: z.array(fieldError).optional(),
    meta: z
      .object({
        code: z.int().nullable(),
        subcode: z.int().nullable(),
        details: z.string().nullable(),
        fbtraceId: z.string().nullable(),
      })
      .optional(),
    messageId: id.optional(),
    chatId: id.optional(),
    mediaState: z.enum(mediaStates).optional(),
    mediaProblem: z.string().nullable().optional(),
    templates: z
      .array(z.object({ name: z.string(), language: z.string(), category: z.string().nullable() }))
      .optional()
      .meta({ description: "With window_closed: approved templates that may be sent instead." }),
    checks: z
      .array(describedCheck)
      .optional()
      .meta({ description: "With checks_failed: the checks that failed." }),
    assignee: z
      .object({ id, name: z.string() })
      .nullable()
      .optional()
      .meta({ description: "With stale_version of a chat: who has it; null: nobody." }),
    retryAfter: z.int().optional(),
  })
  .meta({ id: "Problem" });
