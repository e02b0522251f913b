import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { findLocked, ingest } from "../../src/db/ingest.ts";
import { settleMessage } from "../../src/db/outgoing.ts";
import { finalState } from "../support/final-state.ts";
import { flattenBody } from "../whatsapp/fixtures.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID } from "./own-system.ts";

/** Whoever has written waits for this lock just before its commit. */
const GATE = 4_242;
const CUSTOMER = "79161230001";
const AT = "1777636800";

const USER_ID = "RU.1001";

const textOf = (wamid: string, who: object) =>
  one("messages", { ...who, id: wamid, type: "text", text: { body: "Hi" } });
const text = (wamid: string) => textOf(wamid, { from: CUSTOMER });
const echo = one("message_echoes", {
  from: "79001234567",
  to: CUSTOMER,
  id: "wamid.x",
  type: "text",
  text: { body: "Ours" },
});
const status = (name: string, more: object = {}) => one("statuses", { id: "wamid.x", status: name, ...more });

describe("two calls that meet", () => {
  let database: OwnDatabase;

  beforeAll(async () => {
    database = await ownDatabase();
    await database.query(`
      insert into "Agent" (id, "organizationId", sub, name, role) values (1, 1, 'anna', 'Anna', 'agent') on conflict do nothing;
      create function wait_at_gate() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(${GATE}); return null; end $$;
      create constraint trigger gate after insert on "Message" deferrable initially deferred
        for each row execute function wait_at_gate();
      create constraint trigger gate after insert on "MessageStatus" deferrable initially deferred
        for each row execute function wait_at_gate()`);
  }, 60_000);

  beforeEach(async () => {
    await database.query(
      'truncate "Contact", "Chat", "Message", "ChatEvent", "MessageStatus", "MessageSearch" restart identity cascade',
    );
  });

  afterAll(() => database?.drop());

  /** Holds the first call back before its commit until the others wait as well, or are done. */
  async function meeting(...bodies: object[]) {
    const gate = await database.session();
    await gate.query(`select pg_advisory_lock(${GATE})`);
    let done = 0;
    const calls = [];
    for (const [n, body] of bodies.entries()) {
      const call = ingest(database.db, flattenBody(body));
      calls.push(call.finally(() => (done += 1)));
      await database.untilWaiting((sessions) => sessions + done > n);
    }
    await gate.end();
    return await Promise.all(calls);
  }

  /** Who is known, oldest first, and how many messages are theirs. */
  async function people() {
    return (await database.query(
      `select k.phone, k."userId", count(m.id)::int messages from "Contact" k
         left join "Chat" c on c."contactId" = k.id left join "Message" m on m."chatId" = c.id
       group by k.id order by k.phone nulls last`,
    )) as { phone: string | null; userId: string | null; messages: number }[];
  }

  it("with one message make one row and one number, and both get them back", async ({ expect }) => {
    const results = await meeting(text("wamid.a"), text("wamid.a"), text("wamid.a"));
    const events = results.map(({ events }) =>
      events.map(({ chatId, seq, messageId }) => ({ chatId, seq, messageId })),
    );
    expect(events).toEqual(Array(3).fill([{ chatId: 1, seq: 1, messageId: 1 }]));
    expect(results.flatMap(({ events }) => events).filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await finalState(database.db, 1)).toMatchObject({
      faults: [],
      state: { chats: [{ unreadCount: 1 }] },
    });
  });

  it("with the first two messages of one person make one contact and one chat", async ({ expect }) => {
    await meeting(text("wamid.a"), text("wamid.b"));
    const { state, faults } = await finalState(database.db, 1);
    expect(faults).toEqual([]);
    expect(state.messages).toHaveLength(2);
    expect(state.chats).toMatchObject([{ unreadCount: 2 }]);
  });

  it.for([
    ["the phone first", { from: CUSTOMER }, { from: CUSTOMER, from_user_id: USER_ID }],
    ["the user id first", { from_user_id: USER_ID }, { from: CUSTOMER, from_user_id: USER_ID }],
    ["both first, then the phone", { from: CUSTOMER, from_user_id: USER_ID }, { from: CUSTOMER }],
    ["both first, then the user id", { from: CUSTOMER, from_user_id: USER_ID }, { from_user_id: USER_ID }],
  ] as const)(
    "I7: with one person's two sightings, of which one has both phone and user id, make one contact: %s",
    async ([, first, second], { expect }) => {
      await meeting(textOf("wamid.a", first), textOf("wamid.b", second));
      expect(await people()).toEqual([{ phone: CUSTOMER, userId: USER_ID, messages: 2 }]);
      expect((await finalState(database.db, 1)).faults).toEqual([]);
    },
  );

  it("I7: with a phone and a user id that nothing links make two, until a later sighting shows that they are one", async ({
    expect,
  }) => {
    await meeting(textOf("wamid.a", { from: CUSTOMER }), textOf("wamid.b", { from_user_id: USER_ID }));
    expect(await people()).toEqual([
      { phone: CUSTOMER, userId: null, messages: 1 },
      { phone: null, userId: USER_ID, messages: 1 },
    ]);
    await ingest(database.db, flattenBody(textOf("wamid.c", { from: CUSTOMER, from_user_id: USER_ID })));
    expect(await people()).toMatchObject([
      { phone: CUSTOMER, userId: USER_ID, messages: 3 },
      { messages: 0 },
    ]);
    expect((await finalState(database.db, 1)).faults).toEqual([]);
  });

  it("with two messages of one chat number them one after the other", async ({ expect }) => {
    await ingest(database.db, flattenBody(text("wamid.a")));
    const results = await meeting(text("wamid.b"), text("wamid.c"));
    expect(results.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[2], [3]]);
    expect((await finalState(database.db, 1)).faults).toEqual([]);
  });

  it.for([
    ["the echo first", echo, status("read")],
    ["the status first", status("read"), echo],
  ] as const)("with an echo and its status join them: %s", async ([, first, second], { expect }) => {
    await meeting(first, second);
    const { state, faults } = await finalState(database.db, 1);
    expect(faults).toEqual([]);
    expect(state.messages).toMatchObject([{ wamid: "wamid.x", status: "read" }]);
    expect(state.statuses).toMatchObject([{ of: "wamid.x", status: "read" }]);
  });

  it("with a status of an echo, while Graph's answer names our message, raise our message", async ({
    expect,
  }) => {
    await aSend(database, { status: "sending", agentId: 1 });
    await ingest(database.db, flattenBody(echo));
    const sender = await database.session();
    await sender.query("begin");
    await sender.query(
      `select advance_message(1, null, 'claim', 'accepted', '{"wamid": "wamid.x"}', null, null, null)`,
    );
    const call = ingest(database.db, flattenBody(status("read")));
    await expect.poll(() => database.waiting()).toHaveLength(1);
    await sender.query("commit");
    await sender.end();
    await call;
    expect(await database.query('select id, wamid, status, amends from "Message" order by id')).toEqual([
      { id: 1, wamid: "wamid.x", status: "read", amends: null },
      { id: 2, wamid: null, status: "sent", amends: "echo" },
    ]);
    expect((await finalState(database.db, 1)).faults).toEqual([]);
  });

  it.for(["answer", "tagged status"])(
    "with what gives an echo's wamid to our message in another chat, lock the chats in order: %s",
    async (how, { expect }) => {
      const tag = await aSend(database, { status: "sending", agentId: 1 });
      // The number that the agent dialled is not the one by which Meta knows the customer.
      await database.query(`insert into "Contact" ("organizationId", phone) values (1, '5511987651001');
        insert into "Chat" ("organizationId", "organizationPhoneId", "contactId", head) values (1, 1, 2, 1);
        update "Message" set "chatId" = 2; update "ChatEvent" set "chatId" = 2; update "Chat" set "lastMessageId" = null, head = id - 1`);
      await ingest(database.db, flattenBody(echo));
      const quote = {
        from: "79001234567",
        to: CUSTOMER,
        id: "wamid.y",
        type: "text",
        text: { body: "See above" },
      };
      await ingest(database.db, flattenBody(one("message_echoes", { ...quote, context: { id: "wamid.x" } })));
      const other = await database.session();
      await other.query('begin; select from "Chat" where id = 1 for no key update');
      const tagged = flattenBody(status("read", { biz_opaque_callback_data: tag }));
      const release = async (): Promise<unknown> =>
        how === "answer"
          ? await settleMessage(database.db, 1, "claim", { status: "accepted", wamid: "wamid.x" })
          : await ingest(database.db, tagged);
      // On a busy machine the wait for the lock may end too early.
      const call = release().catch(release);
      await expect.poll(() => database.waiting()).toHaveLength(1);
      expect((await findLocked(database.db, tagged)).size).toBe(1);
      await other.query('select from "Chat" where id = 2 for no key update nowait');
      await other.query("commit");
      await other.end();
      await call;
      const rows = await database.query(
        'select id, "chatId", wamid, "replyToMessageId" "to" from "Message" order by id',
      );
      expect(rows).toEqual([
        { id: 1, chatId: 2, wamid: "wamid.x", to: null },
        { id: 2, chatId: 1, wamid: null, to: null },
        { id: 3, chatId: 1, wamid: "wamid.y", to: null },
      ]);
      const log = 'select event from "ChatEvent" where "messageId" = 3 order by seq';
      expect(await database.query(log)).toEqual([{ event: "message.created" }, { event: "message.updated" }]);
    },
  );

  it.for(["plain first", "tagged first"])(
    "with two statuses, of which one bears our tag, join both: %s",
    async (order, { expect }) => {
      const tag = await aSend(database, { status: "unknown", agentId: null });
      const both = [status("delivered"), status("sent", { biz_opaque_callback_data: tag })];
      await meeting(...(order === "plain first" ? both : both.toReversed()));
      const { state, faults } = await finalState(database.db, 1);
      expect(faults).toEqual([]);
      expect(state.messages).toMatchObject([{ wamid: "wamid.x", status: "delivered" }]);
      expect(state.statuses.map(({ of }) => of)).toEqual(["wamid.x", "wamid.x"]);
    },
  );
});

