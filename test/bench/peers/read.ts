import { pool } from "./pool.ts";
import { type ChatRow, type MessageRow, windowEnd } from "./rows.ts";

export type Page<Row> = { data: Row[]; nextCursor: string | null };

/** The position of a row: its time, and a tie-breaker for rows with the same time. */
type Cursor = [at: string, tie: number];

/** The start of the first page. */
const NEWEST: Cursor = ["infinity", 2_147_483_647];

const MESSAGE_COLUMNS = `m.id, m."chatId", m.seq, m.wamid, m."fromMe", m."messageType", m.body, m.status, m.error,
  m."replyToMessageId", m.reactions, m."editedAt", m."revokedAt", m."agentId", m."createdAt", m."receivedAt"`;

const CHATS = {
  name: "chats",
  text: `select c.id as "ofChat", c."organizationPhoneId", c.head, c."unreadCount", c."lastMessageAt", c."lastInboundAt",
      c.status as "chatStatus", c."assigneeId", k.id as "contactId", k.name, k.phone, ${MESSAGE_COLUMNS}
    from "Chat" c join "Contact" k on k.id = c."contactId" left join "Message" m on m.id = c."lastMessageId"
    where c."organizationId" = $1 and (c."lastMessageAt", c.id) < ($2, $3)
    order by c."lastMessageAt" desc, c.id desc limit $4`,
};

type JoinedRow = MessageRow & {
  ofChat: number;
  organizationPhoneId: number;
  head: number;
  unreadCount: number;
  lastMessageAt: Date;
  lastInboundAt: Date | null;
  chatStatus: string;
  assigneeId: number | null;
  contactId: number;
  name: string | null;
  phone: string;
};

/** An organization's chats, ordered by their newest message. */
export async function listChats(
  organizationId: number,
  limit: number,
  cursor: string | undefined,
): Promise<Page<ChatRow>> {
  const values = [organizationId, ...readCursor(cursor), limit + 1];
  const { rows } = await pool.query<JoinedRow>({ ...CHATS, values });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { data: page.map(chatOf), nextCursor: last ? writeCursor(last.lastMessageAt, last.ofChat) : null };
}

function chatOf(row: JoinedRow): ChatRow {
  const {
    ofChat,
    organizationPhoneId,
    head,
    unreadCount,
    lastMessageAt: _,
    lastInboundAt,
    chatStatus,
    ...rest
  } = row;
  const { assigneeId, contactId, name, phone, ...message } = rest;
  return {
    id: ofChat,
    organizationPhoneId,
    contact: { id: contactId, name, phone },
    head,
    unreadCount,
    lastMessage: message.id === null ? null : message,
    windowExpiresAt: windowEnd(lastInboundAt),
    status: chatStatus,
    assigneeId,
  };
}

const MESSAGES = {
  name: "messages",
  text: `select ${MESSAGE_COLUMNS} from "Message" m join "Chat" c on c.id = m."chatId"
    where m."chatId" = $1 and c."organizationId" = $2 and (m."createdAt", m.seq) < ($3, $4)
    order by m."createdAt" desc, m.seq desc limit $5`,
};
const HAS_CHAT = { name: "has-chat", text: `select from "Chat" where id = $1 and "organizationId" = $2` };

/** A page of the newest messages of a chat, oldest first; null when the organization has no such chat. */
export async function listMessages(
  organizationId: number,
  chatId: number,
  limit: number,
  cursor: string | undefined,
): Promise<Page<MessageRow> | null> {
  const values = [chatId, organizationId, ...readCursor(cursor), limit + 1];
  const { rows } = await pool.query<MessageRow>({ ...MESSAGES, values });
  if (rows.length === 0 && !(await hasChat(organizationId, chatId))) return null;
  const page = rows.slice(0, limit);
  const oldest = rows.length > limit ? page.at(-1) : undefined;
  return { data: page.reverse(), nextCursor: oldest ? writeCursor(oldest.createdAt, oldest.seq) : null };
}

async function hasChat(organizationId: number, chatId: number): Promise<boolean> {
  return (await pool.query({ ...HAS_CHAT, values: [chatId, organizationId] })).rows.length > 0;
}

/** The head of a chat; null when the organization has no such chat. */
export async function headOf(organizationId: number, chatId: number): Promise<number | null> {
  const { rows } = await pool.query<{ head: number }>(
    `select head from "Chat" where id = $1 and "organizationId" = $2`,
    [chatId, organizationId],
  );
  return rows[0]?.head ?? null;
}

function readCursor(cursor: string | undefined): Cursor {
  return cursor ? JSON.parse(Buffer.from(cursor, "base64url").toString()) : NEWEST;
}

function writeCursor(at: Date, tie: number): string {
  return Buffer.from(JSON.stringify([at.toISOString(), tie])).toString("base64url");
}
