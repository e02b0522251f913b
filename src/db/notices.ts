import { sql } from "drizzle-orm";
import type { Severity } from "../domain/notice.ts";
import type { StoredNotice } from "../domain/notice-reading.ts";
import type { Db } from "./client.ts";
import { type CommittedNotice, type CommittedNoticeRow, toCommittedNotice } from "./committed.ts";
import { type NoticeRow, toNotice } from "./rows.ts";

const MAX_ID = 2_147_483_647;

/** An organization's notices, newest first, below an id. */
export async function pageOfNotices(
  db: Db,
  organizationId: number,
  { severity }: { severity?: Severity | undefined },
  before: number | null,
  limit: number,
): Promise<StoredNotice[]> {
  const { rows } = await db.execute<NoticeRow>(sql`
    select n.* from "Notice" n where n."organizationId" = ${organizationId}::int
      and (${severity ?? null}::text is null or n.severity = ${severity ?? null}) and n.id < ${before ?? MAX_ID}::int
    order by n.id desc limit ${limit}::int`);
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