/** A message of ours, the first, whose wamid is not known yet, claimed by `claim`; gives the tag that its statuses may bear. */
async function aSend(
  { query }: OwnDatabase,
  send: { status: string; agentId: number | null },
): Promise<string> {
  await query(`
    insert into "Contact" ("organizationId", phone) values (1, '${CUSTOMER}');
    insert into "Chat" ("organizationId", "organizationPhoneId", "contactId", head) values (1, 1, 1, 1);
    insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "agentId", "messageType", body, payload, status,
        "claimId", "createdAt")
      values (1, 1, 1, true, ${send.agentId}, 'text', 'Ours', '{}', '${send.status}', 'claim', now());
    insert into "ChatEvent" ("chatId", seq, event, "messageId") values (1, 1, 'message.created', 1);
    update "Chat" set "lastMessageId" = 1`);
  const [row] = (await query('select epoch from "Epoch"')) as { epoch: string }[];
  return `${row?.epoch}.1`;
}

function one(list: string, item: object): object {
  const field = list === "message_echoes" ? "smb_message_echoes" : "messages";
  const value = { metadata: { phone_number_id: PHONE_NUMBER_ID }, [list]: [{ timestamp: AT, ...item }] };
  const entry = [{ id: "123456789012345", changes: [{ field, value }] }];
  return { object: "whatsapp_business_account", entry };
}
