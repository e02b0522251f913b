import pg from "pg";
import { eventsAfter, lastEventsAfter } from "../../../src/db/chat-events.ts";
import { type ChatFilter, findChat, markChatRead, pageOfChats } from "../../../src/db/chats.ts";
import type { Db } from "../../../src/db/client.ts";
import { ingest } from "../../../src/db/ingest.ts";
import { newestInbound, type PageAnchor, pageOfMessages } from "../../../src/db/messages.ts";
import { backlogOf, queuedBefore } from "../../../src/db/metrics.ts";
import {
  claimMessage,
  createMessage,
  settleMessage,
  unsettledMessages,
  unsettledPhones,
} from "../../../src/db/outgoing.ts";
import { findTemplate, pageOfTemplates, templatesForChat } from "../../../src/db/templates.ts";
import { traceOf } from "../../../src/db/traces.ts";
import { CAMPAIGN_CHAT, REACTIONS_CHAT } from "./hard-ground.ts";
import type { Allowance } from "./plan-reading.ts";
import type { Seeded } from "./seed-shape.ts";
import { aWamid, echo, from, fromCustomer, status, texts } from "./webhooks.ts";

const LIST_CHATS = 30;
const PAGE_MESSAGES = 50;
const LONG_CHAT = 1;

/** What a reading call may read of a table: what it gives, and what it must look at to know that there is more. */
const READING = { perRow: 2, besides: 20 };
/** A writing call looks for each of its events at a few rows, and locks, changes and tells of them. */
const WRITING = { perRow: 12, besides: 20 };

/** Something the application asks of its database. `run` gives how many rows came back, or how many events went in. */
export type Call = { name: string; run: (db: Db) => Promise<number>; allows: Omit<Allowance, "rows"> };

/** Every kind of call that is made often, each with the arguments that are hardest on it. */
export async function applicationCalls(seeded: Seeded, url: string): Promise<Call[]> {
  const found = await lookUp(url, seeded);
  return [...readingCalls(seeded, found), ...writingCalls(seeded, found)];
}

type Found = Awaited<ReturnType<typeof lookUp>>;

function readingCalls(seeded: Seeded, { anchors, deep, head, ours }: Found): Call[] {
  const { organizationId, phones } = seeded;
  const [busiest, , , idlest] = phones.map(({ id }) => id);
  const list = (name: string, filter: ChatFilter, after: Found["deep"] | null = null) =>
    reading(`list, ${name}`, (db) => pageOfChats(db, organizationId, filter, after, LIST_CHATS));
  const page = (name: string, chat: number, anchor: PageAnchor) =>
    reading(
      `page, ${name}`,
      async (db) =>
        (await pageOfMessages(db, { id: chat, organizationId }, anchor, PAGE_MESSAGES))?.messages ?? [],
    );
  const sides = ["before", "after", "around"] as const;
  return [
    list("first page", {}),
    list("deep", {}, deep),
    list("of the busiest number", { organizationPhoneId: busiest }),
    list("of the idlest number", { organizationPhoneId: idlest }),
    list("open", { status: "open" }),
    list("closed, deep", { status: "closed" }, deep),
    list("snoozed, which few are", { status: "snoozed" }),
    list("of a number, snoozed, which none is", { organizationPhoneId: busiest, status: "snoozed" }),
    reading("chat", async (db) => [await findChat(db, { id: LONG_CHAT, organizationId })]),
    page("newest", LONG_CHAT, { side: "newest" }),
    ...anchors.flatMap(({ where, messageId }) =>
      sides.map((side) => page(`${side} a message ${where}`, LONG_CHAT, { side, messageId })),
    ),
    page("newest, only we write", CAMPAIGN_CHAT, { side: "newest" }),
    page("newest, behind a row of reactions", REACTIONS_CHAT, { side: "newest" }),
    reading(
      "events, from the first",
      async (db) => (await eventsAfter(db, { id: LONG_CHAT, organizationId }, 0, 100))?.events ?? [],
    ),
    reading(
      "events, amid",
      async (db) => (await eventsAfter(db, { id: LONG_CHAT, organizationId }, head >> 1, 100))?.events ?? [],
    ),
    reading(
      "resume, 50 missed",
      async (db) => (await lastEventsAfter(db, LONG_CHAT, head - 50, 500))?.events ?? [],
    ),
    reading("resume, all missed", async (db) => (await lastEventsAfter(db, LONG_CHAT, 0, 500))?.events ?? []),
    reading("newest inbound", async (db) => [await newestInbound(db, LONG_CHAT)]),
    reading("newest inbound, only we write", async (db) => [await newestInbound(db, CAMPAIGN_CHAT)]),
    reading("trace", async (db) => [await traceOf(db, organizationId, ours.id)]),
    reading("unsettled of a number", (db) => unsettledMessages(db, busiest ?? 0, 50)),
    reading("unsettled of an idle number", (db) => unsettledMessages(db, idlest ?? 0, 50)),
    // The queue is what it reads.
    {
      ...reading("numbers with unsettled ones", (db) => unsettledPhones(db)),
      allows: { perRow: 0, besides: 500 },
    },
    {
      ...reading("backlog", async (db) => [await backlogOf(db, organizationId)]),
      allows: { perRow: 0, besides: 500 },
    },
    {
      ...reading("queued for long", async (db) => [await queuedBefore(db, new Date())]),
      allows: { perRow: 0, besides: 500 },
    },
    reading("templates", (db) =>
      pageOfTemplates(db, { organizationId, wabaId: "123456789012345" }, {}, null, 25),
    ),
    reading("template", async (db) => [
      await findTemplate(db, organizationId, busiest ?? 0, { name: "template_7", language: "en" }),
    ]),
    reading("templates of a chat", (db) => templatesForChat(db, organizationId, LONG_CHAT, 50)),
  ];
}

