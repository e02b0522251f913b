import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

export const roles = ["agent", "admin"] as const;
export type Role = (typeof roles)[number];

/** The claims of a token. */
export type TokenHolder = { organizationId: number; sub: string; name: string; role: Role };

/**
 * The id of the agent behind a token. The row is created when the token is first seen, and takes its current name and role. Null
 * when the organization does not exist: operators create those.
 */
export async function agentFor(
  db: Db,
  { organizationId, sub, name, role }: TokenHolder,
): Promise<number | null> {
  // Read separately: requests that only read must work on a read-only database, which refuses an INSERT even when it would
  // insert nothing.
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
