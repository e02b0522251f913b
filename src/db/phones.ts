import { and, eq, gt, ne, sql } from "drizzle-orm";
import type { AuditAction, AuditDetail } from "../domain/audit.ts";
import type { DisconnectReason, Phone, TokenSource } from "../domain/phone.ts";
import { auditEntries } from "./audit-tables.ts";
import { type Db, singleRow, sqlState } from "./client.ts";
import { DISCONNECTED } from "./organization-phones.ts";
import { organizationPhones } from "./organization-tables.ts";
import { phoneChecks } from "./phone-check-tables.ts";

/** A number as it is stored: as lists show it, and what only actions may see. */
export type PhoneRow = Phone & { wabaVerifyToken: string | null; wabaAccessToken: string | null };

/** What an admin may change. */
export type PhoneChange = Partial<
  Pick<
    PhoneRow,
    | "name"
    | "phoneNumber"
    | "wabaPhoneNumberId"
    | "wabaId"
    | "wabaApiVersion"
    | "wabaVerifyToken"
    | "wabaAccessToken"
    | "verifiedName"
    | "nameStatus"
    | "qualityRating"
    | "messagingLimit"
  >
>;

/** Who did it, for the audit log; a null agent is the system. */
export type Actor = { organizationId: number; agentId: number | null };
export type Audited = { action: AuditAction; detail: AuditDetail };

export const CONNECTED = "waba";

const { wabaPhoneNumberId } = organizationPhones;

/** The worst of the number's last checks, in the order of severity. */
const checkStatus = sql<
  Phone["checkStatus"]
>`(select case max(array_position(array['skip', 'pass', 'warn', 'fail'], k.status))
  when 1 then 'skip' when 2 then 'pass' when 3 then 'warn' when 4 then 'fail' end
  from ${phoneChecks} k where k."organizationPhoneId" = ${organizationPhones.id})`;
const checkedAt = sql<string | null>`(select max(k."checkedAt") from ${phoneChecks} k
  where k."organizationPhoneId" = ${organizationPhones.id})`.mapWith((at: string | null) => at);

export const phoneColumns = {
  id: organizationPhones.id,
  name: organizationPhones.name,
  phoneNumber: organizationPhones.phoneNumber,
  connectionType: organizationPhones.connectionType,
  disconnectedAt: organizationPhones.disconnectedAt,
  disconnectReason: organizationPhones.disconnectReason,
  wabaPhoneNumberId,
  wabaId: organizationPhones.wabaId,
  wabaApiVersion: organizationPhones.wabaApiVersion,
  wabaVerifyToken: organizationPhones.wabaVerifyToken,
  wabaAccessToken: organizationPhones.wabaAccessToken,
  verifiedName: organizationPhones.verifiedName,
  nameStatus: organizationPhones.nameStatus,
  qualityRating: organizationPhones.qualityRating,
  messagingLimit: organizationPhones.messagingLimit,
  checkStatus,
  checkedAt,
  createdAt: organizationPhones.createdAt,
  updatedAt: organizationPhones.updatedAt,
};

type Selected = Omit<
  PhoneRow,
  "connection" | "accessToken" | "disconnectedAt" | "createdAt" | "updatedAt" | "checkedAt"
> & {
  connectionType: string;
  disconnectedAt: Date | null;
  checkedAt: string | null;
  createdAt: Date;
  updatedAt: Date;
};

