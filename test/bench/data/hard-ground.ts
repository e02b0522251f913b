import pg from "pg";
import type { Seeded } from "./seed-shape.ts";

/** Chats that are unlike most: in these a query that skips what it does not want skips a lot. */
export const CAMPAIGN_CHAT = 2;
export const REACTIONS_CHAT = 3;
const QUEUED_MESSAGES = 200;

/**
 * Makes of a filled database a harder one: a chat in which only we write, and what we wrote last has failed; a chat with a long row
 * of reactions; a number whose Sender is behind.
 */
export async function hardenGround(seeded: Seeded, url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
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
  } finally {
    await client.end();
  }
}
