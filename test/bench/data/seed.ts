import { withClient } from "../../../src/local/with-client.ts";
import { customersOf, type Seeded, shapeOf } from "./seed-shape.ts";
import { SEED_STATEMENTS } from "./seed-statements.ts";
import { someTexts } from "./seed-texts.ts";

/**
 * Fills a migrated database without messages as years of use would: chats of very different lengths, the rows of all chats
 * interleaved by time, and a gapless log of each chat. The same number of messages always gives the same rows. Does not
 * vacuum or analyze.
 */
export async function seed(url: string, messages: number): Promise<Seeded> {
  return await withClient(url, async (client) => {
    await client.query("begin");
    // Skip triggers and foreign keys: the rows are consistent, and a lock per contact would exceed the lock table.
    await client.query("set local session_replication_role = replica");
    await client.query("set local work_mem = '256MB'");
    await client.query("set local synchronous_commit = off");
    await client.query("set local jit = off");
    const { rowCount } = await client.query(`select from "Message" limit 1`);
    if (rowCount) throw new Error("The database already has messages.");
    const shape = shapeOf(messages);
    await client.query(
      "create temp table seed_text on commit drop as select n, text from unnest($1::text[]) with ordinality t(text, n)",
      [someTexts()],
    );
    await client.query(
      "create temp table seed_chat on commit drop as select chat::int, size from unnest($1::int[]) with ordinality s(size, chat)",
      [shape.sizes],
    );
    for (const statement of SEED_STATEMENTS) await client.query(statement);
    const { rows: phones } = await client.query(
      `select id, "wabaPhoneNumberId" as "phoneNumberId" from "OrganizationPhone"
       where "wabaPhoneNumberId" like '2000000000001%' order by "wabaPhoneNumberId"`,
    );
    const { rows: agents } = await client.query(
      `select id from "Agent" where sub like 'seeded-%' order by id`,
    );
    await client.query("commit");
    return {
      organizationId: 1,
      phones,
      agentIds: agents.map(({ id }) => id),
      chats: shape.sizes.length,
      messages,
      ...customersOf(phones),
    };
  });
}
