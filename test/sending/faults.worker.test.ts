import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { db } from "../support/build.ts";
import { loseCalls } from "../support/gate.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";
import { at, bodiesAtMeta, leftBehind, rowOf, senderOf } from "../support/left-behind.ts";
import { aStatus, deliverAndStore } from "../support/meta.ts";

/** Of a number whose token will be sealed at its first use: before Graph is called Postgres is asked once more. */
async function aChatWithRawToken() {
  const chat = await aLiveChat();
  await db.execute(
    sql`update "OrganizationPhone" set "wabaAccessToken" = 'EAAraw' where id = ${chat.organizationPhoneId}`,
  );
  return chat;
}

const textTo = (chat: { organizationPhoneId: number; id: number }, message = "Hi") => ({
  organizationPhoneId: chat.organizationPhoneId,
  chatId: chat.id,
  type: "text",
  message,
});

describe("a sender in trouble", () => {
  it("O4: goes on under its own claim when the claim's answer is lost", async ({ expect }) => {
    const chat = await aLiveChat();
    const id = await leftBehind(chat);
    const { lost } = loseCalls("claim_message", 1, "answer");

    expect(await senderOf(chat).send(chat.id, id)).toMatchObject({ status: "accepted" });

    expect(lost()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ status: "accepted", attempts: 1, claimId: null });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("O5: lets a new message overtake nothing that an eviction has left behind", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    expect((await anna.post("/send", textTo(chat, "0"))).status).toBe(200);
    const left = [await leftBehind(chat, { body: "1" }), await leftBehind(chat, { body: "2" })];
    await evictDurableObject(senderOf(chat));

    const answer = await anna.post("/send", textTo(chat, "3"));

    expect(answer.status).toBe(200);
    expect(await bodiesAtMeta(chat)).toEqual(["0", "1", "2", "3"].map((body) => ({ body })));
    for (const id of left) expect(await rowOf(id)).toMatchObject({ status: "accepted", attempts: 1 });
  });

  it("O5: returns the result of a message that another call has sent meanwhile", async ({ expect }) => {
    const chat = await aLiveChat();
    const [first, second] = [await leftBehind(chat, { body: "1" }), await leftBehind(chat, { body: "2" })];

    const ends = [await senderOf(chat).send(chat.id, second), await senderOf(chat).send(chat.id, first)];

    expect(ends.map(({ status }) => status)).toEqual(["accepted", "accepted"]);
    expect(await bodiesAtMeta(chat)).toEqual([{ body: "1" }, { body: "2" }]);
  });

  it("O6: lets the next message go once nobody knows what became of the one before", async ({ expect }) => {
    const chat = await aLiveChat();
    const dead = { status: "sending", claimId: "dead", leaseUntil: at(-1_000), attempts: 1, body: "1" };
    const first = await leftBehind(chat, dead);

    const end = await senderOf(chat).send(chat.id, await leftBehind(chat, { body: "2" }));

    expect(end.status).toBe("accepted");
    expect(await rowOf(first)).toMatchObject({ status: "unknown", attempts: 1 });
    expect(await bodiesAtMeta(chat)).toEqual([{ body: "2" }]);
  });

  it("O7: records later what Meta answered while Postgres was away", async ({ expect }) => {
    const chat = await aLiveChat();
    const id = await leftBehind(chat);
    const { lost } = loseCalls("advance_message", 5, "call");

    const end = await senderOf(chat).send(chat.id, id);

    expect(lost()).toBe(5);
    expect(end).toMatchObject({ status: "accepted" });
    expect(await rowOf(id)).toMatchObject({ status: "sending", wamid: null });
    await evictDurableObject(senderOf(chat));
    await senderOf(chat).sweep();
    expect(await rowOf(id)).toMatchObject({ status: "accepted", wamid: end.wamid, claimId: null });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it.for([
    { title: "takes the message", fragment: "claim_message" },
    { title: "seals the token", fragment: "wabaAccessToken" },
    { title: "records the end", fragment: "advance_message" },
  ])("is not held up for ever by a call that $title and hangs", async ({ fragment }, { expect }) => {
    const chat = await aChatWithRawToken();
    const ids = [await leftBehind(chat, { body: "1" }), await leftBehind(chat, { body: "2" })];
    const { lost } = loseCalls(fragment, 1, "hang");

    const ends = await Promise.all(ids.map((id) => senderOf(chat).send(chat.id, id)));

    expect(lost()).toBe(1);
    expect(ends.map(({ status }) => status)).toEqual(["accepted", "accepted"]);
    expect(await bodiesAtMeta(chat)).toEqual([{ body: "1" }, { body: "2" }]);
  });

  it("serves the rest of its number while one chat cannot be written to", async ({ expect }) => {
    const chat = await aLiveChat();
    const dead = { status: "sending", claimId: "dead", leaseUntil: at(-1_000), attempts: 1 };
    const first = await leftBehind(chat, dead);
    const behind = await leftBehind(chat, { body: "behind" });
    const other = await aLiveChat(chat);
    const elsewhere = await leftBehind(other, { body: "elsewhere" });
    const { lost } = loseCalls(`"dead"`, Number.POSITIVE_INFINITY, "call");

    await runInDurableObject(senderOf(chat), (sender) => sender.alarm?.());

    await expect.poll(() => rowOf(elsewhere)).toMatchObject({ status: "accepted" });
    expect(lost()).toBe(1);
    expect(await rowOf(first)).toMatchObject({ status: "sending", claimId: "dead" });
    expect(await rowOf(behind)).toMatchObject({ status: "queued", attempts: 0 });
  });

  it("tries again when Postgres fails before Meta is called, for nothing was sent", async ({ expect }) => {
    const chat = await aChatWithRawToken();
    const id = await leftBehind(chat);
    const { lost } = loseCalls("wabaAccessToken", 1, "call");

    expect(await senderOf(chat).send(chat.id, id)).toMatchObject({ status: "accepted" });

    expect(lost()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ status: "accepted", attempts: 2 });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });
});

describe("a status that is faster than Graph's answer", () => {
  it("G7: is not lowered by the answer", async ({ expect }) => {
    const chat = await aLiveChat();
    await misbehave({ delayAnswer: { ms: 1_000, phoneNumberId: chat.phoneNumberId, times: 1 } });
    const id = await leftBehind(chat);
    const end = senderOf(chat).send(chat.id, id);
    const taken = async () => (await graphCalls(chat.phoneNumberId))[0];
    await expect.poll(async () => (await taken())?.accepted ?? null).not.toBeNull();
    const call = await taken();
    expect(call?.answer).toBeNull();

    const tag = { biz_opaque_callback_data: call?.body.biz_opaque_callback_data };
    const wamid = call?.accepted ?? "";
    await deliverAndStore(
      chat.phoneNumberId,
      aStatus(wamid, "delivered", { recipient_id: chat.customer, ...tag }),
    );
    expect(await rowOf(id)).toMatchObject({ status: "delivered", wamid });

    expect(await end).toMatchObject({ status: "accepted", wamid });
    expect(await rowOf(id)).toMatchObject({ status: "delivered", wamid, claimId: null });
  });
});
