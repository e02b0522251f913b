import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aText, deliverAndStore } from "../support/meta.ts";

describe("a chat room", () => {
  it("sends an open tab what the customer writes", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", resume: "reset", head: 1 });

    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Привет" }));

    const event = { type: "event", seq: 2, event: "message.created", message: { body: "Привет" } };
    expect(await tab.nextFrame()).toMatchObject(event);
  });

  it("still reaches a tab that was open when the room hibernated", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    await tab.nextFrame();

    await evictDurableObject(env.CHAT_ROOM.getByName(String(chat.id)));
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Still there?" }));

    expect(await tab.nextFrame()).toMatchObject({ seq: 2, message: { body: "Still there?" } });
  });
});
