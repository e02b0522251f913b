import { describe, it } from "vitest";
import { allStored } from "../support/all-stored.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization } from "../support/build.ts";
import { aClient, load } from "../support/client-store.ts";
import { deliverAndStore, post } from "../support/meta.ts";
import { aTextOf, chatOf, chatsOf } from "../support/stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");
const at = (second: number) => new Date(NOON + second * 1000);

/** Meta's field of that name: a person goes on under another user id. */
function anUpdate(phoneNumberId: string, previous: string, current: string) {
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "79001234567", phone_number_id: phoneNumberId },
    user_id_update: [{ user_id: { previous, current }, timestamp: String(at(10).getTime() / 1000) }],
  };
  const changes = [{ field: "user_id_update", value }];
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "123456789012345", changes }] });
}

describe("a user_id_update", () => {
  it.for(["before", "after"] as const)(
    "makes one chat of a person's old and new ids, and publishes that to open tabs: %s the first message under the new",
    async (order, { expect }) => {
      const ground = await anOrganization();
      const [phone, newPhone] = [aCustomer(), aCustomer()];
      const { phoneNumberId } = ground;
      await deliverAndStore(
        phoneNumberId,
        aTextOf("Old", { from: phone, fromUserId: "RU.501", at: at(1), wamid: "wamid.1" }),
      );
      const { id } = await chatOf(ground);
      const anna = await as(ground);
      const client = await aClient(anna, id);
      const reportChange = async () => {
        const answer = await post(anUpdate(phoneNumberId, "RU.501", "RU.502"));
        expect(answer.status).toBe(200);
        await allStored();
      };

      if (order === "before") await reportChange();
      const now = aTextOf("New", { from: newPhone, fromUserId: "RU.502", at: at(11), wamid: "wamid.2" });
      await deliverAndStore(phoneNumberId, now);
      if (order === "after") await reportChange();

      const chat = await chatOf(ground);
      expect(chat).toMatchObject({ id, contact: { phone: newPhone, userId: "RU.502" } });
      const fresh = await load(anna, id);
      expect(await client.reach(fresh.seq)).toEqual(fresh);
      expect(fresh.messages.map(({ body }) => body)).toEqual(["Old", "New"]);

      // Reported again, it changes nothing; and what came late is still this person's.
      await reportChange();
      const late = aTextOf("Late", { from: phone, fromUserId: "RU.501", at: at(2), wamid: "wamid.3" });
      await deliverAndStore(phoneNumberId, late);
      expect(await chatsOf(ground)).toMatchObject([
        { id, unreadCount: 3, contact: { phone: newPhone, userId: "RU.502" } },
      ]);
    },
  );
});
