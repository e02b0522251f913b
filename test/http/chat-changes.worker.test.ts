import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import type { Activity } from "../../src/domain/activity.ts";
import { activityList } from "../../src/http/chat-schemas.ts";
import { openChat } from "../../src/http/schemas.ts";
import { wakeSnoozed } from "../../src/schedule.ts";
import { as, type Person } from "../support/as.ts";
import { aChat, anOrganization, db } from "../support/build.ts";
import { aClient, load } from "../support/client-store.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";

const LATER = new Date(Date.now() + 86_400_000).toISOString();

async function aTeam() {
  const chat = await aChat();
  const anna = await as({ ...chat, name: "Anna" });
  const oleg = await as({ ...chat, sub: "oleg", name: "Oleg" });
  return { chat, anna, oleg, ids: { anna: await idOf(anna), oleg: await idOf(oleg) } };
}

async function idOf(person: Person): Promise<number> {
  const { agent } = await (await person.get("/me")).json<{ agent: { id: number } }>();
  return agent.id;
}

async function changed(person: Person, id: number, patch: object) {
  return openChat.parse(await (await person.patch(`/chats/${id}`, patch)).json());
}

async function activitiesOf(person: Person, id: number): Promise<Activity[]> {
  return activityList.parse(await (await person.get(`/chats/${id}/activities`)).json()).data;
}

/** As if its time had come. */
async function endSnooze(id: number) {
  await db.execute(sql`update "Chat" set "snoozedUntil" = now() - interval '1 second' where id = ${id}`);
}

describe("assigning a chat", () => {
  it("of two who take it at once, gives it to one and shows the other who has it", async ({ expect }) => {
    const { chat, anna, oleg, ids } = await aTeam();
    const take = { assigneeId: "me", ifAssigneeId: null };
    const answers = await Promise.all([anna, oleg].map((person) => person.patch(`/chats/${chat.id}`, take)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const [won, lost] = answers[0]?.status === 200 ? answers : [...answers].reverse();
    const { assigneeId } = openChat.parse(await won?.json());
    const winner = assigneeId === ids.anna ? { id: ids.anna, name: "Anna" } : { id: ids.oleg, name: "Oleg" };
    expect(await lost?.json()).toMatchObject({
      code: "stale_version",
      chatId: chat.id,
      assignee: winner,
      detail: `${winner.name} has this chat.`,
    });
    expect(await activitiesOf(anna, chat.id)).toMatchObject([
      { seq: 2, kind: "assigned", agentId: assigneeId, assigneeId, previousAssigneeId: null },
    ]);
  });

  it("can be repeated, given on and taken back, each change under one number", async ({ expect }) => {
    const { chat, anna, oleg, ids } = await aTeam();
    expect(await changed(anna, chat.id, { assigneeId: "me", ifAssigneeId: null })).toMatchObject({ head: 2 });
    // The answer was lost: the same request again is no conflict, and no event.
    expect(await changed(anna, chat.id, { assigneeId: "me", ifAssigneeId: null })).toMatchObject({ head: 2 });
    expect(await changed(anna, chat.id, { assigneeId: ids.oleg, ifAssigneeId: ids.anna })).toMatchObject({
      ...{ head: 3, assigneeId: ids.oleg },
    });
    expect((await anna.patch(`/chats/${chat.id}`, { assigneeId: null, ifAssigneeId: ids.anna })).status).toBe(
      412,
    );
    expect(await changed(oleg, chat.id, { assigneeId: null })).toMatchObject({ head: 4, assigneeId: null });
    const given = { kind: "assigned", agentId: ids.anna, assigneeId: ids.oleg, previousAssigneeId: ids.anna };
    expect((await activitiesOf(oleg, chat.id))[1]).toMatchObject({ seq: 3, ...given });
  });

  it("is refused for somebody of another organization, and for a chat of one", async ({ expect }) => {
    const { chat, anna } = await aTeam();
    const foreign = await aTeam();
    const answer = await anna.patch(`/chats/${chat.id}`, { assigneeId: foreign.ids.anna });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { errors: [{ pointer: "/assigneeId" }] },
    ]);
    expect((await anna.patch(`/chats/${foreign.chat.id}`, { assigneeId: "me" })).status).toBe(404);
    expect(await load(foreign.anna, foreign.chat.id)).toMatchObject({ seq: 1, chat: { assigneeId: null } });
  });

  it.for([
    [{}, "/status"],
    [{ assigneeId: "me", status: "closed" }, "/status"],
    [{ assigneeId: 0 }, "/assigneeId"],
    [{ assigneeId: "anna" }, "/assigneeId"],
    [{ status: "closed", ifAssigneeId: null }, "/ifAssigneeId"],
    [{ status: "gone" }, "/status"],
    [{ status: "snoozed" }, "/snoozedUntil"],
    [{ status: "snoozed", snoozedUntil: "tomorrow" }, "/snoozedUntil"],
    [{ status: "snoozed", snoozedUntil: "2020-01-01T00:00:00Z" }, "/snoozedUntil"],
    [{ status: "closed", snoozedUntil: LATER }, "/snoozedUntil"],
    [{ assigneeId: "me", unreadCount: 0 }, "/unreadCount"],
  ] as const)("or another change is refused as %j", async ([patch, pointer], { expect }) => {
    const { chat, anna } = await aTeam();
    const answer = await anna.patch(`/chats/${chat.id}`, patch);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer }] });
  });
});

