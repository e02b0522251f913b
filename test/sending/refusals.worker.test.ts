import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { describe, it, onTestFinished } from "vitest";
import { explainNamed } from "../../src/whatsapp/graph-errors.ts";
import { as } from "../support/as.ts";
import { aPhone, db } from "../support/build.ts";
import { aRefusal } from "../support/gate.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";
import { at, leftBehind, rowOf, senderOf } from "../support/left-behind.ts";
import { captureLogs } from "../support/logs.ts";
import { aStatus, deliverAndStore } from "../support/meta.ts";

const textTo = (chat: { organizationPhoneId: number; id: number }, message = "Hi") => ({
  organizationPhoneId: chat.organizationPhoneId,
  chatId: chat.id,
  type: "text",
  message,
});

describe("a number whose token is dead", () => {
  it("G6: fails its sends, logs that once, and goes on with a new token", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const [older, newer] = [`EAA${crypto.randomUUID()}`, `EAA${crypto.randomUUID()}`];
    const setToken = (token: string) =>
      db.execute(
        sql`update "OrganizationPhone" set "wabaAccessToken" = ${token} where id = ${chat.organizationPhoneId}`,
      );
    await setToken(older);
    await misbehave({ expiredToken: { token: older } });
    const logs = captureLogs();
    onTestFinished(logs.stop);

    for (const _ of [1, 2]) {
      const refused = await anna.post("/send", textTo(chat));
      expect(await refused.json()).toMatchObject({ title: "Invalid access token", code: "meta_refused" });
    }
    await evictDurableObject(senderOf(chat));
    expect((await anna.post("/send", textTo(chat))).status).toBe(502);
    const refusals = (await graphCalls(chat.phoneNumberId)).length;

    const other = await aLiveChat({ ...chat, ...(await aPhone(chat.organizationId)) });
    expect((await anna.post("/send", textTo(other))).status).toBe(200);

    await setToken(newer);
    expect((await anna.post("/send", textTo(chat))).status).toBe(200);
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(refusals + 1);
    const lines = (text: string) => logs.lines.filter((line) => line.includes(text));
    expect(lines("Sending paused")).toHaveLength(1);
    expect(lines("Sending resumed")).toHaveLength(1);
  });
});

describe("the alarm about a dead token", () => {
  it("comes with each refusal of Meta's, once, and is made up for when it could not be raised", async ({
    expect,
  }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const token = `EAA${crypto.randomUUID()}`;
    await db.execute(
      sql`update "OrganizationPhone" set "wabaAccessToken" = ${token} where id = ${chat.organizationPhoneId}`,
    );
    await misbehave({ expiredToken: { token } });
    const alarms = async () => {
      const { rows } = await db.execute<{ clearedAt: string | null }>(
        sql`select "clearedAt" from "Notice" where "organizationPhoneId" = ${chat.organizationPhoneId} order by id`,
      );
      return rows.map(({ clearedAt }) => (clearedAt === null ? "open" : "cleared"));
    };
    const refused = aRefusal("reconcile_alarms");
    onTestFinished(refused.end);
    expect((await anna.post("/send", textTo(chat))).status).toBe(502);
    await expect.poll(refused.calls).toBe(1);
    refused.end();
    expect(await alarms()).toEqual([]);
    await runDurableObjectAlarm(senderOf(chat));
    expect(await alarms()).toEqual(["open"]);

    // A check that asked Meta a moment before.
    await db.execute(
      sql`update "Notice" set "clearedAt" = now() where "organizationPhoneId" = ${chat.organizationPhoneId}`,
    );
    const again = async () => {
      expect((await anna.post("/send", textTo(chat))).status).toBe(502);
      return await alarms();
    };
    await expect.poll(again, { timeout: 30_000, interval: 500 }).toEqual(["cleared", "open"]);
    await expect
      .poll(async () => (await graphCalls(chat.phoneNumberId)).length, { timeout: 30_000, interval: 500 })
      .toBe(2);
  });
});

describe("a number's queue", () => {
  it("O8: takes no more than 10,000 messages, and answers when to retry", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const first = await leftBehind(chat, { status: "unknown", nextAttemptAt: at(600_000) });
    await db.execute(sql`insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload,
        status, "nextAttemptAt", "createdAt")
      select "organizationPhoneId", "chatId", seq, true, 'text', body, payload, status, "nextAttemptAt", "createdAt"
      from "Message", generate_series(1, 9998) where id = ${first}`);
    expect((await anna.post("/send", textTo(chat, "the 10,000th"))).status).toBe(200);
    await leftBehind(chat, { status: "unknown", nextAttemptAt: at(600_000) });

    const answer = await anna.post("/send", textTo(chat, "one too many"));

    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("30");
    expect(await answer.json()).toMatchObject({ code: "rate_limited", retryable: true });
    await db.execute(
      sql`update "Message" set status = 'unconfirmed' where "organizationPhoneId" = ${chat.organizationPhoneId} and status = 'unknown'`,
    );
    expect((await anna.post("/send", textTo(chat, "after all"))).status).toBe(200);
  });
});

