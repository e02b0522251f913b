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
  // Apart from the writing: reads must be served by a database that takes no writes, and it refuses the statement even
  // where it would write nothing.
  const { rows: known } = await db.execute<{ id: number; name: string; role: Role }>(
    sql`select id, name, role from "Agent" where "organizationId" = ${organizationId} and sub = ${sub}`,
  );
  const [agent] = known;
  if (agent && agent.name === name && agent.role === role) return agent.id;
  const { rows } = await db.execute<{ id: number }>(sql`
    insert into "Agent" ("organizationId", sub, name, role)
    select id, ${sub}, ${name}, ${role} from "Organization" o where o.id = ${organizationId}
    on conflict ("organizationId", sub) do update set name = excluded.name, role = excluded.role, "updatedAt" = now()
    returning id`);
  return rows[0]?.id ?? null;
}
