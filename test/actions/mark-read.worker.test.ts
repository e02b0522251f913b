import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aLiveChat, graphCalls, misbehave, wamidAtMeta } from "../support/graph.ts";
import { aText, aWamid, deliverAndStore } from "../support/meta.ts";

/** A chat with further texts of the customer, and the wamids of these. */
async function anUnreadChat(further: number) {
  const chat = await aLiveChat();
  const wamids = Array.from({ length: further }, aWamid);
  for (const [i, wamid] of wamids.entries()) {
    const at = new Date(Date.now() + (i + 1) * 1_000);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "More", wamid, at }));
  }
  const anna = await as(chat);
  const read = async (body?: object) => {
    const answer = await anna.post(`/chats/${chat.id}/read`, body);
    return { httpStatus: answer.status, ...(await answer.json<{ unreadCount: number; head: number }>()) };
  };
  return {
    chat,
    wamids,
    read,
    receipts: async () => (await graphCalls(chat.phoneNumberId)).map(({ body }) => body),
  };
}

const readUpTo = (wamid: string | undefined) => ({
  messaging_product: "whatsapp",
  status: "read",
  message_id: wamid,
});

describe("marking a chat as read", () => {
  it("sends Meta one read receipt, for the newest message", async ({ expect }) => {
    const { wamids, read, receipts } = await anUnreadChat(2);
    expect(await read()).toMatchObject({ unreadCount: 0, head: 4 });
    expect(await receipts()).toEqual([readUpTo(wamids[1])]);
  });

  it("changes nothing and publishes nothing when there is nothing unread", async ({ expect }) => {
    const { read, receipts } = await anUnreadChat(1);
    await read();
    for (const body of [undefined, {}, { seq: 1 }, { seq: 2_147_483_647 }])
      expect(await read(body)).toMatchObject({ unreadCount: 0, head: 3 });
    expect(await receipts()).toHaveLength(1);
  });

  it("is published once, though ten agents do it at once", async ({ expect }) => {
    const { read, receipts } = await anUnreadChat(1);
    const all = await Promise.all(Array.from({ length: 10 }, () => read()));
    for (const one of all) expect(one).toMatchObject({ unreadCount: 0, head: 3 });
    expect(await receipts()).toHaveLength(1);
  });

  it("sends Meta a read receipt only for what was seen", async ({ expect }) => {
    const { wamids, read, receipts } = await anUnreadChat(2);
    expect(await read({ seq: 2 })).toMatchObject({ unreadCount: 1 });
    expect(await read({ seq: 1 })).toMatchObject({ unreadCount: 1 });
    expect(await read({ seq: 3 })).toMatchObject({ unreadCount: 0 });
    expect(await receipts()).toEqual(wamids.map(readUpTo));
  });

  it.for<[string, Record<string, object>]>([
    ["refuses", { answer: { code: 100, on: "read" } }],
    ["is in trouble", { answer: { status: 500, html: true, on: "read" } }],
    ["hangs up", { dropAnswer: { on: "read" } }],
  ])("holds here also when Meta %s", async ([, faults], { expect }) => {
    const { chat, read, receipts } = await anUnreadChat(1);
    const [[name, settings] = ["", {}]] = Object.entries(faults);
    await misbehave({ [name]: { ...settings, phoneNumberId: chat.phoneNumberId, times: 1 } });
    expect(await read()).toMatchObject({ httpStatus: 200, unreadCount: 0 });
    expect(await receipts()).toHaveLength(1);
  });

  it("is answered also while Meta takes its time", async ({ expect }) => {
    const { chat, read } = await anUnreadChat(0);
    const at = new Date(Date.now() + 1_000);
    const wamid = await wamidAtMeta(chat.customer);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "More", wamid, at }));
    await misbehave({ delayAnswer: { ms: 8_000, on: "read", phoneNumberId: chat.phoneNumberId, times: 1 } });
    expect(await read()).toMatchObject({ httpStatus: 200, unreadCount: 0 });
    const [call, ...more] = await graphCalls(chat.phoneNumberId);
    expect(call?.answer).toBeNull();
    expect(more).toEqual([]);
  });
});