describe("what Meta says later of a message that it did not deliver", () => {
  it.for([
    [131000, "meta_failed", "Send it again."],
    [131016, "meta_failed", "Send it again."],
    [131056, "limit_reached", "Send it again in a few minutes."],
    [130429, "limit_reached", "Send it again in a few minutes."],
  ] as const)(
    "%i is true of a message that has failed, and it may be sent again",
    async ([code, name, advice], { expect }) => {
      const chat = await aLiveChat();
      const anna = await as(chat);
      const { id } = await (await anna.post("/send", textTo(chat))).json<{ id: number }>();
      const stored = await rowOf(id);
      const errors = [{ code }];
      await deliverAndStore(
        chat.phoneNumberId,
        aStatus(stored?.wamid ?? "", "failed", { recipient_id: chat.customer, errors }),
      );
      const message = await (await anna.get(`/messages/${id}`)).json<object>();
      expect(message).toMatchObject({ status: "failed", error: { code: name, advice, metaCode: code } });
      expect((await anna.post(`/messages/${id}/resend`)).status).toBe(200);
    },
  );
});

describe("a later status from Meta for a text outside the service window", () => {
  const failed = { errors: [{ code: 131047, title: "Re-engagement message" }] };
  const cases = [
    ["never before", "+1 hour", "customer_has_not_written"],
    ["moments before", "-1 second", "window_not_counted"],
    ["by a clock ahead of ours", "+5 seconds", "window_not_counted"],
    ["23 hours before", "-23 hours", "window_not_counted"],
    ["25 hours before", "-25 hours", "window_closed"],
  ] as const;
  it.for(cases)("depends on whether the customer wrote %s", async ([, wrote, code], { expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const { id } = await (await anna.post("/send", textTo(chat))).json<{ id: number }>();
    const stored = await rowOf(id);
    await db.execute(
      sql`update "Message" set "createdAt" = now() + ${wrote}::interval where "chatId" = ${chat.id} and not "fromMe"`,
    );

    await deliverAndStore(
      chat.phoneNumberId,
      aStatus(stored?.wamid ?? "", "failed", { recipient_id: chat.customer, ...failed }),
    );

    const { data } = await (await anna.get(`/chats/${chat.id}/messages`)).json<{ data: { id: number }[] }>();
    const { title, advice } = explainNamed(code);
    expect(data.find((one) => one.id === id)).toMatchObject({
      status: "failed",
      error: { code, title, advice, metaCode: 131047 },
    });
  });
});

describe("Meta's answer with HTTP 500", () => {
  const answered = async (code: number) => {
    const chat = await aLiveChat();
    await misbehave({ answer: { status: 500, code, phoneNumberId: chat.phoneNumberId, times: 1 } });
    const anna = await as(chat);
    const answer = await anna.post("/send", textTo(chat));
    const listed = async () => {
      const { data } = await (await anna.get(`/chats/${chat.id}/messages`)).json<{ data: object[] }>();
      return data.at(-1);
    };
    return { chat, answer, listed };
  };

  it.for([
    [131045, "registration_unfinished"],
    [133010, "number_not_registered"],
    [3, "permission_missing"],
  ] as const)(
    "fails the message when its code, %i, means that nothing was sent",
    async ([code, name], { expect }) => {
      const { chat, answer, listed } = await answered(code);
      expect(await answer.json()).toMatchObject({ code: "meta_refused", meta: { code } });
      expect(await listed()).toMatchObject({ status: "failed", error: { code: name, metaCode: code } });
      expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
    },
  );

  it.for([131000, 2])(
    "leaves the message unknown when its code is %i, and keeps Meta's error",
    async (code, { expect }) => {
      const { chat, answer, listed } = await answered(code);
      const { id, status } = await answer.json<{ id: number; status: string }>();
      expect(status).toBe("unknown");
      const error = { code: "meta_in_trouble", metaCode: code, detail: expect.any(String) };
      expect(await listed()).toMatchObject({ status: "unknown", error });

      await db.execute(sql`update "Message" set "nextAttemptAt" = now() where id = ${id}`);
      await evictDurableObject(senderOf(chat));
      await senderOf(chat).sweep();

      await expect.poll(listed).toMatchObject({ status: "unconfirmed", error });
      const { wamid } = (await rowOf(id)) ?? {};
      expect(wamid).toBeNull();
      expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
    },
  );
});

describe("a number with an empty wabaApiVersion", () => {
  it.for(["", "  "])("is sent with the common one: %j", async (version, { expect }) => {
    const chat = await aLiveChat();
    await db.execute(
      sql`update "OrganizationPhone" set "wabaApiVersion" = ${version} where id = ${chat.organizationPhoneId}`,
    );
    expect((await (await as(chat)).post("/send", textTo(chat))).status).toBe(200);
    expect((await graphCalls(chat.phoneNumberId))[0]?.path).toContain("/v25.0/");
  });
});

describe("a refusal that is repeated", () => {
  it("says that it is one", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    await misbehave({ answer: { code: 131026, phoneNumberId: chat.phoneNumberId, times: 1 } });
    const key = { "idempotency-key": crypto.randomUUID() };

    const [first, again] = [
      await anna.post("/send", textTo(chat), key),
      await anna.post("/send", textTo(chat), key),
    ];

    expect([first.status, again.status]).toEqual([422, 422]);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await again.json()).not.toHaveProperty("isReplay");
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });
});
