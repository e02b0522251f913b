import { authorPrefix } from "../domain/author-prefix.ts";
import type { Chat } from "../domain/chat.ts";
import type { CallFile, Message, MessageError, MessageMedia } from "../domain/message.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import { paymentText } from "../domain/payment.ts";
import { windowExpiresAt } from "../domain/service-window.ts";
import { toPreview } from "../domain/truncated-message.ts";
import { lastMessageRow } from "./last-message-row.ts";

// Rows leave Postgres as joined columns. Only this file maps them to what the API, the sockets and the log show, so that an event
// and a fresh load cannot differ.

/**
 * A time: text as Postgres writes it in a column ("2026-11-28 14:00:00+00") or in JSON (with a "T"), or a Date where Drizzle
 * selected it.
 */
export type Moment = string | Date;

/** A row of the view "MessageRow". */
export type MessageRow = Pick<
  Message,
  | "id"
  | "chatId"
  | "seq"
  | "wamid"
  | "fromMe"
  | "messageType"
  | "amends"
  | "body"
  | "content"
  | "isHistory"
  | "status"
  | "messageStatus"
  | "error"
  | "payment"
  | "replyToMessageId"
  | "reactions"
  | "agentId"
  | "idempotencyKey"
> & {
  agentSub: string | null;
  agentName: string | null;
  editedAt: Moment | null;
  revokedAt: Moment | null;
  createdAt: Moment;
  receivedAt: Moment;
  mediaId: number | null;
  mediaState: MessageMedia["state"] | null;
  mediaMimeType: string | null;
  mediaFileName: string | null;
  /** `bigint`: a string in a column, a number in JSON. */
  mediaSizeBytes: string | number | null;
  mediaProblem: string | null;
  /** Set only when Meta refused a message with 131047: whether the customer had ever written before. */
  isAfterInbound: boolean | null;
  /** Likewise: whether they had within the 24 hours before. */
  isWithinWindow: boolean | null;
  /** The recording and transcript of a call; null for any other message, and for a call without them. */
  callFiles: CallFile[] | null;
};

/** The columns of a message in a chat's row: null where the chat has none. */
export type LastMessageColumns = { [Key in keyof MessageRow as `last_${Key}`]: MessageRow[Key] | null };

/** A row of the view "ChatRow". */
export type ChatRow = Pick<
  Chat,
  | "id"
  | "organizationPhoneId"
  | "head"
  | "unreadCount"
  | "status"
  | "assigneeId"
  | "mergedIntoId"
  | "labelIds"
  | "mentionedIds"
> &
  LastMessageColumns & {
    snoozedUntil: Moment | null;
    lastInboundAt: Moment | null;
    lastMessageAt: Moment;
    contactId: number;
    contactName: string | null;
    contactProfileName: string | null;
    contactGroupId: string | null;
    contactPhone: string | null;
    contactUserId: string | null;
    contactUsername: string | null;
    contactMarketingStoppedAt: Moment | null;
    contactMarketingSignupId: string | null;
    contactBlockedAt: Moment | null;
  };

/** A row of "Notice". */
export type NoticeRow = Omit<StoredNotice, "subject" | "happenedAt" | "createdAt" | "clearedAt"> & {
  happenedAt: Moment;
  createdAt: Moment;
  clearedAt: Moment | null;
};

export function toMessage(row: MessageRow): Message {
  // A revoked message is no longer readable.
  const isRevoked = row.revokedAt !== null;
  return {
    id: row.id,
    chatId: row.chatId,
    seq: row.seq,
    wamid: row.wamid,
    fromMe: row.fromMe,
    messageType: row.messageType,
    amends: row.amends,
    body: row.payment ? `${paymentText(row.payment)}\n${row.body}` : row.body,
    content: isRevoked ? null : row.content,
    media: isRevoked ? null : toMedia(row),
    callFiles: isRevoked ? [] : (row.callFiles ?? []),
    isHistory: row.isHistory,
    status: row.status,
    messageStatus: row.messageStatus,
    error: toError(row),
    payment: row.payment,
    replyToMessageId: row.replyToMessageId,
    reactions: row.reactions.map(({ senderName = null, ...reaction }) => ({ ...reaction, senderName })),
    editedAt: toRfc3339(row.editedAt),
    revokedAt: toRfc3339(row.revokedAt),
    agentId: row.agentId,
    sentBy: row.agentSub === null ? null : { sub: row.agentSub, name: row.agentName ?? row.agentSub },
    idempotencyKey: row.idempotencyKey,
    createdAt: rfc3339(row.createdAt),
    receivedAt: rfc3339(row.receivedAt),
  };
}

