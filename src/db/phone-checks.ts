import { eq, sql } from "drizzle-orm";
import type { Finding } from "../domain/check.ts";
import type { StoredFinding } from "../domain/phone.ts";
import type { Db } from "./client.ts";
import { phoneChecks } from "./phone-check-tables.ts";

/** What the checks of a number found when they last ran, in the order of the checks. */
export async function lastFindings(db: Db, organizationPhoneId: number): Promise<StoredFinding[]> {
  const { checkId: id, status, code, evidence, fixes, checkedAt, since } = phoneChecks;
  const rows = await db
    .select({ id, status, code, evidence, fixes, checkedAt, since })
    .from(phoneChecks)
    .where(eq(phoneChecks.organizationPhoneId, organizationPhoneId))
    .orderBy(id);
  return rows.map((row) => ({
    ...row,
    checkedAt: row.checkedAt.toISOString(),
    since: row.since.toISOString(),
  }));
}

/** Keeps what checks found; of a check that was not run now, the last finding stays. */
export async function storeFindings(
  db: Db,
  organizationPhoneId: number,
  findings: readonly Finding[],
  checkedAt: Date,
): Promise<void> {
  if (findings.length === 0) return;
  const rows = findings.map(({ id: checkId, ...found }) => ({
    ...found,
    ...{ organizationPhoneId, checkId, checkedAt, since: checkedAt },
  }));
  const { status, code } = phoneChecks;
  await db
    .insert(phoneChecks)
    .values(rows)
    .onConflictDoUpdate({
      target: [phoneChecks.organizationPhoneId, phoneChecks.checkId],
      set: {
        status: sql`excluded.status`,
        code: sql`excluded.code`,
        evidence: sql`excluded.evidence`,
        fixes: sql`excluded.fixes`,
        checkedAt: sql`excluded."checkedAt"`,
        since: sql`case when ${status} = excluded.status and ${code} = excluded.code then ${phoneChecks.since} else excluded.since end`,
      },
    });
}
