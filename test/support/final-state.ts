import { eq, getTableColumns, inArray, sql } from "drizzle-orm";
import { chats } from "../../src/db/chat-tables.ts";
import type { Db } from "../../src/db/client.ts";
import { contacts } from "../../src/db/contact-tables.ts";
import { chatEvents, messageStatuses, messages } from "../../src/db/message-tables.ts";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";

type Rows = Awaited<ReturnType<typeof readRows>>;
type Contact = typeof contacts.$inferSelect;

/**
 * All that is stored of a number, less what may differ by the order of arrival (ids, numbers, our own times); and what
 * is wrong in itself, whatever the order: gaps in a log, a preview that is not the newest message.
 */
export async function finalState(db: Db, organizationPhoneId: number) {
  const rows = await readRows(db, organizationPhoneId);
  return { state: toState(rows), faults: faultsOf(rows) };
}

async function readRows(db: Db, organizationPhoneId: number) {
  const ofNumber = eq(chats.organizationPhoneId, organizationPhoneId);
  const chatIds = db.select({ id: chats.id }).from(chats).where(ofNumber);
  const numbers = db
    .select({ id: organizationPhones.wabaPhoneNumberId })
    .from(organizationPhones)
    .where(eq(organizationPhones.id, organizationPhoneId));
  const [, messageRows, statuses, people, log, storedEvents] = await db.batch([
    // One moment for all: what is being stored meanwhile is in none of them.
    db.execute(sql`set transaction isolation level repeatable read`),
    db.select().from(messages).where(eq(messages.organizationPhoneId, organizationPhoneId)),
    db.select().from(messageStatuses).where(eq(messageStatuses.organizationPhoneId, organizationPhoneId)),
    db
      .select({ chat: getTableColumns(chats), contact: getTableColumns(contacts) })
      .from(chats)
      .innerJoin(contacts, eq(contacts.id, chats.contactId))
      .where(ofNumber),
    db.select().from(chatEvents).where(inArray(chatEvents.chatId, chatIds)).orderBy(chatEvents.seq),
    db.select().from(webhookEvents).where(inArray(webhookEvents.phoneNumberId, numbers)),
  ]);
  return { messageRows, statuses, people, log, storedEvents };
}

function toState({ messageRows, statuses, people, storedEvents }: Rows) {
  const whose = new Map(people.map(({ chat, contact }) => [chat.id, nameOf(contact)]));
  const wamids = new Map(messageRows.map((message) => [message.id, message.wamid ?? "not known"]));
  const wamidOf = (id: number | null) => (id === null ? null : (wamids.get(id) ?? "of another number"));
  return {
    messages: sorted(
      messageRows.map((row) => {
        const {
          id,
          chatId,
          seq,
          organizationPhoneId,
          receivedAt,
          storedAt,
          replyToMessageId,
          agentId,
          mediaId,
          ...rest
        } = row;
        return {
          hasFile: mediaId !== null,
          who: whose.get(chatId),
          repliesTo: wamidOf(replyToMessageId),
          ...rest,
        };
      }),
    ),
    statuses: sorted(
      statuses.map(({ id, organizationPhoneId, messageId, seq, receivedAt, ...rest }) => ({
        of: wamidOf(messageId),
        ...rest,
      })),
    ),
    chats: sorted(
      // What was merged is a pointer to the other, and made only where the two were met one after the other.
      people.flatMap(({ chat, contact }) => {
        if (chat.mergedIntoId !== null) return [];
        const { unreadCount, status, lastMessageAt, lastInboundAt } = chat;
        const { name, username, namedAt, usernamedAt } = contact;
        const row = { unreadCount, status, lastMessageAt, lastInboundAt };
        return { who: nameOf(contact), name, username, namedAt, usernamedAt, ...row };
      }),
    ),
    storedEvents: sorted(storedEvents.map(({ field, reason, payload }) => ({ field, reason, payload }))),
  };
}

function faultsOf({ messageRows, statuses, people, log }: Rows): string[] {
  const faults: string[] = [];
  for (const { chat, contact } of people) {
    const numbers = log.filter(({ chatId }) => chatId === chat.id).map(({ seq }) => seq);
    if (numbers.length !== chat.head || numbers.some((seq, i) => seq !== i + 1)) {
      faults.push(`${nameOf(contact)}: head ${chat.head}, log ${numbers}`);
    }
    const shown = messageRows.filter(({ chatId, amends }) => chatId === chat.id && amends === null);
    const [newest] = shown.sort((a, b) => +b.createdAt - +a.createdAt || b.seq - a.seq);
    if (chat.lastMessageId !== (newest?.id ?? null)) faults.push(`${nameOf(contact)}: not the newest shows`);
  }
  const created = new Set(log.filter(({ event }) => event === "message.created").map(keyOf));
  for (const row of messageRows)
    if (!created.has(keyOf({ ...row, messageId: row.id }))) faults.push("a lost event");
  for (const { status, messageId, seq } of statuses) {
    if ((messageId === null) !== (seq === null)) faults.push(`${status}: attached without a number`);
  }
  return faults;
}

function keyOf({ chatId, seq, messageId }: { chatId: number; seq: number; messageId: number | null }) {
  return `${chatId}/${seq}/${messageId}`;
}

function nameOf({ phone, userId, groupId }: Contact): string {
  return JSON.stringify([phone, userId, groupId]);
}

function sorted<Row>(rows: Row[]): Row[] {
  const text = (row: Row) => JSON.stringify(row);
  return rows.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