export function toChat(row: ChatRow): Chat {
  return {
    id: row.id,
    organizationPhoneId: row.organizationPhoneId,
    contact: {
      id: row.contactId,
      name: row.contactName,
      profileName: row.contactProfileName,
      isGroup: row.contactGroupId !== null,
      groupId: row.contactGroupId,
      phone: row.contactPhone,
      userId: row.contactUserId,
      username: row.contactUsername,
      marketingStoppedAt: toRfc3339(row.contactMarketingStoppedAt),
      marketingSignupId: row.contactMarketingSignupId,
      blockedAt: toRfc3339(row.contactBlockedAt),
    },
    head: row.head,
    unreadCount: row.unreadCount,
    lastMessage: toLastMessage(row),
    windowExpiresAt:
      windowExpiresAt(row.lastInboundAt ? new Date(row.lastInboundAt) : null)?.toISOString() ?? null,
    status: row.status,
    assigneeId: row.assigneeId,
    snoozedUntil: toRfc3339(row.snoozedUntil),
    labelIds: row.labelIds,
    mentionedIds: row.mentionedIds,
    mergedIntoId: row.mergedIntoId,
  };
}

export function toNotice(row: NoticeRow): StoredNotice {
  const { id, organizationPhoneId, wabaId, field, kind, severity, title, alarm } = row;
  // Postgres stores the subject among the details.
  const { subject = null, ...detail } = row.detail;
  return {
    ...{ id, organizationPhoneId, wabaId, field, kind, severity, title, alarm },
    subject: subject as StoredNotice["subject"],
    detail,
    happenedAt: rfc3339(row.happenedAt),
    createdAt: rfc3339(row.createdAt),
    clearedAt: toRfc3339(row.clearedAt),
  };
}

/** A time as Postgres writes it in a UTC session, in a column or in JSON. */
const UTC = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00(?::00)?$/;

/**
 * For times that are never null. A page of chats has a hundred of them: rearranging the text is ten times as fast as a Date.
 */
export function rfc3339(moment: Moment): string {
  const parts = typeof moment === "string" ? UTC.exec(moment) : null;
  if (!parts) return new Date(moment).toISOString();
  const [, date, time, fraction = ""] = parts;
  return `${date}T${time}.${fraction.padEnd(3, "0")}Z`;
}

export function toRfc3339(moment: Moment | null): string | null {
  return moment === null ? null : rfc3339(moment);
}

function toLastMessage(row: ChatRow): Message | null {
  const last = lastMessageRow(row);
  if (last === null) return null;
  const shown = toMessage(last);
  return toPreview({ ...shown, body: authorPrefix(last.content?.sender) + shown.body });
}

function toMedia(row: MessageRow): MessageMedia | null {
  const recording = row.callFiles?.find(({ kind }) => kind === "recording");
  if (recording) {
    const { kind: _, ...file } = recording;
    return file;
  }
  if (row.mediaId === null || row.mediaState === null) return null;
  return {
    id: row.mediaId,
    state: row.mediaState,
    mimeType: row.mediaMimeType,
    fileName: row.mediaFileName,
    sizeBytes: row.mediaSizeBytes === null ? null : Number(row.mediaSizeBytes),
    problem: row.mediaProblem,
  };
}

/** The same texts as in whatsapp/graph-error-texts.ts. */
const WINDOW_NOT_COUNTED = {
  code: "window_not_counted",
  title: "Meta did not accept free text for this customer",
  advice:
    "The customer wrote shortly before, but Meta does not count that. Send a template, or ask the customer to write again.",
};
const WINDOW_CLOSED = {
  code: "window_closed",
  title: "The customer service window is closed",
  advice: "Send a template, or wait until the customer writes.",
};

function toError({ error, isAfterInbound, isWithinWindow }: MessageRow): MessageError | null {
  if (error && isWithinWindow) return { ...error, ...WINDOW_NOT_COUNTED };
  return error && isAfterInbound ? { ...error, ...WINDOW_CLOSED } : error;
}
