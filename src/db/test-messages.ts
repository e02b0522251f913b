import { sql } from "drizzle-orm";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { MessageError } from "../domain/message.ts";
import type { Db } from "./client.ts";

/** How a message that we sent stands. Null when the organization has no such message. */
export async function testMessage(db: Db, organizationId: number, id: number) {
  const { rows } = await db.execute<{
    status: DeliveryStatus | null;
    error: MessageError | null;
    createdAt: string;
  }>(sql`
    select m.status, m.error, rfc3339(m."createdAt") as "createdAt" from "Message" m
    where m.id = ${id}::int and m."fromMe" and exists (
      select from "Chat" c where c.id = m."chatId" and c."organizationId" = ${organizationId}::int)`);
  const [row] = rows;
  return row ? { status: row.status, error: row.error, acceptedAt: new Date(row.createdAt) } : null;
}