describe("a closed or snoozed chat", () => {
  it.for([
    ["closed", "alone", { status: "closed" }],
    ["closed", "among others", { status: "closed" }],
    ["snoozed", "alone", { status: "snoozed", snoozedUntil: LATER }],
    ["snoozed", "among others", { status: "snoozed", snoozedUntil: LATER }],
  ] as const)("that is %s returns when the customer writes, %s", async ([status, how, patch], { expect }) => {
    const { chat, anna } = await aTeam();
    expect(await changed(anna, chat.id, patch)).toMatchObject({
      status,
      snoozedUntil: status === "snoozed" ? LATER : null,
    });
    if (how === "alone")
      await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Once more" }));
    else await ingestItems(chat, ...[1, 2].map((n) => aTextOf(`${n}`, { from: chat.customer })));
    expect((await load(anna, chat.id)).chat).toMatchObject({ status: "open", snoozedUntil: null });
  });

  it("returns when its time comes, unread, and only then", async ({ expect }) => {
    const { chat, anna, ids } = await aTeam();
    await anna.post(`/chats/${chat.id}/read`);
    await changed(anna, chat.id, { status: "snoozed", snoozedUntil: LATER });
    await wakeSnoozed(env);
    expect((await load(anna, chat.id)).chat).toMatchObject({ status: "snoozed", unreadCount: 0 });

    const inbox = await anna.openInbox();
    await inbox.nextFrame();
    await endSnooze(chat.id);
    await wakeSnoozed(env);
    const woken = { id: chat.id, status: "open", snoozedUntil: null, unreadCount: 1, head: 4 };
    expect(await inbox.nextFrame()).toMatchObject({ type: "chat", chat: woken });
    await wakeSnoozed(env);
    expect((await load(anna, chat.id)).chat).toMatchObject(woken);
    expect(await activitiesOf(anna, chat.id)).toMatchObject([
      { kind: "woke", agentId: null },
      { kind: "snoozed", agentId: ids.anna, snoozedUntil: LATER },
    ]);
  });

  it("opens again by hand", async ({ expect }) => {
    const { chat, anna } = await aTeam();
    await changed(anna, chat.id, { status: "closed" });
    expect(await changed(anna, chat.id, { status: "open" })).toMatchObject({ status: "open", head: 3 });
    expect((await activitiesOf(anna, chat.id)).map(({ kind }) => kind)).toEqual(["reopened", "closed"]);
  });
});

describe("marking a chat as unread", () => {
  it("makes one message unread for all, until somebody reads it", async ({ expect }) => {
    const { chat, anna, oleg } = await aTeam();
    await anna.post(`/chats/${chat.id}/read`);
    const unread = openChat.parse(await (await anna.post(`/chats/${chat.id}/unread`)).json());
    expect(unread).toMatchObject({ unreadCount: 1, head: 3 });
    expect(openChat.parse(await (await oleg.post(`/chats/${chat.id}/unread`)).json())).toEqual(unread);
    expect(openChat.parse(await (await oleg.post(`/chats/${chat.id}/read`)).json())).toMatchObject({
      ...{ unreadCount: 0, head: 4 },
    });
    expect(await activitiesOf(anna, chat.id)).toEqual([]);
  });
});

describe("what agents do with a chat", () => {
  it("reaches clients that watch and clients that return, as a fresh load gives it", async ({ expect }) => {
    const { chat, anna, oleg, ids } = await aTeam();
    const watching = await aClient(anna, chat.id);
    const away = await aClient(oleg, chat.id);
    await away.disconnect();
    await changed(anna, chat.id, { assigneeId: ids.oleg });
    await changed(oleg, chat.id, { status: "snoozed", snoozedUntil: LATER });
    await endSnooze(chat.id);
    await wakeSnoozed(env);
    await anna.post(`/chats/${chat.id}/read`);
    await changed(oleg, chat.id, { status: "closed" });

    const fresh = await load(anna, chat.id);
    expect(fresh.activities.map(({ kind, seq }) => [kind, seq])).toEqual([
      ["assigned", 2],
      ["snoozed", 3],
      ["woke", 4],
      ["closed", 6],
    ]);
    expect(await watching.reach(fresh.seq)).toEqual(fresh);
    expect(await away.connect()).toBe("replay");
    expect(await away.reach(fresh.seq)).toEqual(fresh);
  });

  it("is listed page by page, and not to another organization", async ({ expect }) => {
    const { chat, anna } = await aTeam();
    for (const status of ["closed", "open", "closed"]) await changed(anna, chat.id, { status });
    const first = activityList.parse(await (await anna.get(`/chats/${chat.id}/activities?limit=2`)).json());
    const rest = await anna.get(`/chats/${chat.id}/activities?limit=2&cursor=${first.nextCursor}`);
    const { data, nextCursor } = activityList.parse(await rest.json());
    expect([...first.data, ...data].map(({ seq }) => seq)).toEqual([4, 3, 2]);
    expect(nextCursor).toBeNull();
    const outsider = await as(await anOrganization());
    expect((await outsider.get(`/chats/${chat.id}/activities`)).status).toBe(404);
  });
});
