import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { db } from "../support/build.ts";
import { aLiveChat, type GraphCall, graphCalls, misbehave } from "../support/graph.ts";
import { aStatus, deliverAndStore } from "../support/meta.ts";

const aKey = () => ({ "idempotency-key": crypto.randomUUID() });

async function aSend() {
  const chat = await aLiveChat();
  const anna = await as(chat);
  const { organizationPhoneId, phoneNumberId, id: chatId } = chat;
  const send = (headers: Record<string, string> = {}) =>
    anna.post("/send", { organizationPhoneId, chatId, type: "text", message: "Hi" }, headers);
  return { chat, anna, send, phoneNumberId, calls: () => graphCalls(phoneNumberId) };
}

async function statusOf(id: number): Promise<string | undefined> {
  const { rows } = await db.execute<{ status: string }>(sql`select status from "Message" where id = ${id}`);
  return rows[0]?.status;
}

/** Sweeps the number's messages as often as it takes to end all waiting. */
async function sweepLater(organizationPhoneId: number): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    await db.execute(sql`update "Message" set "nextAttemptAt" = now(), "leaseUntil" = now()
      where "organizationPhoneId" = ${organizationPhoneId} and status in ('sending', 'unknown')`);
    await env.SENDER.getByName(String(organizationPhoneId)).sweep();
  }
}

/** The calls that Meta took, or may have taken. */
function mayHaveBeenAccepted(calls: GraphCall[]): GraphCall[] {
  return calls.filter(({ accepted, answer }) => accepted !== null || answer?.status === null);
}

describe("a message whose fate is not known", () => {
  it.for<[string, Record<string, object>, boolean]>([
    ["Meta took it and the answer was lost", { dropAnswer: {} }, true],
    ["the connection broke before Meta took it", { dropRequest: {} }, false],
    ["the answer broke off", { halfAnswer: {} }, true],
    ["the answer is half a JSON", { brokenJson: {} }, true],
    ["Meta answered with 500 and HTML", { answer: { status: 500, html: true } }, false],
    [
      "Meta answered with 500 after it took it",
      { answer: { status: 500, html: true, accepted: true } },
      true,
    ],
    ["Meta answered with 502", { answer: { status: 502 } }, false],
    ["Meta is in trouble (131000)", { answer: { code: 131000 } }, false],
    ["Meta is in trouble (2, with 400)", { answer: { code: 2, status: 400 } }, false],
    ["Meta is overloaded (131016, with 503)", { answer: { code: 131016, status: 503 } }, false],
  ])("G1, G3: is not sent again when %s", async ([, faults, wasTaken], { expect }) => {
    const { chat, send, phoneNumberId, calls } = await aSend();
    const [[name, settings] = ["", {}]] = Object.entries(faults);
    await misbehave({ [name]: { ...settings, phoneNumberId, times: 1 } });
    const key = aKey();

    const answer = await send(key);

    expect(answer.status).toBe(202);
    const { id, status } = await answer.json<{ id: number; status: string }>();
    expect(status).toBe("unknown");
    await sweepLater(chat.organizationPhoneId);
    expect(await statusOf(id)).toBe("unconfirmed");
    const again = await send(key);
    expect(await again.json()).toMatchObject({ id, status: "unconfirmed" });
    const all = await calls();
    expect(all).toHaveLength(1);
    expect(all[0]?.accepted !== null).toBe(wasTaken);
  });

  it("O3: is settled by the status that carries our tag, whatever we called it meanwhile", async ({
    expect,
  }) => {
    const { chat, anna, send, phoneNumberId, calls } = await aSend();
    await misbehave({ dropAnswer: { phoneNumberId, times: 1 } });
    const { id } = await (await send()).json<{ id: number }>();
    expect(await statusOf(id)).toBe("unknown");
    const [call] = await calls();
    const wamid = call?.accepted ?? "";
    expect(wamid).toMatch(/^wamid\./);

    const tag = { biz_opaque_callback_data: call?.body.biz_opaque_callback_data };
    await deliverAndStore(phoneNumberId, aStatus(wamid, "sent", { recipient_id: chat.customer, ...tag }));

    const { data } = await (await anna.get(`/chats/${chat.id}/messages`)).json<{ data: object[] }>();
    expect(data.at(-1)).toMatchObject({ id, wamid, status: "sent", error: null });
    await sweepLater(chat.organizationPhoneId);
    expect(await statusOf(id)).toBe("sent");
    expect(await calls()).toHaveLength(1);
  });
});

describe("what Meta refuses before processing", () => {
  it.for([4, 80007, 130429, 131056])(
    "G2: with %i is tried again, and accepted once",
    async (code, { expect }) => {
      const { send, phoneNumberId, calls } = await aSend();
      await misbehave({ answer: { code, phoneNumberId, times: 1 } });

      const answer = await send(aKey());

      expect(answer.status).toBe(200);
      const { id } = await answer.json<{ id: number }>();
      expect(await statusOf(id)).toBe("accepted");
      const all = await calls();
      expect(all.map((call) => call.answer?.code ?? null)).toEqual([code, null]);
      expect(mayHaveBeenAccepted(all)).toHaveLength(1);
      expect(new Set(all.map(({ body }) => body.biz_opaque_callback_data)).size).toBe(1);
    },
  );

  it("stays under way with the time of its next attempt, and another call does not hurry it", async ({
    expect,
  }) => {
    const { send, phoneNumberId, calls, chat } = await aSend();
    await misbehave({ answer: { code: 130429, retryAfterSeconds: 600, phoneNumberId, times: 1 } });
    const key = aKey();
    const { id } = await (await send({ ...key, prefer: "respond-async" })).json<{ id: number }>();
    while ((await statusOf(id)) === "queued" || (await calls())[0]?.answer === null) {
      // Until Meta has answered.
    }

    expect((await send(key)).status).toBe(409);
    await env.SENDER.getByName(String(chat.organizationPhoneId)).sweep();

    expect(await statusOf(id)).toBe("sending");
    expect(await calls()).toHaveLength(1);
  });
});

describe("a message in two hands", () => {
  it("O1: is claimed by one of them", async ({ expect }) => {
    const { chat, send, calls, phoneNumberId } = await aSend();
    await misbehave({ delayAnswer: { ms: 300, phoneNumberId, times: 1 } });
    const { id } = await (await send({ prefer: "respond-async" })).json<{ id: number }>();

    const sender = env.SENDER.getByName(String(chat.organizationPhoneId));
    const ends = await Promise.all(Array.from({ length: 10 }, () => sender.send(chat.id, id)));

    expect(new Set(ends.map(({ status, wamid }) => `${status} ${wamid}`)).size).toBe(1);
    expect(ends[0]?.status).toBe("accepted");
    expect(await statusOf(id)).toBe("accepted");
    expect(await calls()).toHaveLength(1);
  });

  it("answers early where the caller asks for it, and is sent all the same", async ({ expect }) => {
    const { send, calls, phoneNumberId } = await aSend();
    await misbehave({ delayAnswer: { ms: 300, phoneNumberId, times: 1 } });
    const answer = await send({ prefer: "wait=5, respond-async" });
    expect(answer.status).toBe(202);
    const { id, status } = await answer.json<{ id: number; status: string }>();
    expect(status).toBe("queued");

    await expect.poll(() => statusOf(id)).toBe("accepted");
    expect(await calls()).toHaveLength(1);
  });
});
