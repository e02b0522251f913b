import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat, anOrganization, db } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave, writeToMeta } from "../support/graph.ts";
import { aText, aWamid, deliverAndStore } from "../support/meta.ts";
import { storedMessage, textTo } from "./send-requests.ts";

const UNKNOWN_ID = 2_147_483_647;

describe("sending a text", () => {
  it("writes it down, calls Graph once with our tag, and gives Meta's id", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);

    const answer = await anna.post("/send", textTo(chat, "Добрый день 👋"));

    expect(answer.status).toBe(200);
    const sent = await answer.json<{ id: number; wamid: string }>();
    expect(sent).toMatchObject({
      chatId: chat.id,
      status: "accepted",
      wamid: expect.stringMatching(/^wamid\./),
    });
    expect(await storedMessage(sent.id)).toMatchObject({
      wamid: sent.wamid,
      status: "accepted",
      fromMe: true,
    });
    const { epoch } = await (await anna.get(`/chats/${chat.id}`)).json<{ epoch: string }>();
    const calls = await graphCalls(chat.phoneNumberId);
    expect(calls).toMatchObject([{ path: `/v25.0/${chat.phoneNumberId}/messages`, accepted: sent.wamid }]);
    expect(calls[0]?.body).toEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: chat.customer,
      biz_opaque_callback_data: `${epoch}.${sent.id}`,
      type: "text",
      text: { body: "Добрый день 👋" },
    });
  });

  it.for(["held_for_quality_assessment", "paused"])(
    "says in the answer, in the message and in its event that Meta has it %s",
    async (held, { expect }) => {
      const chat = await aLiveChat();
      const anna = await as(chat);
      await misbehave({ messageStatus: { as: held, phoneNumberId: chat.phoneNumberId, times: 1 } });
      const headers = { "idempotency-key": crypto.randomUUID() };

      const answer = await anna.post("/send", textTo(chat), headers);

      const sent = await answer.json<{ id: number }>();
      expect(sent).toMatchObject({ status: "accepted", messageStatus: held });
      expect(await (await anna.post("/send", textTo(chat), headers)).json()).toEqual(sent);
      expect(await (await anna.get(`/messages/${sent.id}`)).json()).toMatchObject({ messageStatus: held });
      const { data } = await (await anna.get(`/chats/${chat.id}/events?after=0`)).json<{ data: unknown[] }>();
      expect(data.at(-1)).toMatchObject({ message: { messageStatus: held } });
    },
  );

  it("calls the version that the number's row names", async ({ expect }) => {
    const chat = await aLiveChat();
    await db.execute(
      sql`update "OrganizationPhone" set "wabaApiVersion" = 'v21.0' where id = ${chat.organizationPhoneId}`,
    );

    expect((await (await as(chat)).post("/send", textTo(chat))).status).toBe(200);

    expect((await graphCalls(chat.phoneNumberId)).map(({ path }) => path.split("/")[1])).toEqual(["v21.0"]);
  });

  it("finds the same chat, however the phone is spelled", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const [a, b, c] = [chat.customer.slice(0, 1), chat.customer.slice(1, 4), chat.customer.slice(4)];
    const spellings = [
      `${a}${b}${c}`,
      `+${a}${b}${c}`,
      `+${a} (${b}) ${c}`,
      ` ${a}-${b}-${c} `,
      `${a}.${b}.${c}`,
    ];
    for (const to of spellings) {
      const { organizationPhoneId } = chat;
      const answer = await anna.post("/send", { organizationPhoneId, to, type: "text", message: "Hi" });
      expect(await answer.json(), to).toMatchObject({ chatId: chat.id });
    }
    expect((await graphCalls(chat.phoneNumberId)).map(({ body }) => body.to)).toEqual(
      spellings.map(() => chat.customer),
    );
  });

  it("reaches somebody who has no phone for us, by his BSUID", async ({ expect }) => {
    const { phoneNumberId, ...ground } = await anOrganization();
    const to = `US.${Math.floor(Math.random() * 1e15)}`;
    await writeToMeta(to, phoneNumberId);

    const answer = await (await as(ground)).post("/send", {
      organizationPhoneId: ground.organizationPhoneId,
      to,
      type: "text",
      message: "Hi",
    });

    expect(answer.status).toBe(200);
    const [call] = await graphCalls(phoneNumberId);
    expect(call?.body).toMatchObject({ recipient: to });
    expect(call?.body).not.toHaveProperty("to");
  });

  it("answers a message of the chat", async ({ expect }) => {
    const chat = await aLiveChat();
    const wamid = aWamid();
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "When?", wamid }));
    const { rows } = await db.execute<{ id: number }>(sql`select id from "Message" where wamid = ${wamid}`);
    const replyTo = rows[0]?.id ?? 0;

    const answer = await (await as(chat)).post("/send", { ...textTo(chat), replyTo });

    const { id } = await answer.json<{ id: number }>();
    expect(await storedMessage(id)).toMatchObject({ replyToMessageId: replyTo });
    expect((await graphCalls(chat.phoneNumberId))[0]?.body.context).toEqual({ message_id: wamid });
  });

  it("answers no message of another chat, and none that does not exist", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const other = await aChat(chat);
    const { data } = await (await anna.get(`/chats/${other.id}/messages`)).json<{ data: { id: number }[] }>();
    expect(data).toHaveLength(1);

    for (const replyTo of [data[0]?.id, UNKNOWN_ID]) {
      const answer = await anna.post("/send", { ...textTo(chat), replyTo });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ errors: [{ pointer: "/replyTo" }] });
    }
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });
});
