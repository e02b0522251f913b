import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { graphCalls } from "../support/graph.ts";
import { aText, deliverAndStore } from "../support/meta.ts";

describe("an answer to a group", () => {
  it("goes to the group, and the statuses that Meta reports for it are published", async ({ expect }) => {
    const { organizationId, organizationPhoneId, phoneNumberId } = await anOrganization();
    const groupId = `group-${crypto.randomUUID()}`;
    const text = aText({ from: aCustomer(), body: "Hello all" });
    await deliverAndStore(phoneNumberId, { ...text, item: { ...text.item, group_id: groupId } });
    const { rows } = await db.execute<{ id: number }>(
      sql`select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k."groupId" = ${groupId}`,
    );
    expect(rows).toHaveLength(1);
    const request = { organizationPhoneId, chatId: rows[0]?.id, type: "text", message: "Hi all" };

    const answer = await (await as({ organizationId })).post("/send", request);

    const [call, ...more] = await graphCalls(phoneNumberId);
    expect(call?.body).toMatchObject({ recipient_type: "group", to: groupId, text: { body: "Hi all" } });
    expect(more).toEqual([]);
    // The simulator knows no groups.
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: "meta_refused", meta: { code: 100 } });
  });
});
