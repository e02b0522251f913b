import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { eventsAfter } from "../src/db/chat-events.ts";
import { media } from "../src/db/media-tables.ts";
import { messageStatuses, messages } from "../src/db/message-tables.ts";
import { webhookEvents } from "../src/db/webhook-tables.ts";
import { readRetention } from "../src/domain/retention.ts";
import { sweepBucket } from "../src/media/sweep-bucket.ts";
import { removeOld } from "../src/retention.ts";
import { cleanUp } from "../src/schedule.ts";
import { as } from "./support/as.ts";
import { aChat, db } from "./support/build.ts";
import { aStatus, aText, aWamid, deliverAndStore } from "./support/meta.ts";

const NOW = new Date();
const OLD = sql`now() - interval '40 days'`;
const FOR_30_DAYS = { ...env, RETENTION_DAYS: "events=30,statuses=30,webhooks=30,files=30" };

/** Removes what is older than 30 days; rows that other tests have just made are younger. */
async function removeOldOnes(limitMs = 60_000): Promise<void> {
  await removeOld(FOR_30_DAYS, NOW, limitMs);
}

/** The rows of this test lie behind all others, so that those of other tests, which are younger, do not end the pass before. */
async function passUpTo(group: string, position: number): Promise<void> {
  await db.execute(sql`insert into "RetentionPass" ("group", position) values (${group}, ${position})
    on conflict ("group") do update set position = excluded.position`);
}

/** A chat with five events, of which the given ones are old. */
async function aChatWithOld(seqs: string) {
  const chat = await aChat();
  for (const body of ["2", "3", "4", "5"])
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body }));
  await db.execute(sql`update "ChatEvent" set "createdAt" = ${OLD} where "chatId" = ${chat.id}
    and seq = any(${`{${seqs}}`}::int[])`);
  const anna = await as(chat);
  const { epoch } = await (await anna.get(`/chats/${chat.id}`)).json<{ epoch: string }>();
  const eventsFrom = async (after: number) => {
    const answer = await anna.get(`/chats/${chat.id}/events?after=${after}`);
    const { data, code } = await answer.json<{ data?: { seq: number }[]; code?: string }>();
    return data?.map(({ seq }) => seq) ?? [answer.status, code];
  };
  const resumeFrom = async (since: number) => {
    const tab = await anna.openTab(chat.id, `?since=${since}&epoch=${epoch}`);
    return { tab, hello: await tab.nextFrame() };
  };
  return { ...chat, eventsFrom, resumeFrom };
}

describe("events that were removed", () => {
  it("are the first of a chat's log: a client from before loads it again, others continue", async ({
    expect,
  }) => {
    const chat = await aChatWithOld("1,2,3");
    await removeOldOnes();
    for (const after of [0, 2]) expect(await chat.eventsFrom(after)).toEqual([410, "log_expired"]);
    expect(await chat.eventsFrom(3)).toEqual([4, 5]);
    expect(await chat.eventsFrom(5)).toEqual([]);

    expect((await chat.resumeFrom(2)).hello).toMatchObject({ resume: "reset", head: 5 });
    expect((await chat.resumeFrom(5)).hello).toMatchObject({ resume: "current", head: 5 });
    const { tab, hello } = await chat.resumeFrom(3);
    expect(hello).toMatchObject({ resume: "replay", head: 5 });
    expect([await tab.nextFrame(), await tab.nextFrame()]).toMatchObject([
      { seq: 4, message: { body: "4" } },
      { seq: 5, chat: { id: chat.id, head: 5 } },
    ]);
  });

  it("may be all of a log: the numbers go on, and the messages stay", async ({ expect }) => {
    const chat = await aChatWithOld("1,2,3,4,5");
    await removeOldOnes();
    expect(await chat.eventsFrom(4)).toEqual([410, "log_expired"]);
    expect((await chat.resumeFrom(4)).hello).toMatchObject({ resume: "reset", head: 5 });
    const { tab, hello } = await chat.resumeFrom(5);
    expect(hello).toMatchObject({ resume: "current" });
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "6" }));
    expect(await tab.nextFrame()).toMatchObject({ seq: 6, message: { body: "6" } });
    const { data } = await (await (await as(chat)).get(`/chats/${chat.id}/messages`)).json<{
      data: unknown[];
    }>();
    expect(data).toHaveLength(6);
  });

  it("leave no gap: an old one behind a younger one stays", async ({ expect }) => {
    const chat = await aChatWithOld("1,3");
    await removeOldOnes();
    expect(await chat.eventsFrom(0)).toEqual([410, "log_expired"]);
    expect(await chat.eventsFrom(1)).toEqual([2, 3, 4, 5]);
  });

  it("close the socket of a client that says it has less", async ({ expect }) => {
    const chat = await aChatWithOld("1,2,3");
    await removeOldOnes();
    const { tab } = await chat.resumeFrom(5);
    tab.send({ type: "sync", seq: 1 });
    expect(await tab.closed).toBe(1012);
  });

  it("keep a repeated webhook from doing anything", async ({ expect }) => {
    const chat = await aChat();
    const text = aText({ from: chat.customer, body: "once" });
    await deliverAndStore(chat.phoneNumberId, text);
    await db.execute(sql`update "ChatEvent" set "createdAt" = ${OLD} where "chatId" = ${chat.id}`);
    await removeOldOnes();
    await deliverAndStore(chat.phoneNumberId, text);
    expect(await eventsAfter(db, chat, 2, 10)).toMatchObject({ head: 2, events: [] });
  });
});

