/** The rows of the API and of frames, with the product's names for the fields that a peer has. */
export type MessageRow = {
  id: number;
  chatId: number;
  seq: number;
  wamid: string | null;
  fromMe: boolean;
  messageType: string;
  body: string;
  status: string | null;
  error: unknown;
  replyToMessageId: number | null;
  reactions: unknown[];
  editedAt: Date | null;
  revokedAt: Date | null;
  agentId: number | null;
  createdAt: Date;
  receivedAt: Date;
};

export type ChatRow = {
  id: number;
  organizationPhoneId: number;
  contact: { id: number; name: string | null; phone: string };
  head: number;
  unreadCount: number;
  lastMessage: MessageRow | null;
  windowExpiresAt: Date | null;
  status: string;
  assigneeId: number | null;
};

export type EventFrame = {
  type: "event";
  chatId: number;
  seq: number;
  event: "message.created" | "message.updated";
  message: MessageRow;
  chat?: Partial<ChatRow>;
};

/** Completes the fields of a new message that a peer does not read from the database. */
export function newMessage(
  fields: Pick<MessageRow, "id" | "chatId" | "seq" | "fromMe" | "body" | "createdAt" | "receivedAt"> &
    Partial<MessageRow>,
): MessageRow {
  return {
    wamid: null,
    messageType: "text",
    status: null,
    error: null,
    replyToMessageId: null,
    reactions: [],
    editedAt: null,
    revokedAt: null,
    agentId: null,
    ...fields,
  };
}

const WINDOW_MS = 24 * 3_600_000;

export function windowEnd(lastInboundAt: Date | null): Date | null {
  return lastInboundAt && new Date(lastInboundAt.getTime() + WINDOW_MS);
}
