import { and, desc, eq, lt, sql } from "drizzle-orm";
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
        open ? isOpenAlarm(organizationId) : undefined,
        before === null ? undefined : lt(notices.id, before),
      ),
    )
    .orderBy(desc(notices.id))
    .limit(limit);
  return rows.map(toNotice);
}

/** By an array of the few open ones: by its statistics Postgres would read all notices, of which it takes many to be open. */
function isOpenAlarm(organizationId: number) {
  return sql`${notices.id} = any(array(select o.id from "Notice" o
    where o."organizationId" = ${organizationId}::int and o.alarm is not null and o."clearedAt" is null))`;
}
