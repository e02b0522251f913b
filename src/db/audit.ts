import { and, desc, eq, lt } from "drizzle-orm";
import type { AuditEntry } from "../domain/audit.ts";
import { auditEntries } from "./audit-tables.ts";
import type { Db } from "./client.ts";
import { agents } from "./organization-tables.ts";
import type { Actor, Audited } from "./phones.ts";

/** An organization's audit log, newest first, below an id; of one number where it is given. */
export async function pageOfAudit(
  db: Db,
  organizationId: number,
  { organizationPhoneId }: { organizationPhoneId?: number | undefined },
  before: number | null,
  limit: number,
): Promise<AuditEntry[]> {
  const { id, action, detail, createdAt } = auditEntries;
  const rows = await db
    .select({
      ...{ id, action, detail, createdAt, organizationPhoneId: auditEntries.organizationPhoneId },
      agentId: agents.id,
      agentName: agents.name,
    })
    .from(auditEntries)
    .leftJoin(agents, eq(agents.id, auditEntries.agentId))
    .where(
      and(
        eq(auditEntries.organizationId, organizationId),
        organizationPhoneId === undefined
          ? undefined
          : eq(auditEntries.organizationPhoneId, organizationPhoneId),
        before === null ? undefined : lt(id, before),
      ),
    )
    .orderBy(desc(id))
    .limit(limit);
  return rows.map(({ agentId, agentName, createdAt, ...row }) => ({
    ...row,
    agent: agentId === null ? null : { id: agentId, name: agentName ?? "" },
    createdAt: createdAt.toISOString(),
  }));
}

/** Logs what was done at Meta for a number; changes of its row are logged with them. */
export async function addAudit(
  db: Db,
  { organizationId, agentId }: Actor,
  organizationPhoneId: number,
  entry: Audited,
): Promise<void> {
  await db.insert(auditEntries).values({ organizationId, agentId, organizationPhoneId, ...entry });
}
