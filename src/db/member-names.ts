import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import type { ChatRow, MessageRow } from "./rows.ts";

type Newest = Pick<ChatRow, "contactGroupId" | "last_id" | "last_content" | "last_reactions">;

/**
 * The same rows, in which the newest message of a group has the names of its members as they are known now (the SQL function
 * `named_message`). Without a group there is nothing to ask.
 */
export async function withMemberNames<Row extends Newest>(db: Db, rows: Row[]): Promise<Row[]> {
  const ids = rows.flatMap(({ contactGroupId, last_id }) => (contactGroupId === null ? [] : (last_id ?? [])));
  if (ids.length === 0) return rows;
  const { rows: named } = await db.execute<Pick<MessageRow, "id" | "content" | "reactions">>(sql`
    select n.id, n.content, n.reactions from unnest(${sql.param(`{${ids.join(",")}}`)}::int[]) wanted
      cross join lateral (select m as message from "MessageRow" m where m.id = wanted offset 0) r
      cross join lateral named_message(r.message) n`);
  const known = new Map(named.map((one) => [one.id, one]));
  return rows.map((row) => {
    const last = row.contactGroupId === null ? undefined : known.get(row.last_id ?? 0);
    return last ? { ...row, last_content: last.content, last_reactions: last.reactions } : row;
  });
}
