import { sql } from "drizzle-orm";
import journal from "../../drizzle/meta/_journal.json" with { type: "json" };
import type { Db } from "./client.ts";

/** How many migrations this code was written for, and how many the database has. Throws when it cannot be asked. */
export async function migrationState(db: Db): Promise<{ wanted: number; applied: number }> {
  const { rows } = await db.execute<{ applied: number }>(
    sql`select count(*)::int as applied from drizzle.__drizzle_migrations`,
  );
  return { wanted: journal.entries.length, applied: rows[0]?.applied ?? 0 };
}