export function toPhone({ connectionType, ...row }: Selected): PhoneRow {
  const isDisconnected = connectionType === DISCONNECTED;
  return {
    ...row,
    connection: isDisconnected ? "disconnected" : "connected",
    accessToken: tokenSourceOf(row.wabaAccessToken),
    // A row that SQL connected again may still have them.
    disconnectedAt: isDisconnected ? (row.disconnectedAt?.toISOString() ?? null) : null,
    disconnectReason: isDisconnected ? row.disconnectReason : null,
    checkedAt: row.checkedAt === null ? null : new Date(row.checkedAt).toISOString(),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function tokenSourceOf(stored: string | null): TokenSource {
  const value = stored?.trim() ?? "";
  if (value.startsWith("sealed:")) return "sealed";
  return value === "" || value.startsWith("secret:") ? "worker" : "raw";
}

/** An organization's numbers by id, above one. */
export async function pageOfPhones(
  db: Db,
  organizationId: number,
  after: number | null,
  limit: number,
): Promise<PhoneRow[]> {
  const { id } = organizationPhones;
  const rows = await db
    .select(phoneColumns)
    .from(organizationPhones)
    .where(
      and(eq(organizationPhones.organizationId, organizationId), after === null ? undefined : gt(id, after)),
    )
    .orderBy(id)
    .limit(limit);
  return rows.map(toPhone);
}

/** Null when the organization has no such number. */
export async function readPhone(db: Db, organizationId: number, id: number): Promise<PhoneRow | null> {
  const [row] = await db.select(phoneColumns).from(organizationPhones).where(isPhone(organizationId, id));
  return row ? toPhone(row) : null;
}

/** The organization's own number of this phone number ID. */
export async function phoneOfMetaId(
  db: Db,
  organizationId: number,
  phoneNumberId: string,
): Promise<PhoneRow | null> {
  const [row] = await db
    .select(phoneColumns)
    .from(organizationPhones)
    .where(and(eq(organizationPhones.organizationId, organizationId), eq(wabaPhoneNumberId, phoneNumberId)));
  return row ? toPhone(row) : null;
}

/** An id for a new row: its token is sealed for this row before the row exists. */
export async function nextPhoneId(db: Db): Promise<number> {
  const { rows } = await db.execute<{ id: number }>(
    sql`select nextval(pg_get_serial_sequence('"OrganizationPhone"', 'id'))::int as id`,
  );
  return singleRow(rows).id;
}

/**
 * Adds a number. False when another number has its phone number ID. One that another organization has disconnected gives it up.
 */
export async function insertPhone(
  db: Db,
  { organizationId, agentId }: Actor,
  phone: PhoneChange & { id: number; name: string; phoneNumber: string; wabaPhoneNumberId: string },
): Promise<boolean> {
  try {
    await db.batch([
      releasedElsewhere(db, organizationId, phone.wabaPhoneNumberId),
      db.insert(organizationPhones).values({ organizationId, connectionType: CONNECTED, ...phone }),
      db.insert(auditEntries).values({
        organizationId,
        agentId,
        organizationPhoneId: phone.id,
        action: "phone.connected",
        detail: {},
      }),
    ]);
    return true;
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

const UNIQUE_VIOLATION = "23505";

/**
 * Changes a number and connects it (again); with `disconnect` disconnects it. False when another number has the phone number ID.
 */
export async function updatePhone(
  db: Db,
  { organizationId, agentId }: Actor,
  id: number,
  { change, state }: { change: PhoneChange; state?: "connect" | { disconnect: DisconnectReason; at: Date } },
  entries: Audited[],
): Promise<boolean> {
  const connection =
    state === undefined
      ? {}
      : state === "connect"
        ? { connectionType: CONNECTED, disconnectedAt: null, disconnectReason: null }
        : { connectionType: DISCONNECTED, disconnectedAt: state.at, disconnectReason: state.disconnect };
  const update = db
    .update(organizationPhones)
    .set({ ...change, ...connection, updatedAt: sql`now()` })
    .where(isPhone(organizationId, id));
  const log = entries.map((entry) =>
    db.insert(auditEntries).values({ organizationId, agentId, organizationPhoneId: id, ...entry }),
  );
  try {
    // Without a new phone number ID it releases none.
    await db.batch([releasedElsewhere(db, organizationId, change.wabaPhoneNumberId ?? ""), update, ...log]);
    return true;
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

function releasedElsewhere(db: Db, organizationId: number, phoneNumberId: string) {
  return db
    .update(organizationPhones)
    .set({ wabaPhoneNumberId: null })
    .where(
      and(
        eq(wabaPhoneNumberId, phoneNumberId),
        ne(organizationPhones.organizationId, organizationId),
        eq(organizationPhones.connectionType, DISCONNECTED),
      ),
    );
}

/** Scope is part of the statement: an id means nothing without the organization. */
function isPhone(organizationId: number, id: number) {
  return and(eq(organizationPhones.id, id), eq(organizationPhones.organizationId, organizationId));
}
