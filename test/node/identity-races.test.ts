import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { findLocked, ingest, quarantine } from "../../src/db/ingest.ts";
import { settleMessage } from "../../src/db/outgoing.ts";
import { ingestBatch } from "../../src/intake/ingest-batch.ts";
import { finalState } from "../support/final-state.ts";
import { flattenBody } from "../whatsapp/fixtures.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID } from "./own-system.ts";

const [FIRST, SECOND, USER] = ["79161240001", "79161240002", "RU.1001"];
const OTHER_NUMBER = "200000000000002";
const MERGE = "select merge_contacts(1, 1, 2, 1)";

const text = (wamid: string, who: object, number = PHONE_NUMBER_ID) => {
  const message = { ...who, id: wamid, timestamp: "1777636800", type: "text", text: { body: wamid } };
  const value = { metadata: { phone_number_id: number }, messages: [message] };
  return {
    object: "whatsapp_business_account",
    entry: [{ id: "123456789012345", changes: [{ field: "messages", value }] }],
  };
};

describe("a call that meets a merge", () => {
  let database: OwnDatabase;

  beforeAll(async () => {
    database = await ownDatabase();
    await database.query(`
      insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
        values (1, 'Other', '79001234568', '${OTHER_NUMBER}', '123456789012345');
      insert into "Agent" (id, "organizationId", sub, name, role) values (1, 1, 'anna', 'Anna', 'admin') on conflict do nothing`);
  }, 60_000);

  beforeEach(async () => {
    await database.query(
      'truncate "Contact", "Chat", "Message", "ChatEvent", "MessageStatus", "MessageSearch", "Notice" restart identity cascade',
    );
  });

  afterAll(() => database?.drop());

  /** As Intake does it: what failed because of another call is tried again. */
  async function takeIn(...bodies: object[]) {
    const { db } = database;
    const stored = await ingestBatch(bodies.flatMap(flattenBody), {
      ingest: (events) => ingest(db, events),
      findLocked: (events) => findLocked(db, events),
      quarantine: (event) => quarantine(db, [event]),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: () => 1,
    });
    return stored.errors;
  }

  /** Makes a change in a session that commits only once the calls wait for it. */
  async function meeting<Result>(change: string, ...calls: (() => Promise<Result>)[]) {
    const session: pg.Client = await database.session();
    await session.query("begin");
    await session.query(change);
    const started = calls.map((call) => call());
    await database.untilWaiting((sessions) => sessions >= calls.length);
    await session.query("commit");
    await session.end();
    return await Promise.all(started);
  }

  async function whole(number = 1) {
    const { state, faults } = await finalState(database.db, number);
    return {
      faults,
      chats: state.chats.length,
      messages: state.messages.map(({ who, wamid }) => [wamid, who]),
    };
  }

  it("puts a message into the chat that has taken over the one it was for", async ({ expect }) => {
    await takeIn(text("a", { from: FIRST }));
    await takeIn(text("b", { from: SECOND }));
    const [errors] = await meeting(MERGE, () => takeIn(text("c", { from: SECOND })));
    expect(errors).toEqual([null]);
    const who = JSON.stringify([FIRST, null, null]);
    expect(await whole()).toEqual({ faults: [], chats: 1, messages: ["a", "b", "c"].map((w) => [w, who]) });
  });

  it("makes no chat for a contact that is gone", async ({ expect }) => {
    await takeIn(text("a", { from: FIRST }));
    await takeIn(text("b", { from: SECOND }));
    const [errors] = await meeting(MERGE, () => takeIn(text("c", { from: SECOND }, OTHER_NUMBER)));
    expect(errors).toEqual([null]);
    expect(await whole(2)).toMatchObject({
      faults: [],
      chats: 1,
      messages: [["c", JSON.stringify([FIRST, null, null])]],
    });
  });

  it.for([
    ["merged", [], MERGE, 1],
    ["unmerged", [MERGE], "select undo_merge(1, 1, 1)", 2],
  ] as const)(
    "numbers the end of a send where the message is now: %s",
    async ([, before, change, chat], { expect }) => {
      await takeIn(text("a", { from: FIRST }));
      await takeIn(text("b", { from: SECOND }));
      await database.query(`
      insert into "Message" (id, "organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status, "claimId", "createdAt")
        values (9, 1, 2, 2, true, 'text', 'Ours', '{}', 'sending', 'mine', now());
      insert into "ChatEvent" ("chatId", seq, event, "messageId") values (2, 2, 'message.created', 9);
      update "Chat" set head = 2, "lastMessageId" = 9, "lastMessageAt" = now() where id = 2`);
      for (const step of before) await database.query(step);
      const end = { status: "accepted" as const, wamid: "wamid.ours" };
      await meeting(change, () => settleMessage(database.db, 9, "mine", end));
      const [last] = await database.query(
        `select "chatId", event from "ChatEvent" where "messageId" = 9 and data->>'status' = 'accepted'`,
      );
      expect(last).toEqual({ chatId: chat, event: "message.updated" });
      const [row] = await database.query(`select "chatId", status from "Message" where id = 9`);
      expect(row).toMatchObject({ chatId: chat, status: "accepted" });
      expect((await whole()).faults).toEqual([]);
    },
  );

  it("merges two contacts once, when two sightings show it at the same moment", async ({ expect }) => {
    await takeIn(text("a", { from: FIRST }));
    await takeIn(text("b", { from_user_id: USER }));
    const linked = { from: FIRST, from_user_id: USER };
    const errors = await meeting(
      `select from "Contact" order by id for update`,
      () => takeIn(text("c", linked)),
      () => takeIn(text("d", linked)),
    );
    expect(errors.flat()).toEqual([null, null]);
    const who = JSON.stringify([FIRST, USER, null]);
    expect(await whole()).toEqual({
      faults: [],
      chats: 1,
      messages: ["a", "b", "c", "d"].map((w) => [w, who]),
    });
    expect(await database.query('select from "ContactMerge"')).toHaveLength(1);
  });
});
