import { sql } from "drizzle-orm";
import type { ContactDetails, ContactIdentity, ContactMerge, ContactName } from "../domain/contact.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import { type Moment, rfc3339, toRfc3339 } from "./rows.ts";

/** A contact of the organization with its identities and merges. Null when the organization has no such contact. */
export async function findContact(
  db: Db,
  organizationId: number,
  contactId: number,
): Promise<ContactDetails | null> {
  const { rows } = await db.execute<ContactRow>(sql`
    select k.id, k.name, k."profileName", k.phone, k."userId", k.username, k."marketingStoppedAt", k."marketingSignupId", k."blockedAt", k."parentUserId",
      k."groupId", k."mergedIntoId",
      (select json_agg(to_json(o) order by o.id) from "ContactIdentity" o where o."contactId" = k.id) as identities,
      (select json_agg(to_json(n) order by n.id desc) from "ContactName" n
        where n."contactId" = any(k.id || array(select c.id from "Contact" c where c."mergedIntoId" = k.id))) as names,
      (select json_agg(to_json(m) order by m.id desc)
        from (select id, "contactId", "mergedContactId", "agentId", "createdAt", "undoneAt" from "ContactMerge" where "contactId" = k.id
          union all select id, "contactId", "mergedContactId", "agentId", "createdAt", "undoneAt" from "ContactMerge"
          where "mergedContactId" = k.id) m) as merges
    from "Contact" k where k.id = ${contactId}::int and k."organizationId" = ${organizationId}::int`);
  const [row] = rows;
  return row ? toContactDetails(row) : null;
}

/** A contact's columns, with its identities and merges as JSON: null when there are none. */
export type ContactRow = Omit<
  ContactDetails,
  "isGroup" | "marketingStoppedAt" | "blockedAt" | "identities" | "names" | "merges"
> & {
  marketingStoppedAt: Moment | null;
  blockedAt: Moment | null;
  identities: WithMoments<ContactIdentity, "endedAt">[] | null;
  names: (Omit<ContactName, "createdAt"> & { createdAt: Moment })[] | null;
  merges: WithMoments<ContactMerge, "undoneAt">[] | null;
};

type WithMoments<Row, Ended extends keyof Row> = Omit<Row, "createdAt" | Ended> & {
  createdAt: Moment;
} & Record<Ended, Moment | null>;

/** @internal */
export function toContactDetails(row: ContactRow): ContactDetails {
  const {
    id,
    name,
    profileName,
    phone,
    userId,
    username,
    marketingSignupId,
    parentUserId,
    groupId,
    mergedIntoId,
  } = row;
  return {
    ...{ id, name, profileName, isGroup: groupId !== null, groupId, phone, userId, username },
    marketingStoppedAt: toRfc3339(row.marketingStoppedAt),
    marketingSignupId,
    blockedAt: toRfc3339(row.blockedAt),
    ...{ parentUserId, mergedIntoId },
    identities: (row.identities ?? []).map(({ kind, value, isCurrent, createdAt, endedAt }) => ({
      ...{ kind, value, isCurrent },
      createdAt: rfc3339(createdAt),
      endedAt: toRfc3339(endedAt),
    })),
    names: (row.names ?? []).map(({ name, agentId, createdAt }) => ({
      ...{ name, agentId },
      createdAt: rfc3339(createdAt),
    })),
    merges: (row.merges ?? []).map((merge) => ({
      ...merge,
      createdAt: rfc3339(merge.createdAt),
      undoneAt: toRfc3339(merge.undoneAt),
    })),
  };
}

/**
 * Sets the name that agents gave a contact; null removes it. Returns the contact that has it now, since the given one may be merged
 * into another; null when the organization has no such contact.
 */
export async function nameContact(
  db: Db,
  { id, organizationId }: { id: number; organizationId: number },
  name: string | null,
  agentId: number,
  now: Date,
): Promise<{ contactId: number; committed: Committed } | null> {
  const { rows } = await db.execute<{ named: { contactId: number; committed: CommittedRows } | null }>(sql`
    select name_contact(${organizationId}::int, ${id}::int, ${name}, ${agentId}::int, ${now.toISOString()}::timestamptz) as named`);
  const { named } = singleRow(rows);
  return named && { ...named, committed: toCommitted(named.committed) };
}

type Pair = { contactId: number; otherContactId: number; committed: Committed };

export type Merged =
  | ({ kind: "merged"; mergeId: number } & Pair)
  | { kind: "no_contact"; contactId: number }
  /** One of them is a group or already merged, or both are the same contact. */
  | { kind: "not_mergeable" };

/** Merges two contacts on an admin's request: the older is kept. */
export async function mergeContacts(
  db: Db,
  organizationId: number,
  pair: readonly [number, number],
  agentId: number,
): Promise<Merged> {
  const { rows } = await db.execute<{ merged: WithRows<Merged> }>(sql`
    select merge_contacts(${organizationId}::int, ${pair[0]}::int, ${pair[1]}::int, ${agentId}::int) as merged`);
  const { merged } = singleRow(rows);
  return merged.kind === "merged" ? { ...merged, committed: toCommitted(merged.committed) } : merged;
}

export type Undone =
  | ({ kind: "undone" } & Pair)
  | { kind: "no_merge" }
  /** It was undone before, or one of the two was merged with another contact since. */
  | { kind: "not_open" };

/** Undoes a merge. What was written or learnt since stays with the contact that was kept. */
export async function undoMerge(
  db: Db,
  organizationId: number,
  mergeId: number,
  agentId: number,
): Promise<Undone> {
  const { rows } = await db.execute<{ undone: WithRows<Undone> }>(
    sql`select undo_merge(${organizationId}::int, ${mergeId}::int, ${agentId}::int) as undone`,
  );
  const { undone } = singleRow(rows);
  return undone.kind === "undone" ? { ...undone, committed: toCommitted(undone.committed) } : undone;
}

/** An outcome as its SQL function returns it: what was committed is rows. */
type WithRows<Outcome> = Outcome extends { committed: Committed }
  ? Omit<Outcome, "committed"> & { committed: CommittedRows }
  : Outcome;
