import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { actionContext } from "../../src/actions/context.ts";
import { sendMessage } from "../../src/actions/send-message.ts";
import { agentFor } from "../../src/db/agents.ts";
import { as } from "../support/as.ts";
import { db } from "../support/build.ts";
import { countCalls, loseCalls } from "../support/gate.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";
import { at, bodiesAtMeta, leftBehind, rowOf, senderOf } from "../support/left-behind.ts";
import { aNewText } from "../support/new-message.ts";

type Sent = { id: number; status: string; wamid: string };

const aKey = () => ({ "idempotency-key": crypto.randomUUID() });

/** A chat of a phone whose Sender has sent before, and so knows whose phone it is. */
async function aKnownChat() {
  const chat = await aLiveChat();
  const anna = await as(chat);
  const { organizationPhoneId, id: chatId } = chat;
  const send = (message: string, headers: Record<string, string> = aKey()) =>
    anna.post("/send", { organizationPhoneId, chatId, type: "text", message }, headers);
  const first = await send("First");
  if (first.status !== 200) throw new Error(`the first send was answered ${first.status}`);
  const texts = async () => (await bodiesAtMeta(chat)).slice(1);
  return { chat, anna, send, texts };
}

/** The calls to Postgres that a send makes. */
function countSteps() {
  const steps = ["create_message", "claim_message", "advance_message"].map(countCalls);
  return () => steps.map((calls) => calls());
}

describe("a send that waits for nothing", () => {
  it("is claimed as it is stored, and calls Postgres twice", async ({ expect }) => {
    const { chat, anna, send } = await aKnownChat();
    const steps = countSteps();

    const answer = await send("Hi");

    expect(answer.status).toBe(200);
    expect(steps()).toEqual([1, 0, 1]);
    const { id, wamid } = await answer.json<Sent>();
    expect(await rowOf(id)).toMatchObject({ status: "accepted", wamid, attempts: 1, claimId: null });
    const trace = await (await anna.get(`/messages/${id}/trace`)).json<{ steps: { step: string }[] }>();
    expect(trace.steps.map(({ step }) => step)).toEqual(["received", "stored", "sending", "accepted"]);
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(2);
  });

  it("does so after an eviction of its Sender too, and to a recipient", async ({ expect }) => {
    const { chat, anna } = await aKnownChat();
    await evictDurableObject(senderOf(chat));
    const steps = countSteps();
    const { organizationPhoneId, customer: to } = chat;

    const answers = [];
    for (const message of ["1", "2"]) {
      answers.push(await anna.post("/send", { organizationPhoneId, to, type: "text", message }, aKey()));
    }

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(steps()).toEqual([2, 0, 2]);
  });

  it("reaches an open chat as sending, then as accepted", async ({ expect }) => {
    const { chat, anna, send } = await aKnownChat();
    const tab = await anna.openTab(chat.id);
    const { head } = (await tab.nextFrame()) as { head: number };

    await send("Hi");

    const frames = [await tab.nextFrame(), await tab.nextFrame()];
    expect(frames).toMatchObject([
      { seq: head + 1, event: "message.created", message: { status: "sending", body: "Hi" } },
      { seq: head + 2, event: "message.updated", message: { status: "accepted" } },
    ]);
  });

  it("answers as queued when Meta takes longer than the caller waits, and is sent once", async ({
    expect,
  }) => {
    const { chat, send } = await aKnownChat();
    await misbehave({ delayAnswer: { ms: 1_500, phoneNumberId: chat.phoneNumberId, times: 1 } });
    const { organizationId, organizationPhoneId, id: chatId } = chat;
    const holder = { organizationId, sub: "anna", name: "anna", role: "agent" as const };
    const agent = { ...holder, id: (await agentFor(db, holder)) ?? 0 };
    const request = { organizationPhoneId, chatId, type: "text" as const, message: "Slow" };

    const sent = await sendMessage(
      actionContext(env, db, agent),
      request,
      { key: crypto.randomUUID(), fingerprint: "slow" },
      300,
    );

    expect(sent).toMatchObject({ status: "queued", isReplay: false });
    await expect.poll(() => rowOf(sent.id)).toMatchObject({ status: "accepted", attempts: 1 });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(2);
    expect((await send("Next")).status).toBe(200);
  });

  it("takes three calls without a key, and when its answer is given early", async ({ expect }) => {
    const { send } = await aKnownChat();
    const steps = countSteps();

    expect((await send("Without a key", {})).status).toBe(200);
    expect(steps()).toEqual([1, 1, 1]);

    expect((await send("Early", { ...aKey(), prefer: "respond-async" })).status).toBe(202);
    await expect.poll(steps).toEqual([2, 2, 2]);
  });

  it("of another organization is not stored by a phone's Sender, nor counted in its pace", async ({
    expect,
  }) => {
    const { chat } = await aKnownChat();
    const steps = countSteps();
    const message = aNewText("Not yours", {
      organizationId: chat.organizationId + 1,
      organizationPhoneId: chat.organizationPhoneId,
      agentId: 1,
      chatId: chat.id,
      idempotencyKey: crypto.randomUUID(),
      createdAt: at(0),
    });

    expect(await senderOf(chat).sendNew(message)).toBeNull();

    expect(steps()).toEqual([0, 0, 0]);
  });
});

