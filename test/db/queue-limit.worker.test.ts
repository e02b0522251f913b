import { sql } from "drizzle-orm";
import { it } from "vitest";
import { agents } from "../../src/db/organization-tables.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aNewText } from "../support/new-message.ts";

it.for([
  ["of new messages alone", 0],
  ["with many other messages since its first", 10],
] as const)("a queue %s takes as many as its limit", async ([, others], { expect }) => {
  const { organizationId, organizationPhoneId } = await anOrganization();
  const agent = { organizationId, sub: "anna", name: "Anna", role: "agent" } as const;
  const [{ id: agentId } = { id: 0 }] = await db.insert(agents).values(agent).returning();
  const createdAt = new Date().toISOString();
  const send = async () => {
    const message = aNewText("Hi", {
      organizationId,
      organizationPhoneId,
      agentId,
      phone: aCustomer(),
      createdAt,
    });
    const wanted = JSON.stringify({ ...message, queueLimit: 3 });
    const { rows } = await db.execute<{ kind: string }>(
      sql`select create_message(${wanted}::json)->>'kind' as kind`,
    );
    return rows[0]?.kind;
  };
  expect(await send()).toBe("created");
  await db.execute(sql`select nextval('"Message_id_seq"') from generate_series(1, ${others}::int)`);
  expect([await send(), await send(), await send()]).toEqual(["created", "created", "queue_full"]);
});
