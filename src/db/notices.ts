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

/** A notice of our own, stored once for each `key`. */
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

/** Stores those that are new, and returns them, to be published. */
export async function addNotices(db: Db, own: OwnNotice[]): Promise<CommittedNotice[]> {
  const { rows } = await db.execute<{ added: CommittedNoticeRow[] }>(
    sql`select add_notices(${JSON.stringify(own)}::json) as added`,
  );
  return (rows[0]?.added ?? []).map(toCommittedNotice);
}