describe("a send that could leave at once", () => {
  it("O5: waits for what was left behind in its chat", async ({ expect }) => {
    const { chat, send, texts } = await aKnownChat();
    const left = [await leftBehind(chat, { body: "1" }), await leftBehind(chat, { body: "2" })];

    expect((await send("3")).status).toBe(200);

    expect(await texts()).toEqual(["1", "2", "3"].map((body) => ({ body })));
    for (const id of left) expect(await rowOf(id)).toMatchObject({ status: "accepted", attempts: 1 });
  });

  it("O6: keeps its place while Meta has it wait", async ({ expect }) => {
    const { chat, send, texts } = await aKnownChat();
    await misbehave({ answer: { code: 130429, times: 1, phoneNumberId: chat.phoneNumberId } });

    const first = send("1");
    await expect.poll(texts).toHaveLength(1);
    const answers = await Promise.all([first, send("2"), send("3")]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const sent = await texts();
    expect(sent.slice(0, 2)).toEqual([{ body: "1" }, { body: "1" }]);
    expect(sent).toHaveLength(4);
  });

  it("fails without a call while the phone's token is dead", async ({ expect }) => {
    const { chat, send } = await aKnownChat();
    const token = `EAA${crypto.randomUUID()}`;
    await db.execute(
      sql`update "OrganizationPhone" set "wabaAccessToken" = ${token} where id = ${chat.organizationPhoneId}`,
    );
    await misbehave({ expiredToken: { token } });
    expect((await send("1")).status).toBe(502);
    const calls = (await graphCalls(chat.phoneNumberId)).length;

    expect((await send("2")).status).toBe(502);

    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(calls);
  });

  it.for(["call", "answer"] as const)(
    "is sent once when the %s that stores it is lost",
    async (what, { expect }) => {
      const { chat, send, texts } = await aKnownChat();
      const { lost } = loseCalls("create_message", 1, what);
      const key = aKey();

      const answer = await send("Hi", key);

      expect(lost()).toBe(1);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("idempotency-replayed")).toBeNull();
      const sent = await answer.json<Sent>();
      expect(await rowOf(sent.id)).toMatchObject({ status: "accepted", wamid: sent.wamid, claimId: null });
      expect(await (await send("Hi", key)).json()).toEqual(sent);
      expect(await texts()).toEqual([{ body: "Hi" }]);
      expect(await storedIn(chat.id)).toEqual(["First", "Hi"]);
    },
  );

  it("is found and sent when the answer was lost and Postgres went away", async ({ expect }) => {
    const { chat, send, texts } = await aKnownChat();
    const { lost } = loseCalls("create_message", 2, "answer");

    const answer = await send("Hi");

    expect(lost()).toBe(2);
    expect(answer.status).toBe(503);
    expect(await storedIn(chat.id)).toEqual(["First", "Hi"]);
    await db.execute(
      sql`update "Message" set "nextAttemptAt" = now() where "chatId" = ${chat.id} and status = 'sending'`,
    );
    await evictDurableObject(senderOf(chat));
    await expect
      .poll(async () => {
        await senderOf(chat).sweep();
        return await texts();
      })
      .toEqual([{ body: "Hi" }]);
  });

  it("is refused once the phone is disconnected", async ({ expect }) => {
    const { chat, send, texts } = await aKnownChat();
    await db.execute(
      sql`update "OrganizationPhone" set "connectionType" = 'disconnected' where id = ${chat.organizationPhoneId}`,
    );

    expect(await (await send("Hi")).json()).toMatchObject({ code: "phone_disconnected" });
    expect(await texts()).toEqual([]);
  });
});

async function storedIn(chatId: number): Promise<string[]> {
  const { rows } = await db.execute<{ body: string }>(
    sql`select body from "Message" where "chatId" = ${chatId} and "fromMe" order by id`,
  );
  return rows.map(({ body }) => body);
}
