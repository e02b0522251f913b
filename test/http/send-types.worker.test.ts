import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave, wamidAtMeta } from "../support/graph.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { contents } from "../whatsapp/outbound/samples.ts";
import { storedMessage } from "./send-requests.ts";

const hello = { type: "template", template: { name: "hello_world", language: { code: "en_US" } } };
const link = "https://example.com/cat.jpg";

/** What Meta's side can take here: neither media nor templates of these names are there. */
const atMeta = Object.entries<Record<string, unknown>>({
  ...contents,
  image: { type: "image", image: { link, caption: "A cat 🐈" } },
  video: { type: "video", video: { link } },
  audio: { type: "audio", audio: { link, voice: true } },
  document: { type: "document", document: { link, filename: "a.pdf" } },
  sticker: { type: "sticker", sticker: { link } },
  template: hello,
}).filter(([name, { type }]) => name !== "reaction" && (type !== "template" || name === "template"));

describe("sending", () => {
  it("reaches Meta as it was given, with every type and every kind", async ({ expect }) => {
    expect(atMeta.length).toBe(24);
    const chat = await aLiveChat();
    const anna = await as(chat);
    const at = { organizationPhoneId: chat.organizationPhoneId, chatId: chat.id };
    for (const [name, content] of atMeta) {
      const answer = await anna.post("/send", { ...at, ...content });
      expect(await answer.json(), name).toMatchObject({ status: "accepted", chatId: chat.id });
    }
    const calls = await graphCalls(chat.phoneNumberId);
    expect(calls.map(({ body }) => [body.type, body[String(body.type)]])).toEqual(
      atMeta.map(([, { type, message, previewUrl, ...content }]) =>
        type === "text" ? [type, { body: message, preview_url: previewUrl }] : [type, content[String(type)]],
      ),
    );
  });

  it.for<[string, Record<string, unknown>, string]>([
    ["an image", { type: "image", image: { link, caption: "A cat 🐈" } }, "A cat 🐈"],
    ["buttons", contents["interactive button"] ?? {}, "What would you like?"],
    ["a contact", contents.contacts ?? {}, "👤 Anna"],
    ["a place", contents.location ?? {}, "📍 Office"],
  ])("keeps %s as Meta's object, with a body to read", async ([, content, body], { expect }) => {
    const chat = await aLiveChat();
    const { organizationPhoneId, id: chatId } = chat;
    const anna = await as(chat);

    const { id } = await (await anna.post("/send", { organizationPhoneId, chatId, ...content })).json<{
      id: number;
    }>();

    expect(await storedMessage(id)).toMatchObject({
      messageType: content.type,
      body: expect.stringContaining(body),
      payload: content,
    });
    const { lastMessage } = await (await anna.get(`/chats/${chatId}`)).json<{ lastMessage: object }>();
    expect(lastMessage).toMatchObject({ id, messageType: content.type, fromMe: true });
  });

  it("brings a template to one who has not written for a day, and to one who never has", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const anna = await as(ground);
    const silent = aCustomer();
    const at = new Date(Date.now() - 25 * 3_600_000);
    await deliverAndStore(ground.phoneNumberId, aText({ from: silent, body: "Hello", at }));
    const { organizationPhoneId } = ground;

    const text = await anna.post("/send", { organizationPhoneId, to: silent, type: "text", message: "Hi" });
    expect(await text.json()).toMatchObject({ code: "window_closed" });
    const image = await anna.post("/send", {
      organizationPhoneId,
      to: silent,
      type: "image",
      image: { link },
    });
    expect(await image.json()).toMatchObject({ code: "window_closed" });
    for (const to of [silent, aCustomer()]) {
      const answer = await anna.post("/send", { organizationPhoneId, to, ...hello });
      expect(await answer.json()).toMatchObject({ status: "accepted" });
    }
    expect((await graphCalls(ground.phoneNumberId)).map(({ body }) => body.type)).toEqual([
      "template",
      "template",
    ]);
  });

  it("brings a reaction to the message that it names, here and at Meta, and takes it back", async ({
    expect,
  }) => {
    const chat = await aLiveChat();
    const { organizationPhoneId, id: chatId } = chat;
    const anna = await as(chat);
    const wamid = await wamidAtMeta(chat.customer);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Hello", wamid }));
    const react = async (emoji: string) => {
      const reaction = { message_id: wamid, emoji };
      const answer = await anna.post("/send", { organizationPhoneId, chatId, type: "reaction", reaction });
      const { data } = await (await anna.get(`/chats/${chatId}/messages`)).json<{ data: Message[] }>();
      return { status: answer.status, shown: data.find((message) => message.wamid === wamid)?.reactions };
    };

    const mine = { emoji: "👍", fromMe: true, sender: null, senderName: null };
    expect(await react("👍")).toEqual({ status: 200, shown: [mine] });
    expect(await react("❤️")).toEqual({ status: 200, shown: [{ ...mine, emoji: "❤️" }] });
    expect(await react("")).toEqual({ status: 200, shown: [] });

    const sent = await graphCalls(chat.phoneNumberId);
    expect(sent.map(({ body }) => body.reaction)).toEqual(
      ["👍", "❤️", ""].map((emoji) => ({ message_id: wamid, emoji })),
    );
    // It is no message of its own: neither the list nor the chat's preview shows it.
    const { lastMessage } = await (await anna.get(`/chats/${chatId}`)).json<{ lastMessage: Message }>();
    expect(lastMessage.wamid).toBe(wamid);
  });

  it("takes a reaction off again that Meta refuses", async ({ expect }) => {
    const chat = await aLiveChat();
    const { organizationPhoneId, id: chatId } = chat;
    const anna = await as(chat);
    const wamid = await wamidAtMeta(chat.customer);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Hello", wamid }));
    await misbehave({ answer: { code: 131026, phoneNumberId: chat.phoneNumberId, times: 1 } });

    const reaction = { message_id: wamid, emoji: "👍" };
    const answer = await anna.post("/send", { organizationPhoneId, chatId, type: "reaction", reaction });

    expect(answer.status).toBe(422);
    const { data } = await (await anna.get(`/chats/${chatId}/messages`)).json<{ data: Message[] }>();
    expect(data.find((message) => message.wamid === wamid)?.reactions).toEqual([]);
  });

  it("refuses a reaction to what is not in the chat", async ({ expect }) => {
    const chat = await aLiveChat();
    const { organizationPhoneId, id: chatId } = chat;
    const reaction = { message_id: "wamid.nobodys", emoji: "👍" };
    const request = { organizationPhoneId, chatId, type: "reaction", reaction };

    const answer = await (await as(chat)).post("/send", request);

    expect(await answer.json()).toMatchObject({ status: 400, errors: [{ pointer: "/reaction/message_id" }] });
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });

  it.for<[string, Record<string, unknown>, object]>([
    [
      "a long title of a button",
      {
        type: "interactive",
        interactive: {
          type: "button",
          body: { text: "?" },
          action: { buttons: [{ type: "reply", reply: { id: "1", title: "x".repeat(27) } }] },
        },
      },
      {
        pointer: "/interactive/action/buttons/0/reply/title",
        detail: "A button title has at most 20 characters; this one has 27.",
      },
    ],
    ["an object of another type", { type: "image", image: { link }, video: { link } }, { pointer: "/video" }],
    ["a text beside an object", { type: "image", image: { link }, message: "Hi" }, { pointer: "/message" }],
    ["media by http", { type: "image", image: { link: "http://a.b/c" } }, { pointer: "/image/link" }],
    [
      "an unknown kind",
      { type: "interactive", interactive: { type: "poll" } },
      { pointer: "/interactive/type" },
    ],
    ["no object", { type: "template" }, { pointer: "/template", detail: "A template is missing." }],
  ])("is refused with %s, which is named", async ([, content, fault], { expect }) => {
    const chat = await aLiveChat();
    const { organizationPhoneId, id: chatId } = chat;
    const anna = await as(chat);

    const answer = await anna.post("/send", { organizationPhoneId, chatId, ...content });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid_request", errors: [fault] });
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
    const { rows } = await db.execute(sql`select id from "Message" where "chatId" = ${chatId} and "fromMe"`);
    expect(rows).toEqual([]);
  });

  it("is the same request under one key only when its object is the same", async ({ expect }) => {
    const chat = await aLiveChat();
    const { organizationPhoneId, id: chatId } = chat;
    const anna = await as(chat);
    const key = { "idempotency-key": crypto.randomUUID() };
    const send = (caption: string) =>
      anna.post("/send", { organizationPhoneId, chatId, type: "image", image: { link, caption } }, key);

    const statuses = [await send("a"), await send("a"), await send("b")].map(({ status }) => status);

    expect(statuses).toEqual([200, 200, 422]);
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(1);
  });
});
