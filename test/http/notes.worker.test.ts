import { describe, it } from "vitest";
import type { ChatCounts } from "../../src/db/chats.ts";
import type { Chat } from "../../src/domain/chat.ts";
import type { ChatNote } from "../../src/domain/chat-note.ts";
import { contactDetails } from "../../src/http/contacts.ts";
import { as, type Person } from "../support/as.ts";
import { aChat, anOrganization } from "../support/build.ts";
import { aClient, load } from "../support/client-store.ts";
import { graphCalls } from "../support/graph.ts";
import { twoChats } from "../support/two-chats.ts";

async function aTeam() {
  const chat = await aChat();
  const [anna, oleg] = [await as(chat), await as({ ...chat, sub: "oleg" })];
  return { chat, anna, oleg };
}

async function aNote(person: Person, chatId: number, body: string, more: object = {}, headers = {}) {
  return await (await person.post(`/chats/${chatId}/notes`, { body, ...more }, headers)).json<ChatNote>();
}

async function meOf(person: Person): Promise<number> {
  return (await (await person.get("/me")).json<{ agent: { id: number } }>()).agent.id;
}

describe("a note", () => {
  it("is seen by colleagues, live, after a break and in a fresh load, and never leaves", async ({
    expect,
  }) => {
    const { chat, anna, oleg } = await aTeam();
    const watching = await aClient(oleg, chat.id);
    const away = await aClient(oleg, chat.id);
    await away.disconnect();
    const olegs = await meOf(oleg);

    const first = await aNote(anna, chat.id, " Wants a refund \n", { mentions: [olegs] });
    expect(first).toMatchObject({ chatId: chat.id, seq: 2, body: "Wants a refund", mentions: [olegs] });
    const second = await aNote(oleg, chat.id, "On it");
    await anna.patch(`/notes/${first.id}`, { body: "Wants a new one" });
    await oleg.remove(`/notes/${second.id}`);

    const fresh = await load(anna, chat.id);
    expect(fresh.notes).toMatchObject([{ id: first.id, body: "Wants a new one", mentions: [], seq: 2 }]);
    expect(fresh).toMatchObject({ seq: 5, chat: { lastMessage: { body: "Hello" } } });
    expect(await watching.reach(5)).toEqual(fresh);
    await away.connect();
    expect(await away.reach(5)).toEqual(fresh);
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });

  it("marks its chat for whom it mentions, until they read up to it", async ({ expect }) => {
    const { chat, anna, oleg } = await aTeam();
    const [annas, olegs] = [await meOf(anna), await meOf(oleg)];
    const listOf = async (person: Person, more = "") => {
      const { data } = await (await person.get(`/chats?mentioned=me${more}`)).json<{ data: Chat[] }>();
      const { mentioned } = await (await person.get("/chat-counts?status=closed")).json<ChatCounts>();
      return { ids: data.map(({ id }) => id), mentioned };
    };
    const client = await aClient(oleg, chat.id);
    const read = async (person: Person, seq?: number) =>
      await (await person.post(`/chats/${chat.id}/read`, { seq })).json<Chat>();
    await read(anna);
    const { id, seq } = await aNote(anna, chat.id, "Yours, and mine", { mentions: [annas, olegs] });
    expect((await client.reach(3)).chat.mentionedIds).toEqual([olegs]);
    expect(await listOf(oleg)).toEqual({ ids: [chat.id], mentioned: 1 });
    expect(await listOf(oleg, "&status=closed")).toEqual({ ids: [], mentioned: 1 });
    expect(await listOf(anna)).toEqual({ ids: [], mentioned: 0 });

    // Neither a colleague's reading nor an earlier place in the chat is his reading of the note.
    await read(anna);
    expect(await read(oleg, seq - 1)).toMatchObject({ mentionedIds: [olegs], head: 3 });
    expect(await read(oleg, seq)).toMatchObject({ mentionedIds: [], head: 4 });
    expect((await client.reach(4)).chat.mentionedIds).toEqual([]);
    // The same people again are no news; somebody else is.
    await anna.patch(`/notes/${id}`, { body: "Yours", mentions: [olegs] });
    expect(await listOf(oleg)).toEqual({ ids: [], mentioned: 0 });
    const second = await aNote(oleg, chat.id, "No, yours");
    await oleg.patch(`/notes/${second.id}`, { body: "No, yours!", mentions: [annas] });
    expect(await listOf(anna)).toEqual({ ids: [chat.id], mentioned: 1 });
    // Another note mentions her too, which is news to her page.
    const third = await aNote(oleg, chat.id, "Please", { mentions: [annas] });
    expect((await load(anna, chat.id)).chat.mentionedIds).toEqual([annas, annas]);
    await oleg.remove(`/notes/${second.id}`);
    expect(await listOf(anna)).toEqual({ ids: [chat.id], mentioned: 1 });
    await oleg.remove(`/notes/${third.id}`);
    expect((await load(anna, chat.id)).chat.mentionedIds).toEqual([]);
  });

  it("is added once under one key", async ({ expect }) => {
    const { chat, anna } = await aTeam();
    const key = { "idempotency-key": "note-of-anna" };
    const [a, b] = await Promise.all([1, 2].map(() => aNote(anna, chat.id, "Once", {}, key)));
    expect(a).toEqual(b);
    const other = await anna.post(`/chats/${chat.id}/notes`, { body: "Twice" }, key);
    expect(other.status).toBe(422);
    expect((await load(anna, chat.id)).seq).toBe(2);
  });

  it("is changed by its author alone, and not once it is deleted", async ({ expect }) => {
    const { chat, anna, oleg } = await aTeam();
    const { id } = await aNote(anna, chat.id, "Mine");
    expect((await oleg.patch(`/notes/${id}`, { body: "Ours" })).status).toBe(403);
    expect((await oleg.remove(`/notes/${id}`)).status).toBe(403);
    // The same text again is no change.
    await anna.patch(`/notes/${id}`, { body: "Mine" });
    expect(await (await anna.remove(`/notes/${id}`)).json()).toMatchObject({
      ...{ body: "", deletedAt: expect.any(String) },
    });
    expect((await anna.remove(`/notes/${id}`)).status).toBe(404);
    expect((await load(anna, chat.id)).seq).toBe(3);
  });

  it("moves with its chat when that is merged, and back when the merge is undone", async ({ expect }) => {
    const { kept, merged, anna } = await twoChats();
    const [here, there] = [await aNote(anna, kept.id, "Here"), await aNote(anna, merged.id, "There")];
    const clients = [await aClient(anna, kept.id), await aClient(anna, merged.id)];
    const expectFresh = async () => {
      for (const client of clients) {
        const fresh = await load(anna, client.state().chat.id);
        expect(await client.reach(fresh.seq)).toEqual(fresh);
      }
    };
    const answer = await anna.post(`/contacts/${kept.contactId}/merge`, { contactId: merged.contactId });
    const [merge] = contactDetails.parse(await answer.json()).merges;
    await expectFresh();
    expect((await load(anna, kept.id)).notes.map(({ id }) => id)).toEqual([here.id, there.id]);
    await anna.post(`/contact-merges/${merge?.id}/undo`);
    await expectFresh();
    expect((await load(anna, merged.id)).notes).toMatchObject([{ id: there.id, chatId: merged.id }]);
  });

  it.for([
    [{ body: "  " }, "/body"],
    [{ body: "x".repeat(4_097) }, "/body"],
    [{ body: "Hi", mentions: [2_147_483_647] }, "/mentions"],
    [{ body: "Hi", mentions: Array.from({ length: 21 }, (_, i) => i + 1) }, "/mentions"],
    [{ text: "Hi" }, "/body"],
  ] as const)("is refused as %j", async ([text, pointer], { expect }) => {
    const { chat, anna } = await aTeam();
    const answer = await anna.post(`/chats/${chat.id}/notes`, text);
    const { errors } = await answer.json<{ errors: { pointer: string }[] }>();
    expect([answer.status, errors.map((error) => error.pointer)]).toEqual([
      400,
      expect.arrayContaining([pointer]),
    ]);
  });
});