describe("statuses that were removed", () => {
  it("leave the message its own, and go in batches that continue", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const item = {
      to: chat.customer,
      id: wamid,
      timestamp: "1790000000",
      type: "text",
      text: { body: "Hi" },
    };
    await deliverAndStore(chat.phoneNumberId, {
      list: "message_echoes",
      item: { from: "79001234567", ...item },
    });
    const [{ id: message } = { id: 0 }] = await db.select().from(messages).where(eq(messages.wamid, wamid));
    await deliverAndStore(chat.phoneNumberId, aStatus(wamid, "sent"), aStatus(wamid, "read"));
    const base = 2_000_000_000_000 + chat.id * 10_000;
    await passUpTo("statuses", base);
    const aPayment = { status: "payment.captured", payment: { state: "paid" } };
    const add = (offset: number, count: number, more: object, at = OLD) =>
      db.execute(sql`insert into "MessageStatus" (id, "organizationPhoneId", wamid, status, participant, "messageId", payload,
          "happenedAt", "receivedAt", payment)
        select ${base + offset}::bigint + n, ${chat.organizationPhoneId}, ${wamid}, ${"status" in more ? more.status : "sent"}::text, (n + ${offset}::int)::text, ${message}::int, '{}',
          ${at}, ${at}, ${"payment" in more ? JSON.stringify(more.payment) : null}::jsonb from generate_series(1, ${count}::int) n`);
    await add(0, 1, aPayment);
    await add(1, 4_100, {});
    await add(4_200, 3, {}, sql`now()`);
    await add(4_300, 1, { status: "old behind a younger one" });
    const left = async () => {
      const rows = await db
        .select()
        .from(messageStatuses)
        .where(sql`id > ${base} and "messageId" = ${message}`);
      return rows.length;
    };
    expect(await left()).toBe(4_105);
    await removeOldOnes(0);
    expect(await left()).toBe(4_105 - 1_999);
    await removeOldOnes();
    expect(await left()).toBe(5);
    const trace = await (await as(chat)).get(`/messages/${message}`);
    expect(await trace.json()).toMatchObject({ status: "read" });
  });
});

describe("raw webhooks that were removed", () => {
  it("are those from before, applied or not", async ({ expect }) => {
    const base = 1_900_000_000;
    await passUpTo("webhooks", base);
    const age = [OLD, OLD, sql`now()`];
    for (const [n, at] of age.entries())
      await db.execute(sql`insert into "WebhookEvent" (id, payload, hash, "receivedAt", reason)
        values (${base + 1 + n}, '{}', ${crypto.randomUUID()}, ${at}, ${n === 0 ? null : "unknown_shape"})`);
    await removeOldOnes();
    const left = await db.select({ id: webhookEvents.id }).from(webhookEvents).where(sql`id > ${base}`);
    expect(left).toEqual([{ id: base + 3 }]);
    await db.delete(webhookEvents).where(eq(webhookEvents.id, base + 3));
  });
});

