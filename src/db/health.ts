import { sql } from "drizzle-orm";
import journal from "../../drizzle/meta/_journal.json" with { type: "json" };
import type { Db } from "./client.ts";
import functions from "./functions/checksum.json" with { type: "json" };

/** The checksum of the SQL functions that this Worker works with. */
export const wantedFunctions: string = functions.checksum;

export type MigrationState = {
  /** How many migrations this code expects, and how many the database has. */
  wanted: number;
  applied: number;
  /** Whether the database has the SQL functions of this code. */
  hasFunctions: boolean;
};

/** Throws when the database is unreachable, or was never migrated. */
export async function migrationState(db: Db): Promise<MigrationState> {
  const { rows } = await db.execute<{ applied: number; checksum: string }>(sql`
    select (select count(*)::int from drizzle.__drizzle_migrations) as applied,
      (select encode(sha256(convert_to(string_agg(name || ' ' || checksum, E'\n' order by name collate "C"), 'UTF8')), 'hex')
        from drizzle.sql_functions) as checksum`);
  const { applied = 0, checksum } = rows[0] ?? {};
  return { wanted: journal.entries.length, applied, hasFunctions: checksum === wantedFunctions };
}

/**
 * How many critical notices of the last 24 hours are about an account or a number that no row names: no admin sees them. One that
 * is applied later, by a replay or a redelivery, no longer counts.
 */
export async function unassignedNotices(db: Db): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from "WebhookEvent" where severity = 'critical' and "appliedAt" is null
      and "organizationId" is null and "receivedAt" > now() - interval '24 hours'`);
  return rows[0]?.count ?? 0;
}
