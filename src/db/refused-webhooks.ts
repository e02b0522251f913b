import { eq, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { refusedWebhooks } from "./inbound-habit-tables.ts";

/** Counts a refused webhook that names a number of ours; one that names none is not kept. After a quiet hour the count starts anew. */
export async function countRefusedWebhook(db: Db, phoneNumberId: string): Promise<void> {
  await db.execute(sql`
    insert into "RefusedWebhook" as r ("phoneNumberId")
    select p."wabaPhoneNumberId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = ${phoneNumberId}
    on conflict ("phoneNumberId") do update set "lastAt" = now(),
      count = case when r."lastAt" < now() - interval '1 hour' then 1 else r.count + 1 end,
      "firstAt" = case when r."lastAt" < now() - interval '1 hour' then now() else r."firstAt" end`);
}

/** When a webhook for this number was last refused for its signature; null when none was. */
export async function lastRefusedWebhook(db: Db, phoneNumberId: string): Promise<string | null> {
  const [row] = await db
    .select({ lastAt: refusedWebhooks.lastAt })
    .from(refusedWebhooks)
    .where(eq(refusedWebhooks.phoneNumberId, phoneNumberId));
  return row?.lastAt.toISOString() ?? null;
}

export type RefusedPhone = {
  id: number;
  organizationId: number;
  name: string;
  phoneNumber: string;
  wabaId: string | null;
  count: number;
  firstAt: string;
};

/** Connected numbers whose webhooks were refused at least three times in the last hour, with no message since the first. */
export async function phonesWithRefusedWebhooks(db: Db, now: Date): Promise<RefusedPhone[]> {
  const { rows } = await db.execute<RefusedPhone>(sql`
    select p.id, p."organizationId", p.name, p."phoneNumber", p."wabaId", r.count, rfc3339(r."firstAt") as "firstAt"
    from "RefusedWebhook" r join "OrganizationPhone" p on p."wabaPhoneNumberId" = r."phoneNumberId"
    where r.count >= 3 and r."lastAt" > ${now.toISOString()}::timestamptz - interval '1 hour' and p."connectionType" = 'waba'
      and not exists (select from "InboundHour" h where h."organizationPhoneId" = p.id and h."lastAt" > r."firstAt")`);
  return rows;
}
