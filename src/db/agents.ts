import { and, eq, gt, sql } from "drizzle-orm";
import type { Agent } from "../domain/agent.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import { type Db, isReadOnly } from "./client.ts";
import { DISCONNECTED } from "./organization-phones.ts";
import { agents, organizationPhones, organizations } from "./organization-tables.ts";

export const roles = ["agent", "admin"] as const;
export type Role = (typeof roles)[number];

/** The claims of a token. */
export type TokenHolder = { organizationId: number; sub: string; name: string; role: Role };

/**
 * The id of the agent behind a token. The row is created when the token is first seen, and takes its current name and role. It
 * records when the agent was last seen, and is written for that at most once a day. Null when the organization does not exist:
 * operators create those.
 */
export async function agentFor(
  db: Db,
  { organizationId, sub, name, role }: TokenHolder,
): Promise<number | null> {
  // Read separately: requests that only read must work on a read-only database, which refuses an INSERT even when it would
  // insert nothing.
  const { rows: known } = await db.execute<{ id: number; name: string; role: Role; isRecent: boolean }>(
    sql`select id, name, role, "lastSeenAt" > now() - interval '1 day' as "isRecent" from "Agent"
      where "organizationId" = ${organizationId} and sub = ${sub}`,
  );
  const [agent] = known;
  if (agent && agent.name === name && agent.role === role) {
    if (!agent.isRecent) await recordSeen(db, agent.id);
    return agent.id;
  }
  const { rows } = await db.execute<{ id: number }>(sql`
    insert into "Agent" ("organizationId", sub, name, role)
    select id, ${sub}, ${name}, ${role} from "Organization" o where o.id = ${organizationId}
    on conflict ("organizationId", sub) do update set name = excluded.name, role = excluded.role, "updatedAt" = now()
    returning id`);
  return rows[0]?.id ?? null;
}

/** Like the row's creation it must not fail a request that only reads. */
async function recordSeen(db: Db, id: number): Promise<void> {
  try {
    await db.update(agents).set({ lastSeenAt: sql`now()` }).where(eq(agents.id, id));
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}

/** The agents of an organization after an id, by id. */
export async function pageOfAgents(
  db: Db,
  organizationId: number,
  after: number | null,
  limit: number,
): Promise<Agent[]> {
  const { id, sub, name, role, lastSeenAt } = agents;
  const rows = await db
    .select({ id, sub, name, role, lastSeenAt })
    .from(agents)
    .where(and(eq(agents.organizationId, organizationId), after === null ? undefined : gt(id, after)))
    .orderBy(id)
    .limit(limit);
  return rows.map((row) => ({ ...row, lastSeenAt: row.lastSeenAt.toISOString() }));
}

/** Why a number cannot send: an open alarm of one of its own checks C02 to C06, or of Meta's report on it or its account. */
const sendingProblem = sql<Pick<StoredNotice, "id" | "kind" | "detail"> | null>`(
  select json_build_object('id', n.id, 'kind', n.kind, 'detail', n.detail)
  from "Notice" n where n."organizationId" = "OrganizationPhone"."organizationId" and n."clearedAt" is null
    and n.alarm = any(array(select 'phone:' || "OrganizationPhone".id || ':' || topic
      from unnest('{C02,C03,C04,C05,C06,quality,replies,restriction,ban}'::text[]) topic
      union all select 'account:' || "OrganizationPhone"."wabaId" || ':' || topic from unnest('{replies,restriction,ban}'::text[]) topic))
    and n.severity = 'critical' and (n.kind = 'account' or n.kind = 'numberCheck' and n.detail->>'check' between 'C02' and 'C06')
  order by n.detail->>'check', n.detail->'sending'->>'canReply', n.id limit 1)`;

/** What the page shows an agent of the organization: its settings, and the names of its phones, at most `MOST_PHONES`. */
export async function organizationOf(db: Db, organizationId: number) {
  const { id, name, phoneNumber, connectionType } = organizationPhones;
  const [[organization], phones] = await db.batch([
    db
      .select({
        id: organizations.id,
        name: organizations.name,
        replyTakesChat: organizations.replyTakesChat,
      })
      .from(organizations)
      .where(eq(organizations.id, organizationId)),
    db
      .select({ id, name, phoneNumber, connectionType, problem: sendingProblem })
      .from(organizationPhones)
      .where(eq(organizationPhones.organizationId, organizationId))
      .orderBy(id)
      .limit(MOST_PHONES),
  ]);
  if (!organization) return null;
  return {
    organization,
    phones: phones.map(({ connectionType, ...phone }) => ({
      ...phone,
      isConnected: connectionType !== DISCONNECTED,
    })),
  };
}

const MOST_PHONES = 1_000;

/** Whether an agent's free reply in an unassigned chat assigns it to them. */
export async function setReplyTakesChat(
  db: Db,
  organizationId: number,
  replyTakesChat: boolean,
): Promise<void> {
  await db
    .update(organizations)
    .set({ replyTakesChat, updatedAt: sql`now()` })
    .where(eq(organizations.id, organizationId));
}

export async function preferencesOf(db: Db, agentId: number): Promise<Record<string, unknown>> {
  const [row] = await db
    .select({ preferences: agents.preferences })
    .from(agents)
    .where(eq(agents.id, agentId));
  return row?.preferences ?? {};
}

export async function setPreferences(
  db: Db,
  agentId: number,
  preferences: Record<string, unknown>,
): Promise<void> {
  await db.update(agents).set({ preferences }).where(eq(agents.id, agentId));
}
