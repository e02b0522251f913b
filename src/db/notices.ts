import { and, desc, eq, isNotNull, isNull, lt } from "drizzle-orm";
import type { Severity } from "../domain/notice.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import type { Db } from "./client.ts";
import { notices } from "./notice-tables.ts";
import { toNotice } from "./rows.ts";

/** An organization's notices, newest first, below an id. `open`: alarms that are not cleared. */
export async function pageOfNotices(
  db: Db,
  organizationId: number,
  { severity, open }: { severity?: Severity | undefined; open?: boolean | undefined },
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
        open ? and(isNotNull(notices.alarm), isNull(notices.clearedAt)) : undefined,
        before === null ? undefined : lt(notices.id, before),
      ),
    )
    .orderBy(desc(notices.id))
    .limit(limit);
  return rows.map(toNotice);
}
