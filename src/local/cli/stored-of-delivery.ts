import type { Db } from "../../db/client.ts";
import { messagesOfWamids, newestEventOf } from "../../db/stored-items.ts";
import type { Delivery } from "../simulator/deliveries.ts";

/** Postgres' clock and the simulator's are of one machine, but rows are stamped at the start of a transaction. */
const BEFORE_MS = 2_000;

/**
 * What was stored of each event of a delivery, in words: `message 12 in chat 3`, `message 12 is read`, `event 7 (unknown_number)`.
 * An event that was refused, or waits in the spool, has nothing in Postgres yet.
 */
export async function storedOf(db: Db, { at, events, wamids, statuses }: Delivery): Promise<string[]> {
  if (!statuses.includes(200)) return events.map(() => "refused");
  const rows = await messagesOfWamids(
    db,
    wamids.filter((wamid) => wamid !== null),
  );
  const since = new Date(Date.parse(at) - BEFORE_MS);
  return await Promise.all(
    events.map(async (event, i) => {
      const row = rows.find(({ wamid }) => wamid !== null && wamid === wamids[i]);
      if (row && event.includes(": status ")) return `message ${row.id} is ${row.status}`;
      if (row) return `message ${row.id} in chat ${row.chatId}`;
      const [field = ""] = event.split(":");
      const stored = await newestEventOf(db, field, since);
      if (!stored) return "not in Postgres yet";
      return stored.reason === null ? `event ${stored.id}` : `event ${stored.id} (${stored.reason})`;
    }),
  );
}
