import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Severity } from "../domain/notice.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import type { Db } from "./client.ts";
import { type CommittedNotice, type CommittedNoticeRow, toCommittedNotice } from "./committed.ts";
import { notices } from "./notice-tables.ts";
import { toNotice } from "./rows.ts";

/** An organization's notices, newest first, below an id. */
export async function pageOfNotices(
  db: Db,
  organizationId: number,
  { severity }: { severity?: Severity | undefined },
  before: number | null,
  limit: number,
): Promise<StoredNotice[]> {
  const rows = await db
    .select()
    .from(notices)
    .where(
      and(
        eq(notices.organizationId, organizationId),
        severity === undefined ? undefined : eq(notices.severity, severity),
        before === null ? undefined : lt(notices.id, before),
      ),
    )
    .orderBy(desc(notices.id))
    .limit(limit);
  return rows.map(toNotice);
}

/** What we noticed ourselves; `key` is what makes it the same notice again, and it is kept once. */
export type OwnNotice = {
  organizationId: number;
  organizationPhoneId: number | null;
  wabaId: string | null;
  kind: string;
  severity: Severity;
  title: string;
  detail: Record<string, unknown>;
  key: string;
  happenedAt: string;
};

/** Keeps those that are new, and gives what is to be told of them. */
export async function addNotices(db: Db, own: OwnNotice[]): Promise<CommittedNotice[]> {
  const { rows } = await db.execute<{ told: CommittedNoticeRow[] }>(
    sql`select add_notices(${JSON.stringify(own)}::json) as told`,
  );
  return (rows[0]?.told ?? []).map(toCommittedNotice);
}
