import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { agentFor } from "../../src/db/agents.ts";
import { createMessage } from "../../src/db/new-messages.ts";
import { as } from "../support/as.ts";
import { db } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";
import { at, bodiesAtMeta, leftBehind, rowOf, senderOf } from "../support/left-behind.ts";
import { aStatus, deliverAndStore } from "../support/meta.ts";
import { aNewText } from "../support/new-message.ts";

describe("a sender that recovers messages left behind", () => {
  it("O5: sends what was left queued, once, in order", async ({ expect }) => {
    const chat = await aLiveChat();
    const ids = [await leftBehind(chat, { body: "1" }), await leftBehind(chat, { body: "2" })];

    await Promise.all([senderOf(chat).sweep(), senderOf(chat).sweep()]);
    // Its turn comes after theirs, for it is the same chat's.
    await senderOf(chat).send(chat.id, await leftBehind(chat, { body: "3" }));

    expect(await bodiesAtMeta(chat)).toEqual(["1", "2", "3"].map((body) => ({ body })));
    for (const id of ids) expect(await rowOf(id)).toMatchObject({ status: "accepted", attempts: 1 });
  });

  it("O2, G4: believes a message unknown whose attempt died, gives it up in the end, and sends it never", async ({
    expect,
  }) => {
    const chat = await aLiveChat();
    const id = await leftBehind(chat, {
      status: "sending",
      claimId: "dead",
      leaseUntil: at(-1_000),
      attempts: 1,
    });

    await senderOf(chat).sweep();
    expect(await rowOf(id)).toMatchObject({ status: "unknown", claimId: null });

    await senderOf(chat).sweep();
    expect(await rowOf(id)).toMatchObject({ status: "unknown" });

    await db.execute(sql`update "Message" set "nextAttemptAt" = now() where id = ${id}`);
    await senderOf(chat).sweep();
    expect(await rowOf(id)).toMatchObject({ status: "unconfirmed" });
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });

  it("lets a status that comes later still win over unconfirmed", async ({ expect }) => {
    const chat = await aLiveChat();
    const id = await leftBehind(chat, { status: "unknown", nextAttemptAt: at(-1_000) });
    await senderOf(chat).sweep();
    expect(await rowOf(id)).toMatchObject({ status: "unconfirmed" });
    const { epoch } = await (await (await as(chat)).get(`/chats/${chat.id}`)).json<{ epoch: string }>();

    const tag = { biz_opaque_callback_data: `${epoch}.${id}` };
    await deliverAndStore(
      chat.phoneNumberId,
      aStatus("wamid.late", "delivered", { recipient_id: chat.customer, ...tag }),
    );

    expect(await rowOf(id)).toMatchObject({ status: "delivered", wamid: "wamid.late" });
  });

  it("leaves alone what a living attempt holds, and what is not due", async ({ expect }) => {
    const [held, waiting] = [await aLiveChat(), await aLiveChat()];
    const heldId = await leftBehind(held, {
      status: "sending",
      claimId: "alive",
      leaseUntil: at(50_000),
      attempts: 1,
    });
    const waitingId = await leftBehind(waiting, {
      status: "sending",
      nextAttemptAt: at(50_000),
      attempts: 1,
    });

    for (const chat of [held, waiting]) await senderOf(chat).sweep();

    expect(await rowOf(heldId)).toMatchObject({ status: "sending", claimId: "alive" });
    expect(await rowOf(waitingId)).toMatchObject({ status: "sending", attempts: 1 });
    expect(await graphCalls(held.phoneNumberId)).toEqual([]);
    expect(await graphCalls(waiting.phoneNumberId)).toEqual([]);
  });

  it.for<[string, Record<string, string | number>]>([
    ["has to wait for its retry", { status: "sending", attempts: 1, nextAttemptAt: at(50_000) }],
    ["is being sent", { status: "sending", attempts: 1, claimId: "alive", leaseUntil: at(50_000) }],
  ])("O6: lets nothing overtake a message of the same chat that %s", async ([, first], { expect }) => {
    const chat = await aLiveChat();
    await leftBehind(chat, first);
    const second = await leftBehind(chat, { body: "second" });
    const other = await aLiveChat(chat);
    const elsewhere = await leftBehind(other, { body: "elsewhere" });

    await senderOf(chat).sweep();
    // The other chat's turn is not held up; once it is over, all that was given a turn has had it.
    await senderOf(chat).send(other.id, elsewhere);

    expect(await bodiesAtMeta(chat)).toEqual([{ body: "elsewhere" }]);
    expect(await rowOf(second)).toMatchObject({ status: "queued", attempts: 0 });
  });
});

