import { sql } from "drizzle-orm";
import type { ContactDetails } from "../domain/contact.ts";
import type { IdentityChange } from "../domain/identity-change.ts";
import type { Db } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import type { ToldIdentities, ToldIdentityRows } from "./identities.ts";

/** A contact of the organization with its identities and merges. Null when there is none such. */
export async function findContact(
  db: Db,
  organizationId: number,
  contactId: number,
): Promise<ContactDetails | null> {
  const { rows } = await db.execute<{ contact: ContactDetails }>(sql`
    select json_build_object('id', k.id, 'name', k.name, 'phone', k.phone, 'userId', k."userId", 'username', k.username,
      'marketingStoppedAt', rfc3339(k."marketingStoppedAt"), 'blockedAt', rfc3339(k."blockedAt"),
      'parentUserId', k."parentUserId", 'groupId', k."groupId", 'mergedIntoId', k."mergedIntoId",
      'identities', (select coalesce(json_agg(json_build_object('kind', o.kind, 'value', o.value, 'isCurrent', o."isCurrent",
          'createdAt', rfc3339(o."createdAt"), 'endedAt', rfc3339(o."endedAt")) order by o.id), '[]')
        from "ContactIdentity" o where o."contactId" = k.id),
      'merges', (select coalesce(json_agg(json_build_object('id', m.id, 'contactId', m."contactId",
          'mergedContactId', m."mergedContactId", 'agentId', m."agentId", 'createdAt', rfc3339(m."createdAt"),
          'undoneAt', rfc3339(m."undoneAt")) order by m.id desc), '[]')
        from "ContactMerge" m where m."contactId" = k.id or m."mergedContactId" = k.id)) as contact
    from "Contact" k where k.id = ${contactId}::int and k."organizationId" = ${organizationId}::int`);
  return rows[0]?.contact ?? null;
}

type Pair = { contactId: number; otherContactId: number; committed: Committed };

export type Merged =
  | ({ kind: "merged"; mergeId: number } & Pair)
  | { kind: "no_contact"; contactId: number }
  /** One of them is a group, or was merged already, or both are the same. */
  | { kind: "not_mergeable" };

/** Makes two contacts one, since an admin says so: the older is kept. */
export async function mergeContacts(
  db: Db,
  organizationId: number,
  pair: readonly [number, number],
  agentId: number,
): Promise<Merged> {
  const { rows } = await db.execute<{ merged: WithRows<Merged> }>(sql`
    select merge_contacts(${organizationId}::int, ${pair[0]}::int, ${pair[1]}::int, ${agentId}::int) as merged`);
  const { merged } = one(rows);
  return merged.kind === "merged" ? { ...merged, committed: toCommitted(merged.committed) } : merged;
}

export type Undone =
  | ({ kind: "undone" } & Pair)
  | { kind: "no_merge" }
  /** It was taken back before, or one of the two was merged with somebody else since. */
  | { kind: "not_open" };

/** Makes two contacts of one again. What was written or learnt since stays with the one that was kept. */
export async function undoMerge(
  db: Db,
  organizationId: number,
  mergeId: number,
  agentId: number,
): Promise<Undone> {
  const { rows } = await db.execute<{ undone: WithRows<Undone> }>(
    sql`select undo_merge(${organizationId}::int, ${mergeId}::int, ${agentId}::int) as undone`,
  );
  const { undone } = one(rows);
  return undone.kind === "undone" ? { ...undone, committed: toCommitted(undone.committed) } : undone;
}

/** Moves a person to new ids, whether the change or the first message under them comes first. Null: nothing is changed. */
export async function changeIdentity(
  db: Db,
  organizationId: number,
  change: IdentityChange,
): Promise<ToldIdentities | null> {
  const { rows } = await db.execute<{ told: ToldIdentityRows | null }>(
    sql`select change_identity(${organizationId}::int, ${JSON.stringify(change)}::json) as told`,
  );
  const { told } = one(rows);
  return told && { ...told, committed: toCommitted(told.committed) };
}

/** An outcome as its SQL function gives it: what was committed is rows. */
type WithRows<Outcome> = Outcome extends { committed: Committed }
  ? Omit<Outcome, "committed"> & { committed: CommittedRows }
  : Outcome;

function one<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error("a statement that always gives a row gave none");
  return row;
}
