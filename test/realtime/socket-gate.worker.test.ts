import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { makeTicket } from "../../src/realtime/tickets.ts";
import { as, type Person } from "../support/as.ts";
import { aChat, anOrganization } from "../support/build.ts";
import { openTab } from "../support/tab.ts";
import { ask, ORIGIN } from "../support/worker.ts";

describe("a browser's socket", () => {
  it("opens with a ticket, which is not echoed", async ({ expect }) => {
    const chat = await aChat();
    const { ticket, path } = await aTicket(await as(chat), chat.id);
    const tab = await openTab(path, offered(ticket));
    expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
    expect(tab.headers.get("sec-websocket-protocol")).toBe("waba.v1");
  });

  it("opens the inbox with a ticket for the inbox", async ({ expect }) => {
    const anna = await as(await anOrganization());
    const answer = await anna.post("/socket-tickets", { inbox: true });
    const { ticket } = await answer.json<{ ticket: string }>();
    const tab = await openTab("/api/waba/inbox/socket", offered(ticket));
    expect(await tab.nextFrame()).toEqual({ type: "hello" });
  });

  it("is refused when the ticket is used a second time", async ({ expect }) => {
    const chat = await aChat();
    const { ticket, path } = await aTicket(await as(chat), chat.id);
    await openTab(path, offered(ticket));
    expect(await refusal(path, offered(ticket))).toMatchObject({ status: 401, code: "token_invalid" });
  });

  it.for([
    { title: "no Origin", origin: undefined, status: 403, code: "forbidden" },
    { title: "a foreign Origin", origin: "https://evil.example", status: 403, code: "forbidden" },
    { title: "the Origin null", origin: "null", status: 403, code: "forbidden" },
    { title: "our Origin on another port", origin: `${ORIGIN}:81`, status: 403, code: "forbidden" },
  ])("is refused with $title before its room is called", async ({ origin, status, code }, { expect }) => {
    const chat = await aChat();
    const { ticket, path } = await aTicket(await as(chat), chat.id);
    const { origin: _, ...headers } = offered(ticket);
    const refused = await refusal(path, { ...headers, ...(origin && { origin }) });
    expect(refused).toMatchObject({ status, code });
    expect(await wasRoomCalled(chat.id)).toBe(false);
    // The refusal did not spend the ticket.
    await openTab(path, offered(ticket));
  });

  it.for([
    { title: "has expired", at: new Date(Date.now() - 31_000), keys: [env.SIGNING_KEY] },
    { title: "another key signed", at: new Date(), keys: ["another key"] },
  ])("is refused with a ticket that $title, before its room is called", async ({ at, keys }, { expect }) => {
    const chat = await aChat();
    const holder = { organizationId: chat.organizationId, sub: "anna", name: "Anna", role: "agent" } as const;
    const content = { holder, target: { chatId: chat.id }, tokenExpiresAtMs: Date.now() + 600_000 };
    const { ticket } = await makeTicket(content, keys, at);
    const refused = await refusal(`/api/waba/chats/${chat.id}/socket`, offered(ticket));
    expect(refused).toMatchObject({ status: 401, code: "token_invalid" });
    expect(await wasRoomCalled(chat.id)).toBe(false);
  });

  it("is refused with a ticket for another chat, or for the inbox", async ({ expect }) => {
    const mine = await aChat();
    const other = await aChat(mine);
    const anna = await as(mine);
    const { ticket } = await aTicket(anna, other.id);
    const inbox = await (await anna.post("/socket-tickets", { inbox: true })).json<{ ticket: string }>();
    for (const wrong of [ticket, inbox.ticket]) {
      const refused = await refusal(`/api/waba/chats/${mine.id}/socket`, offered(wrong));
      expect(refused).toMatchObject({ status: 401, code: "token_invalid" });
    }
    expect(await refusal("/api/waba/inbox/socket", offered(ticket))).toMatchObject({ status: 401 });
    expect(await wasRoomCalled(mine.id)).toBe(false);
  });

  it("is refused without a ticket, even if it offers the subprotocol", async ({ expect }) => {
    const chat = await aChat();
    const headers = { origin: ORIGIN, "sec-websocket-protocol": "waba.v1" };
    const refused = await refusal(`/api/waba/chats/${chat.id}/socket`, headers);
    expect(refused).toMatchObject({ status: 401, code: "token_missing" });
  });

  it("gets no ticket for a chat of another organization, as for one that does not exist", async ({
    expect,
  }) => {
    const chat = await aChat();
    const outsider = await as(await anOrganization());
    expect((await (await as(chat)).post("/socket-tickets", { chatId: chat.id })).status).toBe(201);
    expect((await outsider.post("/socket-tickets", { chatId: chat.id })).status).toBe(404);
    expect((await outsider.post("/socket-tickets", { chatId: 2_147_483_647 })).status).toBe(404);
    expect((await outsider.post("/socket-tickets", { chatId: chat.id, inbox: true })).status).toBe(400);
  });
});

describe("a socket of a client that can set headers", () => {
  it.for([
    { title: "without an Origin", headers: {}, subprotocol: null },
    { title: "with any Origin", headers: { origin: "https://other.example" }, subprotocol: null },
    {
      title: "that offers the subprotocol",
      headers: { "sec-websocket-protocol": "waba.v1" },
      subprotocol: "waba.v1",
    },
    {
      title: "that offers another subprotocol",
      headers: { "sec-websocket-protocol": "soap" },
      subprotocol: null,
    },
  ])("opens $title", async ({ headers, subprotocol }, { expect }) => {
    const chat = await aChat();
    const { token } = await as(chat);
    const authorization = `Bearer ${token}`;
    const tab = await openTab(`/api/waba/chats/${chat.id}/socket`, { authorization, ...headers });
    expect(await tab.nextFrame()).toMatchObject({ type: "hello" });
    expect(tab.headers.get("sec-websocket-protocol")).toBe(subprotocol);
  });

  it("is refused for a chat of another organization, before its room is called", async ({ expect }) => {
    const chat = await aChat();
    const outsider = await as(await anOrganization());
    await expect(outsider.openTab(chat.id)).rejects.toThrow("404");
    expect(await wasRoomCalled(chat.id)).toBe(false);
  });

  it("is refused without an Upgrade header", async ({ expect }) => {
    const chat = await aChat();
    const answer = await (await as(chat)).get(`/chats/${chat.id}/socket`);
    expect(await answer.json()).toMatchObject({ status: 400, errors: [{ pointer: "/upgrade" }] });
  });
});

async function aTicket(person: Person, chatId: number): Promise<{ ticket: string; path: string }> {
  const { ticket } = await (await person.post("/socket-tickets", { chatId })).json<{ ticket: string }>();
  return { ticket, path: `/api/waba/chats/${chatId}/socket` };
}

/** The headers that a page of ours sends. */
function offered(ticket: string) {
  return { origin: ORIGIN, "sec-websocket-protocol": `waba.v1, ${ticket}` };
}

async function refusal(path: string, headers: Record<string, string>) {
  const answer = await ask(path, { headers: { upgrade: "websocket", ...headers } });
  return await answer.json<{ status: number; code: string }>();
}

/** An object exists once it was called. */
async function wasRoomCalled(chatId: number): Promise<boolean> {
  const ids = await listDurableObjectIds(env.CHAT_ROOM);
  const id = env.CHAT_ROOM.idFromName(String(chatId));
  return ids.some((one) => one.equals(id));
}
