import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { anOrganization, db } from "../support/build.ts";
import { aLiveChat, graphCalls } from "../support/graph.ts";
import { bodiesAtMeta, leftBehind } from "../support/left-behind.ts";
import { aStatus, deliverAndStore } from "../support/meta.ts";

type Shown = { id: number; status: string; error: { code: string } | null };

async function aMessage(status: string, error: string | null = null) {
  const chat = await aLiveChat();
  const id = await leftBehind(chat, { status });
  const known = { code: error, title: "", advice: "", metaCode: 190, detail: "Expired", fbtraceId: null };
  if (error !== null)
    await db.execute(sql`update "Message" set error = ${JSON.stringify(known)}::jsonb where id = ${id}`);
  const anna = await as(chat);
  const shown = async () => {
    const answer = await anna.get(`/chats/${chat.id}/messages`);
    return (await answer.json<{ data: Shown[] }>()).data;
  };
  const decide = (how: string, headers = {}) => anna.post(`/messages/${id}/${how}`, undefined, headers);
  return { chat, id, anna, decide, shown, bubble: async () => (await shown()).find((one) => one.id === id) };
}

const aKey = () => ({ "idempotency-key": crypto.randomUUID() });

describe("sending a message again", () => {
  it.for<[status: string, error: string | null]>([
    ["unconfirmed", null],
    ["failed", "access_token_invalid"],
    ["failed", "other"],
  ])(
    "makes a new one of what is %s (%s), and refers to it from the old one",
    async ([status, error], { expect }) => {
      const { chat, id, decide, shown, bubble } = await aMessage(status, error);

      const answer = await decide("resend");

      expect(answer.status).toBe(200);
      const { id: newId } = await answer.json<{ id: number }>();
      expect(newId).not.toBe(id);
      expect(await bubble()).toMatchObject({ status, error: { code: "resent", metaCode: error && 190 } });
      expect((await shown()).at(-1)).toMatchObject({
        id: newId,
        body: "Left",
        status: "accepted",
        error: null,
      });
      expect(await bodiesAtMeta(chat)).toEqual([{ body: "Left" }]);
    },
  );

  it("happens once, whoever presses again, and again under the same key gives the first answer", async ({
    expect,
  }) => {
    const { chat, id, decide } = await aMessage("unconfirmed");
    const key = aKey();
    const all = await Promise.all([decide("resend", key), decide("resend", aKey()), decide("resend")]);
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const bob = await as({ organizationId: chat.organizationId, sub: "bob" });
    const late = await bob.post(`/messages/${id}/resend`, undefined, aKey());
    expect(await late.json()).toMatchObject({ code: "message_not_open" });
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("is idempotent under its key, and the key is good for nothing else", async ({ expect }) => {
    const { chat, id, anna, decide } = await aMessage("unconfirmed");
    const key = aKey();
    const first = await (await decide("resend", key)).json();
    const again = await decide("resend", key);
    expect(await again.json()).toEqual(first);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const { organizationPhoneId } = chat;
    const other = { organizationPhoneId, chatId: chat.id, type: "text", message: "Left" };
    expect((await anna.post("/send", other, key)).status).toBe(422);
    expect((await anna.post(`/messages/${id + 1}/resend`, undefined, key)).status).not.toBe(200);
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });

  it("replaces the decision with the old one's actual status when a webhook reports it", async ({
    expect,
  }) => {
    const { chat, id, anna, decide, bubble } = await aMessage("unconfirmed");
    expect((await decide("resend")).status).toBe(200);
    const { epoch } = await (await anna.get(`/chats/${chat.id}`)).json<{ epoch: string }>();
    const tag = { biz_opaque_callback_data: `${epoch}.${id}` };
    const wamid = `wamid.${crypto.randomUUID()}`;

    await deliverAndStore(
      chat.phoneNumberId,
      aStatus(wamid, "sent", { recipient_id: chat.customer, ...tag }),
    );

    expect(await bubble()).toMatchObject({ id, wamid, status: "sent", error: null });
    expect((await decide("resend")).status).toBe(409);
  });
});

describe("leaving a message", () => {
  it("ends the waiting, twice as once, and nothing is sent", async ({ expect }) => {
    const { chat, decide, bubble } = await aMessage("unconfirmed");
    const first = await decide("discard");
    expect(first.status).toBe(200);
    const message = await first.json();
    expect(message).toMatchObject({ status: "unconfirmed", error: { code: "discarded" } });
    expect(await (await decide("discard")).json()).toEqual(message);
    expect(await bubble()).toEqual(message);
    expect((await decide("resend")).status).toBe(409);
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });
});

describe("what is not open", () => {
  const known: [string, string | null][] = [
    ["queued", null],
    ["sending", null],
    ["unknown", null],
    ["accepted", null],
    ["delivered", null],
    ["failed", "window_closed"],
    ["failed", "request_not_accepted"],
  ];
  it.for(known)("is neither sent again nor left: %s (%s)", async ([status, error], { expect }) => {
    const { decide, chat } = await aMessage(status, error);
    for (const how of ["resend", "discard"]) {
      const answer = await decide(how);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: "message_not_open" });
    }
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });

  it("is what the customer wrote, and what belongs to others", async ({ expect }) => {
    const { id, shown, anna } = await aMessage("unconfirmed");
    const [theirs] = await shown();
    const outsider = await as(await anOrganization());
    for (const how of ["resend", "discard"]) {
      expect((await anna.post(`/messages/${theirs?.id}/${how}`)).status).toBe(404);
      expect((await outsider.post(`/messages/${id}/${how}`)).status).toBe(404);
    }
  });
});
