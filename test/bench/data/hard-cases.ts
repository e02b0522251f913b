import { withClient } from "../../../src/local/with-client.ts";
import { addRareRows } from "./rare-rows.ts";
import type { Seeded } from "./seed-shape.ts";

/** A chat without inbound messages. */
export const CAMPAIGN_CHAT = 2;
/** A chat with many reactions in a row. */
export const REACTIONS_CHAT = 3;
const QUEUED_MESSAGES = 200;

/**
 * Adds what the calls of the application need to a filled database: the rare rows, and hard cases, in which a query that filters after reading would read many rows: a chat with only
 * outgoing messages, the newest of which failed; a chat with many reactions in a row; a phone with a long queue; chats of
 * agents, one of whom has few.
 * `vacuum` removes the old versions of the changed rows, which would be read, and analyses, as autovacuum does once a tenth of a table
 * is new.
 */
export async function addHardCases(
  seeded: Seeded,
  url: string,
  options: { vacuum?: boolean } = {},
): Promise<void> {
  await addRareRows(seeded, url);
  await withClient(url, async (client) => {
    await client.query(
      `update "Message" set "fromMe" = true, status = 'read' where "chatId" = $1 and not "fromMe" and seq > 1`,
      [CAMPAIGN_CHAT],
    );
    await client.query(
      `update "Message" set status = 'failed', error = '{"code": "customer_has_not_written", "title": "t", "advice": "a"}'
       where id in (select id from "Message" where "chatId" = $1 and amends is null order by "createdAt" desc, seq desc limit 3)`,
      [CAMPAIGN_CHAT],
    );
    await client.query(
      `update "Message" set amends = 'reaction', "refersTo" = 'wamid.gone' where id in (
         select id from "Message" where "chatId" = $1 and not "fromMe" order by "createdAt" desc, seq desc offset 20 limit 200)`,
      [REACTIONS_CHAT],
    );
    await client.query(
      `update "Message" set status = 'queued' where id in (
         select max(id) from "Message" where "organizationPhoneId" = $1 and "fromMe" and "chatId" > 10
         group by "chatId" order by "chatId" limit $2)`,
      [seeded.phones[0]?.id, QUEUED_MESSAGES],
    );
    // One agent has every 40th chat, another all others of the second half: rare chats amid many that a list must skip.
    await client.query(
      `update "Chat" set "assigneeId" = case when id % 40 = 0 then $1::int when id % 2 = 0 then $2::int end where id % 2 = 0`,
      seeded.agentIds.slice(0, 2),
    );
    if (options.vacuum) await client.query("vacuum analyze");
  });
}