describe("labels", () => {
  it("are put on chats and taken off, as numbered activities", async ({ expect }) => {
    const { chat, anna } = await aTeam();
    const vip = await (await anna.post("/labels", { name: "VIP", color: "red" })).json<{ id: number }>();
    const path = `/chats/${chat.id}/labels/${vip.id}`;
    expect(await (await anna.put(path)).json()).toMatchObject({ labelIds: [vip.id], head: 2 });
    expect(await (await anna.put(path)).json()).toMatchObject({ labelIds: [vip.id], head: 2 });
    expect(await (await anna.remove(path)).json()).toMatchObject({ labelIds: [], head: 3 });
    expect((await load(anna, chat.id)).activities).toMatchObject([
      { kind: "labeled", labelId: vip.id },
      { kind: "unlabeled", labelId: vip.id },
    ]);
    const foreign = await aTeam();
    expect((await foreign.anna.put(`/chats/${foreign.chat.id}/labels/${vip.id}`)).status).toBe(404);
  });

  it("of a chat are twenty at most", async ({ expect }) => {
    const { chat, anna } = await aTeam();
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) {
      const { id } = await (await anna.post("/labels", { name: `${n}`, color: "blue" })).json<{
        id: number;
      }>();
      statuses.push((await anna.put(`/chats/${chat.id}/labels/${id}`)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 400]);
  });
});