function writingCalls(seeded: Seeded, { head, theirs, ours, queued }: Found): Call[] {
  const { organizationId, agentIds } = seeded;
  const takes = (name: string, events: () => Parameters<typeof ingest>[1]) =>
    writing(`ingest, ${name}`, async (db) => {
      const batch = events();
      await ingest(db, batch);
      return batch.length;
    });
  const many = Array.from({ length: 64 }, (_, n) => 1 + ((n * 37) % seeded.chats));
  const once = texts(seeded, [4]);
  const [busiest] = seeded.phones;
  const agentId = agentIds[0] ?? 0;
  let made = { id: 0, claimId: "" };
  return [
    takes("a text", () => texts(seeded, [LONG_CHAT])),
    takes("64 texts of 64 chats", () => texts(seeded, many)),
    takes("64 texts of a chat", () =>
      texts(
        seeded,
        Array.from({ length: 64 }, () => LONG_CHAT),
      ),
    ),
    takes("a text of somebody new", () => fromCustomer(busiest?.phoneNumberId ?? "", somebody(), aText())),
    takes("64 texts of 64 who are new", () =>
      many.flatMap(() => fromCustomer(busiest?.phoneNumberId ?? "", somebody(), aText())),
    ),
    takes("a reply", () =>
      texts(seeded, [theirs.chatId], { context: { from: "79001234567", id: theirs.wamid } }),
    ),
    takes("a reaction", () =>
      from(seeded, theirs.chatId, { type: "reaction", reaction: { message_id: theirs.wamid, emoji: "🙏" } }),
    ),
    takes("a status", () => status(seeded, ours.chatId, ours.wamid, "delivered")),
    takes("a status that is new", () => status(seeded, ours.chatId, ours.wamid, "played")),
    takes("a status before its message", () => status(seeded, LONG_CHAT, aWamid(), "sent")),
    takes("an echo", () => echo(seeded, LONG_CHAT)),
    takes("a text", () => once),
    takes("the same text again", () => once),
    writing(
      "a message to send",
      async (db) => {
        const created = await createMessage(db, {
          ...{
            organizationId,
            organizationPhoneId: busiest?.id ?? 0,
            agentId,
            chatId: LONG_CHAT,
            phone: null,
            userId: null,
          },
          ...{
            messageType: "text",
            body: "Good morning",
            payload: { type: "text", text: { body: "Good morning" } },
          },
          content: { type: "text", text: "Good morning" } as never,
          ...{
            freeText: false,
            replyToMessageId: null,
            reaction: null,
            idempotencyKey: aWamid(),
            fingerprint: "f",
          },
          createdAt: new Date().toISOString(),
        });
        if (created.kind !== "created") throw new Error(`the message was not created: ${created.kind}`);
        made = { id: created.message.id, claimId: aWamid() };
        return 1;
      },
      COUNTING_THE_QUEUE,
    ),
    writing("a claim", async (db) => {
      const now = new Date();
      const claim = await claimMessage(db, made.id, leaseOf(made.claimId, now), now);
      if (claim.kind !== "claimed") throw new Error(`the message was not claimed: ${claim.kind}`);
      return 1;
    }),
    writing("its settlement", async (db) => {
      await settleMessage(db, made.id, made.claimId, { status: "accepted", wamid: aWamid() });
      return 1;
    }),
    writing("a claim of a queued one", async (db) => {
      const now = new Date();
      await claimMessage(db, queued.id, leaseOf(aWamid(), now), now);
      return 1;
    }),
    writing("all read", async (db) => {
      await markChatRead(db, { id: LONG_CHAT, organizationId }, null, agentId);
      return 1;
    }),
    writing("all but the last read", async (db) => {
      await markChatRead(db, { id: theirs.chatId, organizationId }, theirs.head - 5, agentId);
      return 5;
    }),
    writing("read, only we write", async (db) => {
      await markChatRead(db, { id: CAMPAIGN_CHAT, organizationId }, head, agentId);
      return 1;
    }),
  ];
}

