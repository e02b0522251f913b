import { and, eq, inArray, isNotNull, or, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { organizationPhones } from "./organization-tables.ts";
import { phoneChecks } from "./phone-check-tables.ts";
import { CONNECTED, type PhoneRow, phoneColumns, toPhone } from "./phones.ts";

/** `isReported`: Meta has said that the account was removed from a partner, and nobody has looked since. */
export type DuePhone = { organizationId: number; isReported: boolean; phone: PhoneRow };

/** The numbers that are checked in this minute: each once an hour, those that Meta has just reported, and `suspects`. */
export async function phonesToCheck(
  db: Db,
  now: Date,
  { suspects, limit }: { suspects: readonly number[]; limit: number },
): Promise<DuePhone[]> {
  const { id, organizationId } = organizationPhones;
  const reported = isReported(now);
  const rows = await db
    .select({ ...phoneColumns, organizationId, isReported: reported })
    .from(organizationPhones)
    .where(
      and(
        isCheckable(),
        or(sql`${id} % 60 = ${now.getUTCMinutes()}::int`, reported, inArray(id, [...suspects])),
      ),
    )
    .orderBy(id)
    .limit(limit);
  return rows.map(({ organizationId, isReported, ...row }) => ({
    ...{ organizationId, isReported },
    phone: toPhone(row),
  }));
}

/** The minutes of an hour in which a number has its turn, and whether one does not wait for it (`phonesToCheck`). */
export async function checkTurns(db: Db, now: Date): Promise<{ minutes: number[]; isDueNow: boolean }> {
  const turn = {
    minute: sql<number>`${organizationPhones.id} % 60`,
    isDueNow: sql<boolean>`bool_or(${isReported(now)})`,
  };
  const rows = await db.select(turn).from(organizationPhones).where(isCheckable()).groupBy(turn.minute);
  return { minutes: rows.map(({ minute }) => minute), isDueNow: rows.some(({ isDueNow }) => isDueNow) };
}

function isCheckable() {
  const { connectionType, disconnectReason } = organizationPhones;
  return and(
    isNotNull(organizationPhones.wabaPhoneNumberId),
    or(eq(connectionType, CONNECTED), eq(disconnectReason, "partner_removed")),
  );
}

/** Whether Meta has reported the number's account as removed since the last check. */
function isReported(now: Date) {
  const { id, organizationId, wabaId } = organizationPhones;
  return sql<boolean>`exists (select from "Notice" n where n."organizationId" = ${organizationId} and n.kind = 'account'
    and n."happenedAt" > ${now.toISOString()}::timestamptz - interval '1 day' and n."wabaId" = ${wabaId}
    and n.detail->>'event' = 'PARTNER_REMOVED' and n."createdAt" > coalesce((select k."checkedAt" from ${phoneChecks} k
      where k."organizationPhoneId" = ${id} and k."checkId" = 'C02'), '-infinity'))`;
}