describe("files that were removed", () => {
  it("are gone from the bucket, unless a newer one has the same content", async ({ expect }) => {
    const [chat, other] = [await aChat(), await aChat()];
    const base = 1_900_000_000;
    await passUpTo("files", base);
    const [own, shared] = [`${chat.organizationId}/own`, `${chat.organizationId}/shared`];
    for (const key of [own, shared]) await env.MEDIA.put(key, "content");
    const add = async (
      { id: chatId, organizationId, organizationPhoneId }: typeof chat,
      n: number,
      objectKey: string,
      createdAt = OLD,
    ) => {
      await db.insert(media).values({
        id: base + n,
        organizationId,
        organizationPhoneId,
        fromMe: false,
        state: "stored",
        objectKey,
        createdAt,
        mimeType: "image/png",
      });
      await db.execute(sql`update "Message" set "mediaId" = ${base + n} where "chatId" = ${chatId}`);
    };
    await add(chat, 1, own);
    await add(other, 2, shared);
    await db.insert(media).values({
      id: base + 3,
      organizationId: chat.organizationId,
      organizationPhoneId: chat.organizationPhoneId,
      fromMe: true,
      state: "stored",
      objectKey: shared,
    });
    const anna = await as(chat);
    expect((await anna.get(`/media/${base + 1}`)).status).toBe(200);

    await removeOldOnes();
    await sweepBucket(env, NOW);
    expect([await env.MEDIA.head(own), await env.MEDIA.head(shared)]).toEqual([null, expect.anything()]);
    const answer = await anna.get(`/media/${base + 1}`);
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({
      code: "media_gone",
      mediaState: "expired",
      mediaProblem: "retention",
    });
    const { events } = (await eventsAfter(db, chat, 1, 10)) ?? {};
    expect(events).toMatchObject([
      { seq: 2, event: "message.updated", message: { media: { state: "expired" } } },
    ]);
    expect(
      (
        await db
          .select()
          .from(media)
          .where(eq(media.id, base + 3))
      )[0],
    ).toMatchObject({ state: "stored" });
  });

  it("include what an upload left behind whose Worker died, before or after its row", async ({ expect }) => {
    const { organizationId, organizationPhoneId } = await aChat();
    const hashKey = async (text: string) => {
      const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
      return `${organizationId}/${Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    };
    const uploads = ["never recorded", "of a form", "recorded", "not yet hashed"].map((text) => ({
      text,
      // A form announces up to two bytes more than its file has.
      padding: text === "of a form" ? "\0\0" : "",
      upload: `uploads/${organizationId}/${crypto.randomUUID()}`,
    }));
    const leaveBehind = async ({ text, padding, upload }: (typeof uploads)[number]) => {
      await env.MEDIA.put(upload, text + padding, { customMetadata: { slack: String(padding.length) } });
      if (text !== "not yet hashed") await env.MEDIA.put(await hashKey(text), text);
    };
    for (const upload of uploads) await leaveBehind(upload);
    await db.insert(media).values({
      organizationId,
      organizationPhoneId,
      fromMe: true,
      state: "stored",
      objectKey: await hashKey("recorded"),
    });
    const found = async () => (await env.MEDIA.list({ prefix: `uploads/${organizationId}/` })).objects.length;
    await sweepBucket(env, NOW);
    expect(await found()).toBe(4);
    const later = new Date(Date.now() + 2 * 3_600_000);
    await sweepBucket(env, later);
    expect(await found()).toBe(0);
    for (const lost of uploads.slice(0, 2)) {
      const key = await hashKey(lost.text);
      // Tests beside this one share the database and have buckets of their own: their schedule may delete it there first.
      const swept = async () => {
        if (await env.MEDIA.head(key)) await leaveBehind(lost).then(() => sweepBucket(env, later));
        return await env.MEDIA.head(key);
      };
      await expect.poll(swept).toBeNull();
    }
    expect(await env.MEDIA.head(await hashKey("recorded"))).not.toBeNull();
  });
});

describe("RETENTION_DAYS", () => {
  it.for([
    ["events=90,webhooks=30", { events: 90, webhooks: 30 }, []],
    ["files = 8", { files: 8 }, []],
    ["", {}, []],
    ["events=7", {}, ["events=7"]],
    ["events=90,messages=30", {}, ["messages=30"]],
    ["events=90,events=100", {}, ["events=100"]],
    ["events=1.5,30,files=-9,statuses=36501", {}, ["events=1.5", "30", "files=-9", "statuses=36501"]],
  ] as const)("%j removes nothing where an entry is in doubt", ([text, days, invalid], { expect }) => {
    const entries = text.split(",").filter(Boolean);
    expect(readRetention(entries)).toEqual({ days, invalid });
  });

  it("is applied by the schedule, in one minute of the hour", async ({ expect }) => {
    const chat = await aChatWithOld("1,2,3");
    const atMinute = (minute: number) => new Date(new Date(NOW).setUTCMinutes(minute));
    await cleanUp(FOR_30_DAYS, atMinute(12));
    expect(await chat.eventsFrom(0)).toEqual([1, 2, 3, 4, 5]);
    await cleanUp(FOR_30_DAYS, atMinute(11));
    expect(await chat.eventsFrom(0)).toEqual([410, "log_expired"]);
  });

  it("removes nothing when it is not set", async ({ expect }) => {
    const chat = await aChatWithOld("1,2,3");
    await removeOld(env, NOW, 60_000);
    expect(await chat.eventsFrom(0)).toEqual([1, 2, 3, 4, 5]);
  });
});
