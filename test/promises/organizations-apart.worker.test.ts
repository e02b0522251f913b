import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat, anOrganization, db } from "../support/build.ts";
import { aLiveChat, graphCalls, writeToMeta } from "../support/graph.ts";
import { aText, deliverAndStore } from "../support/meta.ts";

const UNKNOWN_ID = 2_147_483_647;

/** Two organizations with a chat each, one of them ours; and somebody of ours who may all that one can. */
async function twoSides() {
  const [ours, theirs] = [await aLiveChat(), await aLiveChat()];
  const boris = await as({ organizationId: theirs.organizationId, sub: "boris" });
  const { data } = await (await boris.get(`/chats/${theirs.id}/messages`)).json<{ data: { id: number }[] }>();
  return {
    ours,
    theirs,
    boris,
    theirMessageId: data[0]?.id ?? 0,
    anna: await as({ organizationId: ours.organizationId, role: "admin" }),
  };
}

async function wordsOf(answer: Response, id: number) {
  const { requestId: _, ...problem } = await answer.json<Record<string, unknown>>();
  return JSON.stringify(problem).replaceAll(new RegExp(`\\b${id}\\b`, "g"), "ID");
}

describe("organizations", () => {
  it("list their own chats alone, whatever a client asks for", async ({ expect }) => {
    const { ours, theirs, anna, boris } = await twoSides();
    const idsFor = async (person: typeof anna, query = "") =>
      (await (await person.get(`/chats${query}`)).json<{ data: { id: number }[] }>()).data.map(
        ({ id }) => id,
      );

    expect(await idsFor(anna)).toEqual([ours.id]);
    expect(await idsFor(boris)).toEqual([theirs.id]);
    expect(await idsFor(anna, `?organizationPhoneId=${theirs.organizationPhoneId}`)).toEqual([]);
  });

  it("use each other's cursors for lists of their own", async ({ expect }) => {
    const { ours, theirs, anna, boris } = await twoSides();
    await aChat(theirs);
    const { nextCursor } = await (await boris.get("/chats?limit=1")).json<{ nextCursor: string }>();
    const { data } = await (await anna.get(`/chats?cursor=${nextCursor}`)).json<{ data: { id: number }[] }>();
    expect([[], [ours.id]]).toContainEqual(data.map(({ id }) => id));
  });

  it.for<[string, (side: Awaited<ReturnType<typeof twoSides>>, id: number) => object, "chat" | "phone"]>([
    ["from another's number", ({ ours }, id) => ({ organizationPhoneId: id, to: ours.customer }), "phone"],
    [
      "into another's chat",
      ({ ours }, id) => ({ organizationPhoneId: ours.organizationPhoneId, chatId: id }),
      "chat",
    ],
    [
      "into another's chat, from its number",
      ({ theirs }, id) => ({ organizationPhoneId: theirs.organizationPhoneId, chatId: id }),
      "chat",
    ],
  ])("cannot send %s, as if it were unknown", async ([, target, kind], { expect }) => {
    const sides = await twoSides();
    const { theirs, anna } = sides;
    const id = kind === "chat" ? theirs.id : theirs.organizationPhoneId;
    const send = (to: object) => anna.post("/send", { ...to, type: "text", message: "Hi" });

    const answer = await send(target(sides, id));

    expect(answer.status).toBe(404);
    const unknown = await send(target(sides, UNKNOWN_ID));
    expect(await wordsOf(answer, id)).toBe(await wordsOf(unknown, UNKNOWN_ID));
    expect(await graphCalls(theirs.phoneNumberId)).toEqual([]);
  });

  it("cannot answer another's message, nor page beside it", async ({ expect }) => {
    const { ours, theirMessageId, anna } = await twoSides();
    expect(theirMessageId).toBeGreaterThan(0);
    const { organizationPhoneId, id: chatId } = ours;
    const reply = { organizationPhoneId, chatId, type: "text", message: "Hi", replyTo: theirMessageId };
    expect((await anna.post("/send", reply)).status).toBe(400);
    for (const side of ["before", "after", "around"])
      expect((await anna.get(`/chats/${chatId}/messages?${side}=${theirMessageId}`)).status).toBe(404);
  });

  it("get no ticket for another's chat, as if it were unknown", async ({ expect }) => {
    const { ours, theirs, anna } = await twoSides();
    expect((await anna.post("/socket-tickets", { chatId: ours.id })).status).toBe(201);
    const answer = await anna.post("/socket-tickets", { chatId: theirs.id });
    expect(answer.status).toBe(404);
    const unknown = await anna.post("/socket-tickets", { chatId: UNKNOWN_ID });
    expect(await wordsOf(answer, theirs.id)).toBe(await wordsOf(unknown, UNKNOWN_ID));
  });

  it("leave each other's unread counts alone", async ({ expect }) => {
    const { theirs, anna, boris } = await twoSides();
    expect((await anna.post(`/chats/${theirs.id}/read`)).status).toBe(404);
    const chat = await (await boris.get(`/chats/${theirs.id}`)).json<object>();
    expect(chat).toMatchObject({ head: 1, unreadCount: 1 });
  });

  it("have the same customer each for itself", async ({ expect }) => {
    const { ours, theirs, anna, boris } = await twoSides();
    await writeToMeta(theirs.customer, ours.phoneNumberId);
    await deliverAndStore(
      ours.phoneNumberId,
      aText({ from: theirs.customer, body: "To you too", name: "Only for ours" }),
    );

    const there = await (await boris.get(`/chats/${theirs.id}`)).json<{ contact: { id: number } }>();
    const { data } = await (await anna.get("/chats")).json<{
      data: { id: number; contact: { id: number; phone: string } }[];
    }>();
    const here = data.find(({ contact }) => contact.phone === theirs.customer);

    expect(there).toMatchObject({ contact: { name: null, phone: theirs.customer }, head: 1 });
    expect(here?.id).toBeGreaterThan(0);
    expect(here?.id).not.toBe(theirs.id);
    expect(here?.contact.id).not.toBe(there.contact.id);
  });

  it("share no idempotency key, though their agents have the same sub", async ({ expect }) => {
    const { ours, theirs, anna } = await twoSides();
    const namesake = await as({ organizationId: theirs.organizationId });
    const key = { "idempotency-key": crypto.randomUUID() };
    for (const [person, chat] of [
      [anna, ours],
      [namesake, theirs],
    ] as const) {
      const { organizationPhoneId, id: chatId } = chat;
      const answer = await person.post(
        "/send",
        { organizationPhoneId, chatId, type: "text", message: "Hi" },
        key,
      );
      expect(await answer.json()).toMatchObject({ chatId, status: "accepted" });
    }
  });

  it("cannot be given each other's rows by the database itself", async ({ expect }) => {
    const { ours, theirs, boris } = await twoSides();
    await boris.get("/chats");
    const { rows } = await db.execute<{ id: number }>(
      sql`select id from "Agent" where "organizationId" = ${theirs.organizationId}`,
    );
    expect(rows).toHaveLength(1);
    const assign = db.execute(
      sql`update "Chat" set "assigneeId" = ${rows[0]?.id ?? 0} where id = ${ours.id}`,
    );
    await expect(assign).rejects.toThrow();
    const { phoneNumberId } = await anOrganization();
    const take = db.execute(
      sql`update "OrganizationPhone" set "wabaPhoneNumberId" = ${phoneNumberId} where id = ${ours.organizationPhoneId}`,
    );
    await expect(take).rejects.toThrow();
  });
});