describe("one chat's messages", () => {
  it("O6: leave in order, also while the first has to wait", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    await misbehave({ answer: { code: 130429, times: 1, phoneNumberId: chat.phoneNumberId } });
    const { organizationPhoneId, id: chatId } = chat;
    const send = (message: string) =>
      anna.post("/send", { organizationPhoneId, chatId, type: "text", message }, { prefer: "respond-async" });

    for (const message of ["1", "2", "3"]) expect((await send(message)).status).toBe(202);
    const last = await anna.post("/send", { organizationPhoneId, chatId, type: "text", message: "4" });

    expect(last.status).toBe(200);
    expect(await bodiesAtMeta(chat)).toEqual(["1", "1", "2", "3", "4"].map((body) => ({ body })));
    const accepted = (await graphCalls(chat.phoneNumberId)).map((call) => call.accepted !== null);
    expect(accepted).toEqual([false, true, true, true, true]);
  });

  it("O6: leave in the order of their ids when they are sent at once", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const { organizationPhoneId, id: chatId } = chat;
    await misbehave({ delayAnswer: { ms: 300, phoneNumberId: chat.phoneNumberId, times: 2 } });

    const answers = await Promise.all(
      ["1", "2", "3", "4", "5", "6"].map((message) =>
        anna.post("/send", { organizationPhoneId, chatId, type: "text", message }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { rows } = await db.execute<{ wamid: string }>(
      sql`select wamid from "Message" where "chatId" = ${chatId} and "fromMe" order by id`,
    );
    const accepted = (await graphCalls(chat.phoneNumberId)).map((call) => call.accepted);
    expect(accepted).toEqual(rows.map(({ wamid }) => wamid));
    expect(accepted).toHaveLength(6);
  });

  it("O6: leave in order also when the later one comes to the Sender first", async ({ expect }) => {
    const chat = await aLiveChat();
    const { organizationId, organizationPhoneId, id: chatId } = chat;
    const agentId = await agentFor(db, { organizationId, sub: "anna", name: "anna", role: "agent" });
    const store = async (text: string) => {
      const ids = { organizationId, organizationPhoneId, agentId: agentId ?? 0, chatId };
      const created = await createMessage(db, aNewText(text, { ...ids, createdAt: at(0) }));
      if (created.kind !== "created") throw new Error("it was not stored");
      return created.message.id;
    };
    const [first, second] = [await store("1"), await store("2")];

    const later = senderOf(chat).send(chatId, second);
    const earlier = senderOf(chat).send(chatId, first);

    expect([(await earlier).status, (await later).status]).toEqual(["accepted", "accepted"]);
    expect(await bodiesAtMeta(chat)).toEqual([{ body: "1" }, { body: "2" }]);
  });

  it("do not wait for those of another chat", async ({ expect }) => {
    const slow = await aLiveChat();
    const other = await aLiveChat(slow);
    await leftBehind(slow, { status: "sending", nextAttemptAt: at(50_000), attempts: 1 });

    const answer = await (await as(slow)).post("/send", {
      organizationPhoneId: other.organizationPhoneId,
      chatId: other.id,
      type: "text",
      message: "Hi",
    });

    expect(answer.status).toBe(200);
  });
});
