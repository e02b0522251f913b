import { afterAll, beforeAll, describe, it } from "vitest";
import { findLocked, ingest } from "../../src/db/ingest.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { flattenBody } from "../whatsapp/fixtures.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID } from "./own-system.ts";

const [HELD, OTHER, MEMBER] = ["79161250001", "79161250002", "79161250003"];

const one = (list: string, item: object) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "123456789012345",
      changes: [
        {
          field: list === "message_echoes" ? "smb_message_echoes" : "messages",
          value: {
            metadata: { phone_number_id: PHONE_NUMBER_ID },
            [list]: [{ timestamp: "1777636800", ...item }],
          },
        },
      ],
    },
  ],
});
const text = (from: string, id: string, more: object = {}) =>
  one("messages", { from, id, type: "text", text: { body: "Hi" }, ...more });
const echo = (to: string, id: string) =>
  one("message_echoes", { from: "79001234567", to, id, type: "text", text: { body: "Ours" } });
const read = (id: string) => one("statuses", { id, status: "read" });
const reaction = (from: string, target: string) =>
  text(from, "reaction", { type: "reaction", reaction: { message_id: target, emoji: "👍" } });

const chatOf = (phone: string) =>
  `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = '${phone}'`;

describe("D12: of a batch that meets a lock, the events that wait for it are known", () => {
  let database: OwnDatabase;

  beforeAll(async () => {
    database = await ownDatabase();
    const known = [
      text(HELD, "first"),
      text(OTHER, "other"),
      text(MEMBER, "group", { group_id: "GROUP" }),
      echo(HELD, "ours"),
      echo(OTHER, "theirs"),
    ];
    await ingest(database.db, known.flatMap(flattenBody));
  }, 60_000);

  afterAll(() => database?.drop());

  /** Those of the bodies that are found to wait, while a session holds what `lock` locks. */
  async function locked(lock: string, bodies: Record<string, object>): Promise<string[]> {
    const session = await database.session();
    await session.query("begin");
    await session.query(lock);
    const events = Object.entries(bodies).map(([name, body]): [string, InboundEvent] => {
      const [event] = flattenBody(body);
      if (!event) throw new Error("the body has no event");
      return [name, event];
    });
    const found = await findLocked(
      database.db,
      events.map(([, event]) => event),
    );
    await session.query("rollback");
    await session.end();
    return events.filter(([, event]) => found.has(event)).map(([name]) => name);
  }

  const bodies = {
    "a text": text(HELD, "second"),
    "a status": read("ours"),
    "a reaction": reaction(HELD, "first"),
    "another's text": text(OTHER, "another"),
    "another's status": read("theirs"),
    "somebody new": text("79161250009", "new"),
    "a member's text": text(MEMBER, "more", { group_id: "GROUP" }),
  };

  it.for([
    ["a chat", `${chatOf(HELD)} for update of c`, ["a text", "a status", "a reaction"]],
    ["a contact", `select from "Contact" where phone = '${HELD}' for update`, ["a text", "a reaction"]],
    [
      "a member of a group",
      `select from "Contact" where phone = '${MEMBER}' for update`,
      ["a member's text"],
    ],
    ["a message that was sent", `update "Message" set body = 'Other' where wamid = 'ours'`, ["a status"]],
    ["a message that came in", `update "Message" set body = 'Other' where wamid = 'first'`, ["a reaction"]],
    ["nothing", "select 1", []],
  ] as const)("%s", async ([, lock, names], { expect }) => {
    expect(await locked(lock, bodies)).toEqual(names);
  });
});
