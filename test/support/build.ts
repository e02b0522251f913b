import { env } from "cloudflare:workers";
import { type SQL, sql } from "drizzle-orm";
import { connect } from "../../src/db/client.ts";
import { ingest } from "../../src/db/ingest.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { aBody, aText } from "./meta.ts";
import { publishNow } from "./publish-now.ts";

export const db = connect(env.DATABASE_URL);

/** What a chat of a test stands on. The simulator knows the number. */
export type Ground = { organizationId: number; organizationPhoneId: number; phoneNumberId: string };

/** With an id added, Meta's ids of our numbers and of their accounts. The simulator owns those of this form, see global-setup.ts. */
const FIRST_NUMBER = 200_000_000_000_000;
const FIRST_ACCOUNT = 300_000_000_000_000;

/** An organization of the test's own, with one number: files run side by side on one database. */
export async function anOrganization(): Promise<Ground> {
  return await addPhone(sql`insert into "Organization" (name) values ('Tested') returning id`);
}

/** One more number of ours. */
export async function aPhone(organizationId: number) {
  const { organizationPhoneId, phoneNumberId } = await addPhone(sql`select ${organizationId}::int as id`);
  return { organizationPhoneId, phoneNumberId };
}

/** Adds a number to the organization that a query makes or finds. One statement: most tests begin with it. */
async function addPhone(organization: SQL): Promise<Ground> {
  const { rows } = await db.execute<Ground>(sql`
    with organization as (${organization}),
      phone as (select nextval(pg_get_serial_sequence('"OrganizationPhone"', 'id'))::int as id)
    insert into "OrganizationPhone"
      (id, "organizationId", name, "phoneNumber", "connectionType", "wabaPhoneNumberId", "wabaId")
    select phone.id, organization.id, 'Tested', '79001234567', 'waba',
      (${FIRST_NUMBER}::bigint + phone.id)::text, (${FIRST_ACCOUNT}::bigint + phone.id)::text
    from organization, phone
    returning "organizationId", id as "organizationPhoneId", "wabaPhoneNumberId" as "phoneNumberId"`);
  const [ground] = rows;
  if (!ground) throw new Error("no number was made");
  return ground;
}

/** Meta's id of a number's account: each has one of its own. */
export function wabaOf({ organizationPhoneId }: Pick<Ground, "organizationPhoneId">): string {
  return String(FIRST_ACCOUNT + organizationPhoneId);
}

/** The phone of somebody who has never written, to any file's organization: of a billion, for all files share a database. */
export function aCustomer(): string {
  return `79${String(Math.floor(Math.random() * 1e9)).padStart(9, "0")}`;
}

/**
 * A chat in which the customer has written one text, just now. Its head is 1. Stored and published as intake does it, but not
 * handed in: what a webhook does on its way here is for the tests of intake.
 */
export async function aChat(ground?: Ground): Promise<Ground & { id: number; customer: string }> {
  const { organizationId, organizationPhoneId, phoneNumberId } = ground ?? (await anOrganization());
  const customer = aCustomer();
  const body = JSON.stringify(aBody(phoneNumberId, aText({ from: customer, body: "Hello" })));
  const stored = await ingest(db, flatten(new TextEncoder().encode(body)));
  await publishNow(stored);
  const [chat] = stored.chats;
  if (!chat) throw new Error("the first message made no chat");
  return { organizationId, organizationPhoneId, phoneNumberId, id: chat.id, customer };
}

/** A number that the simulator owns and nobody has connected. */
export async function aFreeNumber(): Promise<{ wabaPhoneNumberId: string; wabaId: string }> {
  const { organizationId, organizationPhoneId, phoneNumberId } = await anOrganization();
  await db.execute(
    sql`delete from "OrganizationPhone" where id = ${organizationPhoneId} and "organizationId" = ${organizationId}`,
  );
  return { wabaPhoneNumberId: phoneNumberId, wabaId: wabaOf({ organizationPhoneId }) };
}
