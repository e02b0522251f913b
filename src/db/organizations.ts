import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

const MAX_ID = 2_147_483_647;

/**
 * The id of an organization by what an identity provider calls it: its `externalId`, or else our id as text. Null when there is
 * none.
 */
export async function findOrganization(db: Db, name: string): Promise<number | null> {
  const id = /^[1-9]\d{0,9}$/.test(name) && Number(name) <= MAX_ID ? Number(name) : null;
  const { rows } = await db.execute<{ id: number }>(sql`
    select id from "Organization" where "externalId" = ${name} or id = ${id}::int
    order by "externalId" is not distinct from ${name} desc limit 1`);
  return rows[0]?.id ?? null;
}