function reading(name: string, run: (db: Db) => Promise<unknown[]>): Call {
  return { name, run: async (db) => (await run(db)).length, allows: READING };
}

function writing(name: string, run: (db: Db) => Promise<number>, allows = WRITING): Call {
  return { name, run, allows };
}

let strangers = 0;

function somebody() {
  strangers += 1;
  return { phone: `7999${String(strangers).padStart(7, "0")}`, userId: null };
}

function aText() {
  return { type: "text", text: { body: "Good morning" } };
}

/** Rows to ask about: near both ends and in the middle of the longest chat, deep in the list, one of ours, one of theirs. */
async function lookUp(url: string, { organizationId, phones }: Seeded) {
  const client = new pg.Client(url);
  await client.connect();
  const one = async <Row extends Record<string, unknown>>(
    text: string,
    values: unknown[] = [],
  ): Promise<Row> => {
    const { rows } = await client.query<Row>(text, values);
    if (!rows[0]) throw new Error(`nothing was found: ${text}`);
    return rows[0];
  };
  try {
    const anchorAt = async (where: string, share: number) => ({
      where,
      messageId: (
        await one<{ id: number }>(
          `select id from "Message" where "chatId" = $1 and amends is null order by "createdAt", seq
           offset (select (count(*) * $2::float8)::int from "Message" where "chatId" = $1 and amends is null) limit 1`,
          [LONG_CHAT, share],
        )
      ).id,
    });
    const anchors = [
      await anchorAt("near the first", 0.005),
      await anchorAt("in the middle", 0.5),
      await anchorAt("near the last", 0.99),
    ];
    const deep = await one<{ id: number; lastMessageAt: string }>(
      `select id, to_char("lastMessageAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastMessageAt"
       from "Chat" where "organizationId" = $1 order by "lastMessageAt" desc, id desc
       offset (select count(*) / 2 from "Chat" where "organizationId" = $1) limit 1`,
      [organizationId],
    );
    const { head } = await one<{ head: number }>(`select head from "Chat" where id = $1`, [LONG_CHAT]);
    const message = (condition: string) =>
      one<{ id: number; chatId: number; wamid: string; head: number }>(
        `select m.id, m."chatId", m.wamid, c.head from "Message" m join "Chat" c on c.id = m."chatId"
         where ${condition} and m."chatId" > 3 order by m.id limit 1`,
      );
    return {
      anchors,
      deep,
      head,
      theirs: await message(`not m."fromMe" and m.amends is null`),
      ours: await message(`m."fromMe" and m.status = 'read'`),
      // The one that has the most before it.
      queued: await one<{ id: number }>(
        `select max(id) as id from "Message" where status = 'queued' and "organizationPhoneId" = $1`,
        [phones[0]?.id],
      ),
    };
  } finally {
    await client.end();
  }
}

/** To know whether a number's queue is full it is counted: 10,000 entries of a small index at most, and 200 here. */
const COUNTING_THE_QUEUE = { perRow: 0, besides: 500 };

function leaseOf(claimId: string, now: Date) {
  return { claimId, leaseUntil: new Date(now.getTime() + 30_000) };
}
