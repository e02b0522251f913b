import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat, anOrganization } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave, wamidAtMeta } from "../support/graph.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { logOf } from "../support/stored.ts";

type Blocked = { contact: { blockedAt: string | null }; head: number };

describe("blocking a customer", () => {
  it("is done at Meta and shows in the chat, and can be taken back", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    await tab.nextFrame();
    const blocked = await (await anna.post(`/chats/${chat.id}/block`)).json<Blocked>();
    expect(blocked).toMatchObject({ head: 2, contact: { blockedAt: expect.any(String) } });
    expect(await tab.nextFrame()).toMatchObject({
      type: "event",
      seq: 2,
      event: "chat.updated",
      chat: { contact: { blockedAt: blocked.contact.blockedAt } },
    });
    // Asked for again, it is as it was.
    expect(await (await anna.post(`/chats/${chat.id}/block`)).json()).toEqual(blocked);
    const free = await (await anna.remove(`/chats/${chat.id}/block`)).json<Blocked>();
    expect(free).toMatchObject({ head: 3, contact: { blockedAt: null } });
    expect((await logOf(chat.id)).map(({ event, agentId }) => [event, agentId !== null])).toEqual([
      ["message.created", false],
      ["chat.updated", true],
      ["chat.updated", true],
    ]);
    const calls = (await graphCalls(chat.phoneNumberId)).map(({ path, body }) => [path, body.block_users]);
    expect(calls).toEqual(
      [1, 2, 3].map(() => [`/v25.0/${chat.phoneNumberId}/block_users`, [{ user: chat.customer }]]),
    );
  });

  it("is refused where Meta refuses it, and then nothing is changed", async ({ expect }) => {
    // Meta has never heard of this customer.
    const chat = await aChat();
    const anna = await as(chat);
    const answer = await anna.post(`/chats/${chat.id}/block`);
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: "meta_refused" }]);
    expect(await (await anna.get(`/chats/${chat.id}`)).json()).toMatchObject({
      head: 1,
      contact: { blockedAt: null },
    });
  });

  it("is not possible with a group", async ({ expect }) => {
    const ground = await anOrganization();
    const item = aText({ from: "79160001122", body: "Hi all" });
    await deliverAndStore(ground.phoneNumberId, { ...item, item: { ...item.item, group_id: "G1" } });
    const anna = await as(ground);
    const { data } = await (await anna.get("/chats")).json<{ data: { id: number }[] }>();
    const answer = await anna.post(`/chats/${data[0]?.id}/block`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: "invalid_request" }]);
  });
});

describe("typing", () => {
  it("is shown to the customer, by what they wrote last", async ({ expect }) => {
    const chat = await aLiveChat();
    const wamid = await wamidAtMeta(chat.customer);
    const at = new Date(Date.now() + 1_000);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "More", wamid, at }));
    const anna = await as(chat);
    expect((await anna.post(`/chats/${chat.id}/typing`)).status).toBe(204);
    expect((await graphCalls(chat.phoneNumberId)).map(({ body }) => body)).toEqual([
      {
        messaging_product: "whatsapp",
        status: "read",
        message_id: wamid,
        typing_indicator: { type: "text" },
      },
    ]);
  });

  it("is 204 when Meta refuses it too", async ({ expect }) => {
    const chat = await aLiveChat();
    const { phoneNumberId } = chat;
    await misbehave({ answer: { on: "read", phoneNumberId, code: 131009, times: 1 } });
    expect((await (await as(chat)).post(`/chats/${chat.id}/typing`)).status).toBe(204);
  });
});

describe("a business profile", () => {
  it("is read from Meta, and changed there by admins", async ({ expect }) => {
    const ground = await anOrganization();
    const [admin, agent] = [await as({ ...ground, role: "admin" }), await as({ ...ground, sub: "boris" })];
    const path = `/phones/${ground.organizationPhoneId}/profile`;
    const change = { about: "Open all day", websites: ["https://shop.example"] };
    const changed = await admin.patch(path, change);
    expect([changed.status, await changed.json()]).toMatchObject([200, change]);
    expect(await (await agent.get(path)).json()).toMatchObject({ ...change, vertical: "UNDEFINED" });
    expect((await agent.patch(path, change)).status).toBe(403);
    const wrong = await admin.patch(path, { about: "x".repeat(140), hobby: "chess" });
    expect(await wrong.json()).toMatchObject({ code: "invalid_request" });
  });

  it("reports that the number's token is invalid", async ({ expect }) => {
    const ground = await anOrganization();
    const { phoneNumberId, organizationPhoneId } = ground;
    await misbehave({ answer: { on: "any", phoneNumberId, code: 190, times: 1 } });
    const answer = await (await as(ground)).get(`/phones/${organizationPhoneId}/profile`);
    expect([answer.status, await answer.json()]).toMatchObject([
      502,
      { code: "meta_refused", meta: { code: 190 } },
    ]);
  });
});
