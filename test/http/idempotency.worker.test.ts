import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { agentFor } from "../../src/db/agents.ts";
import { createMessage } from "../../src/db/new-messages.ts";
import { fingerprintOf } from "../../src/http/request-fingerprint.ts";
import { as, type Person } from "../support/as.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";
import { aNewText } from "../support/new-message.ts";

const aKey = () => ({ "idempotency-key": crypto.randomUUID() });

async function someone() {
  const chat = await aLiveChat();
  const request = {
    organizationPhoneId: chat.organizationPhoneId,
    chatId: chat.id,
    type: "text",
    message: "Hi",
  };
  return { chat, anna: await as(chat), request };
}

async function countOutgoing({ organizationPhoneId }: Ground): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int n from "Message" where "organizationPhoneId" = ${organizationPhoneId} and "fromMe"`,
  );
  return rows[0]?.n ?? -1;
}

/** Anna's row. */
async function agentOf({ organizationId }: Ground): Promise<number> {
  const id = await agentFor(db, { organizationId, sub: "anna", name: "anna", role: "agent" });
  if (id === null) throw new Error("no such organization");
  return id;
}

async function settled(anna: Person, request: object, headers: Record<string, string>): Promise<Response> {
  for (;;) {
    const answer = await anna.post("/send", request, headers);
    if (answer.status !== 409) return answer;
  }
}

describe("an idempotency key", () => {
  it("that comes twenty times at once sends once", async ({ expect }) => {
    const { chat, anna, request } = await someone();
    const key = aKey();

    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.post("/send", request, key)));

    const bodies = await Promise.all(answers.map((answer) => answer.json<Record<string, unknown>>()));
    const good = bodies.filter((_, i) => answers[i]?.status === 200);
    const others = bodies.filter((_, i) => answers[i]?.status !== 200);
    expect(good.length).toBeGreaterThan(0);
    for (const body of good) expect(body).toEqual(good[0]);
    for (const body of others)
      expect(body).toMatchObject({ code: "idempotency_in_progress", retryable: true });
    expect(await countOutgoing(chat)).toBe(1);
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("that comes again gets the first answer, marked as a replay", async ({ expect }) => {
    const { chat, anna, request } = await someone();
    const key = aKey();
    const first = await anna.post("/send", request, key);
    expect(first.headers.get("idempotency-replayed")).toBeNull();

    // The same request in another spelling.
    const again = await anna.post("/send", Object.fromEntries(Object.entries(request).reverse()), {
      "idempotency-key": `"${key["idempotency-key"]}"`,
    });

    expect(again.status).toBe(first.status);
    expect(await again.json()).toEqual(await first.json());
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("that comes with another body is refused", async ({ expect }) => {
    const { chat, anna, request } = await someone();
    const key = aKey();
    await anna.post("/send", request, key);

    for (const change of [{ message: "Hi!" }, { chatId: undefined, to: chat.customer }]) {
      const answer = await anna.post("/send", { ...request, ...change }, key);
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({ code: "idempotency_key_reused" });
    }
    expect(await countOutgoing(chat)).toBe(1);
  });

  it("gets the same refusal by Meta again, and does not ask Meta again", async ({ expect }) => {
    const ground = await anOrganization();
    const anna = await as(ground);
    const { organizationPhoneId } = ground;
    const request = { organizationPhoneId, to: aCustomer(), type: "text", message: "Hi" };
    const key = aKey();
    const first = await anna.post("/send", request, key);

    const again = await anna.post("/send", request, key);

    const { requestId: _, ...problem } = await first.json<Record<string, unknown>>();
    expect(problem).toMatchObject({ status: 422, code: "meta_refused" });
    expect(await again.json()).toMatchObject(problem);
    expect(await graphCalls(ground.phoneNumberId)).toHaveLength(1);
  });

  it("is in progress until Meta has answered", async ({ expect }) => {
    const { chat, anna, request } = await someone();
    await misbehave({ delayAnswer: { ms: 500, phoneNumberId: chat.phoneNumberId, times: 1 } });
    const key = aKey();
    const queued = await anna.post("/send", request, { ...key, prefer: "respond-async" });
    expect(queued.status).toBe(202);
    const { id, status } = await queued.json<{ id: number; status: string }>();
    expect(status).toBe("queued");

    const meanwhile = await anna.post("/send", request, key);
    expect(meanwhile.status).toBe(409);
    expect(meanwhile.headers.get("retry-after")).toBe("1");
    expect(await meanwhile.json()).toMatchObject({ code: "idempotency_in_progress", messageId: id });

    const answer = await settled(anna, request, key);
    expect(await answer.json()).toMatchObject({ id, status: "accepted" });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("sends what the first request persisted and had no time to dispatch", async ({ expect }) => {
    const { chat, anna, request } = await someone();
    const key = crypto.randomUUID();
    await createMessage(
      db,
      aNewText(request.message, {
        organizationId: chat.organizationId,
        organizationPhoneId: chat.organizationPhoneId,
        agentId: await agentOf(chat),
        chatId: chat.id,
        idempotencyKey: key,
        fingerprint: await fingerprintOf(request),
        createdAt: new Date().toISOString(),
      }),
    );

    const answer = await settled(anna, request, { "idempotency-key": key });

    expect(await answer.json()).toMatchObject({ status: "accepted" });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("is each agent's own", async ({ expect }) => {
    const { chat, anna, request } = await someone();
    const boris = await as({ organizationId: chat.organizationId, sub: "boris" });
    const key = aKey();

    const ids = await Promise.all(
      [anna, boris].map(
        async (one) => (await (await one.post("/send", request, key)).json<{ id: number }>()).id,
      ),
    );

    expect(new Set(ids).size).toBe(2);
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(2);
  });

  it.for(["", "1234567", "with a space", 'in"side', '"only-one-quote', "x".repeat(256), "ключ-ключ"])(
    "that is malformed (%j) is refused by name, and nothing is sent",
    async (key, { expect }) => {
      const { chat, anna, request } = await someone();
      const answer = await anna.post("/send", request, { "idempotency-key": encodeHeader(key) });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ errors: [{ pointer: "/idempotency-key" }] });
      expect(await countOutgoing(chat)).toBe(0);
    },
  );
});

describe("a fingerprint", () => {
  it("is the same for another order of fields, and another for every other request", async ({ expect }) => {
    const a = await fingerprintOf({ chatId: 1, message: "Hi" });
    expect(await fingerprintOf({ message: "Hi", chatId: 1 })).toBe(a);
    const others = [
      { chatId: 1, message: "hi" },
      { chatId: 11, message: "Hi" },
      { to: "1", message: "Hi" },
      {},
    ];
    const made = await Promise.all(others.map(fingerprintOf));
    expect(new Set([a, ...made]).size).toBe(5);
  });
});

/** A header holds bytes: what is no Latin-1 goes as its UTF-8. */
function encodeHeader(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
