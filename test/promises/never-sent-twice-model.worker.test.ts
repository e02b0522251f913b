import { evictDurableObject } from "cloudflare:test";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { db } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";
import { at, leftBehind, senderOf } from "../support/left-behind.ts";
import { aStatus, deliverAndStore } from "../support/meta.ts";

type Row = { id: number; status: string; wamid: string | null; claimId: string | null };

/** What Meta does to the next send; nothing, and it takes it. */
const faults: Record<string, object> = {
  none: {},
  answerLost: { dropAnswer: {} },
  neverArrived: { dropRequest: {} },
  trouble: { answer: { status: 500, html: true } },
  troubleAfterAll: { answer: { status: 500, html: true, accepted: true } },
  tooFast: { answer: { code: 130429 } },
  refused: { answer: { code: 131026 } },
};

const step = fc.oneof(
  fc.record({ does: fc.constant("send" as const), fault: fc.constantFrom(...Object.keys(faults)) }),
  fc.record({
    does: fc.constantFrom("repeat", "sendBoth", "crashed", "left", "evict", "look", "later", "statuses"),
  }),
);

async function aModel() {
  const chat = await aLiveChat();
  const { organizationPhoneId, phoneNumberId, id: chatId } = chat;
  const anna = await as(chat);
  const { epoch } = await (await anna.get(`/chats/${chatId}`)).json<{ epoch: string }>();
  let key = crypto.randomUUID();
  const post = () =>
    anna.post(
      "/send",
      { organizationPhoneId, chatId, type: "text", message: "Hi" },
      { "idempotency-key": key },
    );
  const look = () => senderOf(chat).sweep();
  const later = async () => {
    await db.execute(sql`update "Message" set "nextAttemptAt" = now(), "leaseUntil" = now() - interval '1 s'
      where "chatId" = ${chatId} and ("claimId" = 'dead' or "claimId" is null) and status in ('sending', 'unknown')`);
    await look();
  };
  const statuses = async () => {
    for (const { accepted, body } of await graphCalls(phoneNumberId)) {
      const tag = { biz_opaque_callback_data: body.biz_opaque_callback_data };
      if (accepted === null) continue;
      await deliverAndStore(
        phoneNumberId,
        aStatus(accepted, "sent", { recipient_id: chat.customer, ...tag }),
      );
    }
  };
  const does: Record<string, (fault?: string) => Promise<unknown>> = {
    send: async (fault = "none") => {
      key = crypto.randomUUID();
      const [[name, settings] = ["", null]] = Object.entries(faults[fault] ?? {});
      if (settings) await misbehave({ [name]: { ...settings, phoneNumberId, times: 1 } });
      await post();
    },
    repeat: post,
    sendBoth: () => Promise.all([post(), post(), look()]),
    crashed: () =>
      leftBehind(chat, { status: "sending", claimId: "dead", leaseUntil: at(-1_000), attempts: 1 }),
    left: () => leftBehind(chat),
    evict: async () => {
      // Only what is awake can be evicted.
      await look();
      await evictDurableObject(senderOf(chat));
    },
    look,
    later,
    statuses,
  };
  const rows = async () =>
    (
      await db.execute<Row>(
        sql`select id, status, wamid, "claimId" from "Message" where "chatId" = ${chatId} and "fromMe" order by id`,
      )
    ).rows;
  const tagOf = ({ id }: Row) => `${epoch}.${id}`;
  return { phoneNumberId, does, rows, later, statuses, post, tagOf };
}

describe("whatever happens to sends", () => {
  it("no message is handed to Meta twice, and each comes to the state that Meta knows", async ({
    expect,
  }) => {
    let called = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const { does, rows, later, statuses, post, phoneNumberId, tagOf } = await aModel();
        for (const one of steps) await does[one.does]?.("fault" in one ? one.fault : undefined);
        // Whatever was left is sent before this one has its answer, for it is of the same chat.
        await later();
        await does.send?.();
        await post();
        await later();
        await later();

        const calls = await graphCalls(phoneNumberId);
        called += calls.length;
        for (const row of await rows()) {
          const own = calls.filter(({ body }) => body.biz_opaque_callback_data === tagOf(row));
          const maybe = own.filter(({ accepted, answer }) => accepted !== null || !answer?.code);
          expect(maybe.length).toBeLessThanOrEqual(1);
          expect(["accepted", "sent", "failed", "unconfirmed"]).toContain(row.status);
          expect(row.claimId).toBeNull();
        }
        await statuses();
        for (const row of await rows()) {
          const taken = calls.find(
            (call) => call.accepted && call.body.biz_opaque_callback_data === tagOf(row),
          );
          expect(row.wamid).toBe(taken?.accepted ?? null);
          expect(row.status === "sent").toBe(taken !== undefined);
        }
      }),
      { numRuns: 10 },
    );
    expect(called).toBeGreaterThan(10);
  });
});
