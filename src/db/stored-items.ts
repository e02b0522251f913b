import { and, desc, gte, inArray, sql } from "drizzle-orm";
import type { UnreadReason } from "../domain/inbound-event.ts";
import type { Db } from "./client.ts";
import { messages } from "./message-tables.ts";
import { webhookEvents } from "./webhook-tables.ts";

export type StoredMessage = { id: number; chatId: number; wamid: string | null; status: string | null };

/** The messages with these ids of Meta's, of whatever organization: for operators who watch events arrive. */
export async function messagesOfWamids(db: Db, wamids: string[]): Promise<StoredMessage[]> {
  if (wamids.length === 0) return [];
  const { id, chatId, wamid, status } = messages;
  return await db.select({ id, chatId, wamid, status }).from(messages).where(inArray(wamid, wamids));
}

/** The newest stored event of a webhook field since a moment; null when there is none. Where the column is empty the payload names the field. */
export async function newestEventOf(
  db: Db,
  field: string,
  since: Date,
): Promise<{ id: number; reason: UnreadReason | null } | null> {
  const { id, reason, receivedAt, payload } = webhookEvents;
  const [row] = await db
    .select({ id, reason })
    .from(webhookEvents)
    .where(
      and(
        sql`coalesce(${webhookEvents.field}, ${payload} #>> '{entry,0,changes,0,field}') = ${field}`,
        gte(receivedAt, since),
      ),
    )
    .orderBy(desc(id))
    .limit(1);
  return row ?? null;
}
