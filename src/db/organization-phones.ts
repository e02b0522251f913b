import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { organizationPhones } from "./organization-tables.ts";

/** The `connectionType` of a number that makes no calls: an admin has disconnected it, or the account has left the app. */
export const DISCONNECTED = "disconnected";

/** What a Graph call for a number needs. Read at every send: an operator may have just changed the token. */
export type PhoneCredentials = {
  id: number;
  wabaPhoneNumberId: string | null;
  wabaApiVersion: string | null;
  wabaAccessToken: string | null;
  connectionType: string;
};

/** A business number of this organization, with its WhatsApp business account. Null when there is none. */
export async function findPhone(
  db: Db,
  organizationId: number,
  organizationPhoneId: number,
): Promise<{ wabaId: string | null } | null> {
  const [row] = await db
    .select({ wabaId: organizationPhones.wabaId })
    .from(organizationPhones)
    .where(
      and(
        eq(organizationPhones.id, organizationPhoneId),
        eq(organizationPhones.organizationId, organizationId),
      ),
    );
  return row ?? null;
}

export async function credentialsOf(db: Db, organizationPhoneId: number): Promise<PhoneCredentials | null> {
  const { id, wabaPhoneNumberId, wabaApiVersion, wabaAccessToken, connectionType } = organizationPhones;
  const [row] = await db
    .select({ id, wabaPhoneNumberId, wabaApiVersion, wabaAccessToken, connectionType })
    .from(organizationPhones)
    .where(eq(id, organizationPhoneId));
  return row ?? null;
}

/** Replaces a raw token by the sealed one. False when an operator has changed it meanwhile: theirs is never overwritten. */
export async function replaceToken(db: Db, id: number, rawToken: string, sealed: string): Promise<boolean> {
  const changed = await db
    .update(organizationPhones)
    .set({ wabaAccessToken: sealed, updatedAt: sql`now()` })
    .where(and(eq(organizationPhones.id, id), eq(organizationPhones.wabaAccessToken, rawToken)))
    .returning({ id: organizationPhones.id });
  return changed.length > 0;
}

/** Whether any business number has this verify token. */
export async function isVerifyTokenOfAPhone(db: Db, verifyToken: string): Promise<boolean> {
  const rows = await db
    .select({ id: organizationPhones.id })
    .from(organizationPhones)
    .where(eq(organizationPhones.wabaVerifyToken, verifyToken))
    .limit(1);
  return rows.length > 0;
}

/** Every connected number, with the Graph API version of its row. */
export async function allPhones(db: Db) {
  const { id, organizationId, name, wabaId, wabaApiVersion, wabaPhoneNumberId } = organizationPhones;
  return await db
    .select({ id, organizationId, name, wabaId, wabaApiVersion })
    .from(organizationPhones)
    .where(isNotNull(wabaPhoneNumberId))
    .orderBy(id);
}

/** The phone number IDs of an organization's numbers, each with the number's own id. */
export async function metaIdsOf(db: Db, organizationId: number): Promise<Map<string, number>> {
  const { id, wabaPhoneNumberId } = organizationPhones;
  const rows = await db
    .select({ id, metaId: wabaPhoneNumberId })
    .from(organizationPhones)
    .where(and(eq(organizationPhones.organizationId, organizationId), isNotNull(wabaPhoneNumberId)));
  return new Map(rows.flatMap(({ id, metaId }) => (metaId === null ? [] : [[metaId, id]])));
}
