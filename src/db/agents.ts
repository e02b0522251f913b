import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

export const roles = ["agent", "admin"] as const;
export type Role = (typeof roles)[number];

/** Who a token speaks for. */
export type TokenHolder = { organizationId: number; sub: string; name: string; role: Role };

/**
 * The id of the agent that a token speaks for; the row is made when the token is first seen and follows its name and
 * role. Null when there is no such organization: those are made by operators.
 */
export async function agentFor(
  db: Db,
  { organizationId, sub, name, role }: TokenHolder,
): Promise<number | null> {
  // The row is written only when something of it is new: a request must not cost a write.
  const { rows } = await db.execute<{ id: number }>(sql`
    with known as (select id, name, role from "Agent" where "organizationId" = ${organizationId} and sub = ${sub}),
    written as (
      insert into "Agent" ("organizationId", sub, name, role)
      select id, ${sub}, ${name}, ${role} from "Organization" o where o.id = ${organizationId}
        and not exists (select from known where known.name = ${name} and known.role = ${role})
      on conflict ("organizationId", sub) do update set name = excluded.name, role = excluded.role, "updatedAt" = now()
      returning id)
    select id from written union all select id from known limit 1`);
  return rows[0]?.id ?? null;
}
