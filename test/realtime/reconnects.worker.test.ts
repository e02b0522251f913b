import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";
import { as, type Person } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aGate, CATCH_UP, countCalls } from "../support/gate.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";
import { openTab, type Tab } from "../support/tab.ts";
import { ORIGIN } from "../support/worker.ts";

const CLIENTS = 99;

describe("P9: clients of one chat that reconnect at once", () => {
  it("share one catch-up read, and each gets what it missed", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const { head, epoch } = await (await anna.get(`/chats/${chat.id}`)).json<{
      head: number;
      epoch: string;
    }>();
    await ingestItems(chat, ...[1, 2].map((i) => aTextOf(`missed ${i}`, { from: chat.customer })));
    const path = `/chats/${chat.id}/socket?since=${head}&epoch=${epoch}`;
    const tickets = await Promise.all(Array.from({ length: CLIENTS }, () => aTicket(anna, chat.id)));

    const first = aGate(CATCH_UP);
    const early = anna.openTab(chat.id, `?since=${head}&epoch=${epoch}`);
    await first.reached;
    const late = tickets.map((ticket) => openTab(`/api/waba${path}`, offered(ticket)));
    await vi.waitFor(async () => expect(await spentTickets(chat.id)).toBe(CLIENTS), { timeout: 60_000 });
    // They all connected after the first read had begun, so it may be too old for them: they share the next.
    first.open();
    const second = aGate(CATCH_UP);
    await second.reached;
    expect(second.calls()).toBe(1);
    second.open();
    const third = aGate(CATCH_UP);

    for (const tab of await Promise.all([early, ...late])) expect(await threeFrames(tab)).toEqual(REPLAYED);
    expect(third.calls()).toBe(0);
    third.open();
  });

  it("share each look-up in an isolate that has just started", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const [agents, chats] = [countCalls('from "Agent"'), countCalls('select "id" from "Chat"')];
    await Promise.all(Array.from({ length: 20 }, () => anna.openTab(chat.id)));
    expect([agents(), chats()]).toEqual([1, 1]);
  });
});

const REPLAYED = ["hello replay", "event 2", "event 3"];

async function threeFrames(tab: Tab): Promise<string[]> {
  const frames = [await tab.nextFrame(), await tab.nextFrame(), await tab.nextFrame()];
  return frames.map((frame) => {
    if (frame.type === "event") return `event ${frame.seq}`;
    return "resume" in frame ? `${frame.type} ${frame.resume}` : frame.type;
  });
}

async function aTicket(person: Person, chatId: number): Promise<string> {
  return (await (await person.post("/socket-tickets", { chatId })).json<{ ticket: string }>()).ticket;
}

function offered(ticket: string) {
  return { origin: ORIGIN, "sec-websocket-protocol": `waba.v1, ${ticket}` };
}

/** How many tickets the room has accepted. */
async function spentTickets(chatId: number): Promise<number> {
  const room = env.CHAT_ROOM.getByName(String(chatId));
  return await runInDurableObject(
    room,
    (_, { storage }) => storage.sql.exec("SELECT id FROM spent").toArray().length,
  );
}
