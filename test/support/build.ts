import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { connect } from "../../src/db/client.ts";
import { organizationPhones, organizations } from "../../src/db/organization-tables.ts";
import { aText, deliverAndStore } from "./meta.ts";

export const db = connect(env.DATABASE_URL);

/** What a chat of a test stands on. The simulator knows the number. */
export type Ground = { organizationId: number; organizationPhoneId: number; phoneNumberId: string };

/** An organization of the test's own, with one number: files run side by side on one database. */
export async function anOrganization(): Promise<Ground> {
  const [organization] = await db.insert(organizations).values({ name: "Tested" }).returning();
  if (!organization) throw new Error("no organization was made");
  return { organizationId: organization.id, ...(await aPhone(organization.id)) };
}

/** One more number of ours. */
export async function aPhone(organizationId: number) {
  const values = {
    organizationId,
    name: "Tested",
    phoneNumber: "79001234567",
    connectionType: "waba",
  };
  const [phone] = await db.insert(organizationPhones).values(values).returning();
  if (!phone) throw new Error("no number was made");
  // The simulator owns the numbers and accounts of this form, see global-setup.ts.
  const phoneNumberId = String(200_000_000_000_000 + phone.id);
  const wabaId = wabaOf({ organizationPhoneId: phone.id });
  await db.execute(
    sql`update "OrganizationPhone" set "wabaPhoneNumberId" = ${phoneNumberId}, "wabaId" = ${wabaId} where id = ${phone.id}`,
  );
  return { organizationPhoneId: phone.id, phoneNumberId };
}

/** Meta's id of a number's account: each has one of its own. */
export function wabaOf({ organizationPhoneId }: Pick<Ground, "organizationPhoneId">): string {
  return String(300_000_000_000_000 + organizationPhoneId);
}

/** The phone of somebody who has never written, to any file's organization: of a billion, for all files share a database. */
export function aCustomer(): string {
  return `79${String(Math.floor(Math.random() * 1e9)).padStart(9, "0")}`;
}

/** A chat in which the customer has written one text, just now. Its head is 1. */
export async function aChat(ground?: Ground): Promise<Ground & { id: number; customer: string }> {
  const { organizationId, organizationPhoneId, phoneNumberId } = ground ?? (await anOrganization());
  const customer = aCustomer();
  await deliverAndStore(phoneNumberId, aText({ from: customer, body: "Hello" }));
  const { rows } = await db.execute<{ id: number }>(
    sql`select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = ${customer}
      and c."organizationPhoneId" = ${organizationPhoneId}`,
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("the first message made no chat");
  return { organizationId, organizationPhoneId, phoneNumberId, id, customer };
}

/** A number that the simulator owns and nobody has connected. */
export async function aFreeNumber(): Promise<{ wabaPhoneNumberId: string; wabaId: string }> {
  const { organizationId, organizationPhoneId, phoneNumberId } = await anOrganization();
  await db.execute(
    sql`delete from "OrganizationPhone" where id = ${organizationPhoneId} and "organizationId" = ${organizationId}`,
  );
  return { wabaPhoneNumberId: phoneNumberId, wabaId: wabaOf({ organizationPhoneId }) };
}
