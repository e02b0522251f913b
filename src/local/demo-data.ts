import { randomBytes } from "node:crypto";
import type pg from "pg";
import { withClient } from "./with-client.ts";

/**
 * Adds the rows that the README's examples use: phone 1 and two agents in organization 1 (which the first migration
 * creates), and an empty organization 2. Leaves existing rows unchanged.
 */
export async function addDemoData(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("begin");
    await client.query(
      `insert into "Organization" (id, name) values (2, 'Organization 2') on conflict do nothing`,
    );
    await client.query(
      `insert into "OrganizationPhone" (id, "organizationId", name, "phoneNumber", "connectionType",
         "wabaPhoneNumberId", "wabaId", "wabaApiVersion", "wabaVerifyToken")
       values (1, 1, 'WhatsApp Business Official', '79001234567', 'waba',
         '987654321098765', '123456789012345', 'v25.0', $1)
       on conflict do nothing`,
      [randomBytes(16).toString("hex")],
    );
    await client.query(
      `insert into "Agent" ("organizationId", sub, name, role)
       values (1, 'anna', 'Anna', 'admin'), (1, 'oleg', 'Oleg', 'agent') on conflict do nothing`,
    );
    // An explicit id does not advance the sequence, so the next INSERT would get an id that is in use.
    for (const table of ["Organization", "OrganizationPhone"]) await advanceSequence(client, table);
    await client.query("commit");
  });
}

async function advanceSequence(client: pg.Client, table: string): Promise<void> {
  const name = client.escapeIdentifier(table);
  await client.query(
    `select setval(sequence, greatest((select max(id) from ${name}), pg_sequence_last_value(sequence)))
     from pg_get_serial_sequence($1, 'id') as name, cast(name as regclass) as sequence`,
    [name],
  );
}
