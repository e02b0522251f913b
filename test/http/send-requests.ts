import { sql } from "drizzle-orm";
import { db } from "../support/build.ts";

/** A text of ours to a chat, as a body of `POST /send`. */
export function textTo(chat: { organizationPhoneId: number; id: number }, message = "Hi") {
  return { organizationPhoneId: chat.organizationPhoneId, chatId: chat.id, type: "text", message };
}

/** The row itself, where the API does not show all of it. */
export async function storedMessage(id: number): Promise<Record<string, unknown> | undefined> {
  const { rows } = await db.execute<Record<string, unknown>>(sql`select * from "Message" where id = ${id}`);
  return rows[0];
}
