import pg from "pg";
import { customersOf, type Seeded, shapeOf } from "./seed-shape.ts";
import { SEED_STATEMENTS } from "./seed-statements.ts";
import { someTexts } from "./seed-texts.ts";

/**
 * Fills a database that is migrated and has no messages yet, as years of use would have filled it: chats of very
 * different lengths, rows of all chats mixed in the order in which they came, every chat's log numbered without a hole.
 * The same number of messages always gives the same rows. Nothing is analysed or vacuumed: that is the caller's to choose.
 */
export async function seed(url: string, messages: number): Promise<Seeded> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query("begin");
    // No trigger and no foreign key is looked at: the rows are right, and a lock per contact would not fit.
    await client.query("set local session_replication_role = replica");
    await client.query("set local work_mem = '256MB'");
    await client.query("set local synchronous_commit = off");
    await client.query("set local jit = off");
    const { rowCount } = await client.query(`select from "Message" limit 1`);
    if (rowCount) throw new Error("This database has messages already.");
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
  } finally {
    await client.end();
  }
}
