import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { as, type Person } from "../support/as.ts";
import { aClient, type Client, load } from "../support/client-store.ts";
import { aLiveChat } from "../support/graph.ts";
import { aStatus, aWamid, deliverAndStore, type Item } from "../support/meta.ts";
import { anEdit, aReaction, aRevoke, aTextOf, ingestItems, logOf } from "../support/stored.ts";

type LiveChat = Awaited<ReturnType<typeof aLiveChat>>;

describe("a client that was away", () => {
  it("has the state of a fresh load after a replay of every kind of event", async ({ expect }) => {
    const { chat, anna, client } = await aChatWithClient();
    await client.disconnect();
    const missed = await everyKind(chat, anna);
    expect(missed.length).toBeGreaterThanOrEqual(30);
    expect(new Set(missed)).toEqual(new Set(["message.created", "message.updated", "chat.updated"]));

    expect(await client.connect()).toBe("replay");
    expect(await client.reach(missed.length + 1)).toEqual(await load(anna, chat.id));
    expect(client.doubled).toEqual([]);
  });

  it("is reset when it missed more than a replay covers, and is live after the load", async ({ expect }) => {
    const { chat, anna, client } = await aChatWithClient();
    await client.disconnect();
    for (const size of [200, 200, 101]) await ingestItems(chat, ...texts(chat, size));

    expect(await client.connect()).toBe("reset");
    const fresh = await load(anna, chat.id);
    expect(fresh.messages).toHaveLength(502);
    expect(client.state()).toEqual(fresh);
    await deliverAndStore(chat.phoneNumberId, ...texts(chat, 1));
    expect(await client.reach(503)).toEqual(await load(anna, chat.id));
  });

  it("gets the longest possible replay complete and in order", async ({ expect }) => {
    const { chat, anna, client } = await aChatWithClient();
    await client.disconnect();
    for (const size of [200, 200, 100]) await ingestItems(chat, ...texts(chat, size));

    expect(await client.connect()).toBe("replay");
    expect(await client.reach(501)).toEqual(await load(anna, chat.id));
  });
});

describe("a client that stays connected", () => {
  it("has the state of a fresh load after every kind of event", async ({ expect }) => {
    const { chat, anna, client } = await aChatWithClient();
    const events = await everyKind(chat, anna);
    expect(await client.reach(events.length + 1)).toEqual(await load(anna, chat.id));
    expect(client.doubled).toEqual([]);
  });

  it("misses nothing while the room hibernates", async ({ expect }) => {
    const { chat, anna, client } = await aChatWithClient();
    await evictDurableObject(env.CHAT_ROOM.getByName(String(chat.id)));
    const first = await everyKind(chat, anna);
    await evictDurableObject(env.CHAT_ROOM.getByName(String(chat.id)));
    const all = await everyKind(chat, anna);
    expect(all.length).toBeGreaterThan(first.length);

    expect(await client.reach(all.length + 1)).toEqual(await load(anna, chat.id));
    expect(client.doubled).toEqual([]);
  });

  it("misses nothing when the room dies: it reconnects with its number", async ({ expect }) => {
    const { chat, anna, client } = await aChatWithClient();
    await ingestItems(chat, ...texts(chat, 2));
    await abortAllDurableObjects();
    expect(await client.closed()).toBeGreaterThan(1000);
    const all = await everyKind(chat, anna);

    expect(await client.connect()).toBe("replay");
    expect(await client.reach(all.length + 1)).toEqual(await load(anna, chat.id));
  });
});

async function aChatWithClient(): Promise<{ chat: LiveChat; anna: Person; client: Client }> {
  const chat = await aLiveChat();
  const anna = await as(chat);
  return { chat, anna, client: await aClient(anna, chat.id) };
}

/** Causes every kind of change, each through its real route. Returns the names of all events after the first. */
async function everyKind(chat: LiveChat, anna: Person): Promise<string[]> {
  const { id: chatId, organizationPhoneId, phoneNumberId, customer: from } = chat;
  const [question, answered, late] = [aWamid(), aWamid(), aWamid()];
  const receive = async (...items: Item[]) => await deliverAndStore(phoneNumberId, ...items);
  const send = async (message: string) => {
    const sent = await anna.post("/send", { organizationPhoneId, chatId, type: "text", message });
    return (await sent.json<{ wamid: string }>()).wamid;
  };

  await receive(aTextOf("Is it ready?", { from, wamid: question, name: "Pyotr" }), ...texts(chat, 4));
  const sent = await send("Nearly");
  const lost = await send("Never arrives");
  await receive(aStatus(sent, "sent"), aStatus(sent, "delivered"), aStatus(sent, "read"));
  await receive(aStatus(lost, "failed", { errors: [{ code: 131026, title: "Message undeliverable" }] }));
  await receive(aReaction(sent, "👍", { from }), aReaction(question, "🙏", { to: from }));
  await receive(aReaction(sent, undefined, { from, at: new Date(Date.now() + 2_000) }));
  await receive(anEdit(question, "Is it ready now?", { from }));
  // The reply arrives before the message it replies to.
  await receive(aTextOf("Ready at six", { from, replyTo: late }));
  await receive(aTextOf("When?", { from, wamid: late }));
  await anna.post(`/chats/${chatId}/read`);
  await receive(aTextOf("From the phone", { to: from, wamid: answered }), aStatus(answered, "delivered"));
  await receive(aRevoke(question, { from }), ...texts(chat, 1));
  return (await logOf(chatId)).slice(1).map(({ event }) => event);
}

function texts({ customer }: LiveChat, count: number): Item[] {
  return Array.from({ length: count }, (_, i) => aTextOf(`text ${i}`, { from: customer }));
}