describe.for([
  ["labels", { name: "VIP", color: "red" }, { name: "vip", color: "blue" }, { name: "Later", color: "gray" }],
  [
    "quick-replies",
    { shortcut: "hello", text: "Hello {{contact.name}}!" },
    { shortcut: "HELLO", text: "Hi" },
    { shortcut: "спасибо", text: "Спасибо!" },
  ],
] as const)("the %s of an organization", ([path, first, sameName, other]) => {
  it("are created once, changed, listed and deleted", async ({ expect }) => {
    const anna = await as(await anOrganization());
    const created = await anna.post(`/${path}`, first);
    const { id } = await created.json<{ id: number }>();
    expect([created.status, created.headers.get("location")]).toEqual([201, `/api/waba/${path}/${id}`]);
    // The answer was lost.
    expect(await (await anna.post(`/${path}`, first)).json()).toEqual({ id, ...first });
    const taken = await anna.post(`/${path}`, sameName);
    expect(await taken.json()).toMatchObject({ status: 400, errors: [{ code: "taken" }] });

    const second = await (await anna.post(`/${path}`, other)).json<{ id: number }>();
    expect((await anna.put(`/${path}/${second.id}`, sameName)).status).toBe(400);
    expect(await (await anna.put(`/${path}/${id}`, sameName)).json()).toEqual({ id, ...sameName });
    const list = async () => (await (await anna.get(`/${path}`)).json<{ data: object[] }>()).data;
    expect(await list()).toEqual([{ id, ...sameName }, second]);
    expect((await anna.remove(`/${path}/${id}`)).status).toBe(204);
    expect((await anna.remove(`/${path}/${id}`)).status).toBe(404);
    expect(await list()).toEqual([second]);
  });

  it("refuse what is empty, too long or unknown", async ({ expect }) => {
    const anna = await as(await anOrganization());
    for (const [field, value] of Object.entries(first)) {
      for (const wrong of ["", "x".repeat(5_000), 7])
        expect((await anna.post(`/${path}`, { ...first, [field]: wrong })).status, `${field} ${value}`).toBe(
          400,
        );
    }
    expect((await anna.post(`/${path}`, { ...first, id: 1 })).status).toBe(400);
  });
});
