import { eventsAfter } from "../../../src/db/chat-events.ts";
import { pageOfChats } from "../../../src/db/chats.ts";
import type { Db } from "../../../src/db/client.ts";
import { ingest } from "../../../src/db/ingest.ts";
import { pageOfMessages } from "../../../src/db/messages.ts";
import type { FilledDatabase } from "./cluster.ts";
import type { TimedSession } from "./timed-session.ts";
import { texts } from "./webhooks.ts";

/** A call of the application. */
export type Operation = {
  id: string;
  label: string;
  reads?: boolean;
  /** Picks random arguments, outside the measured time, and returns the call to measure. */
  prepare: (sample: Sample) => (db: Db) => Promise<unknown>;
};

/** Arguments for the operations, from all over a database. */
export type Sample = FilledDatabase & {
  /** Positions in the chat list. */
  positions: { id: number; lastMessageAt: string }[];
  /** Messages of the longest chats. */
  anchors: { chat: number; messageId: number }[];
  heads: { chat: number; head: number }[];
};

const SIDES = ["before", "after", "around"] as const;

export const OPERATIONS: Operation[] = [
  {
    id: "list",
    label: "chat list, 30 rows at a random position",
    reads: true,
    prepare: ({ organizationId, positions }) => {
      const position = Math.random() < 0.5 ? null : pickRandom(positions);
      return (db) => pageOfChats(db, organizationId, {}, position, 30);
    },
  },
  {
    id: "page",
    label: "chat page, 50 messages at a random position of a long chat",
    reads: true,
    prepare: ({ organizationId, anchors }) => {
      const { chat, messageId } = pickRandom(anchors);
      const side = pickRandom([...SIDES]);
      return (db) => pageOfMessages(db, { id: chat, organizationId }, { side, messageId }, 50);
    },
  },
  {
    id: "resume",
    label: "resume read, 50 events missed",
    reads: true,
    prepare: ({ heads }) => {
      const { chat, head } = pickRandom(heads);
      return (db) => eventsAfter(db, { id: chat, organizationId: null }, head - 50, 500);
    },
  },
  {
    id: "ingest-1",
    label: "ingest of one text",
    prepare: (sample) => {
      const events = texts(sample, [randomChat(sample)]);
      return (db) => ingest(db, events);
    },
  },
  {
    id: "ingest-64",
    label: "ingest of 64 texts of 64 chats",
    prepare: (sample) => {
      const events = texts(
        sample,
        Array.from({ length: 64 }, () => randomChat(sample)),
      );
      return (db) => ingest(db, events);
    },
  },
];

export async function takeSample({ client }: TimedSession, database: FilledDatabase): Promise<Sample> {
  const { rows: positions } = await client.query<Sample["positions"][number]>(
    `select id, to_char("lastMessageAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastMessageAt"
     from "Chat" where "organizationId" = $1 order by random() limit 1000`,
    [database.organizationId],
  );
  // Only the longest chats, so that every page is full.
  const { rows: anchors } = await client.query<Sample["anchors"][number]>(
    `select "chatId" as chat, id as "messageId" from "Message" where "chatId" <= 3 and amends is null order by random() limit 1000`,
  );
  const { rows: heads } = await client.query<Sample["heads"][number]>(
    `select id as chat, head from "Chat" where head >= 60 order by random() limit 1000`,
  );
  return { ...database, positions, anchors, heads };
}

function randomChat({ chats }: FilledDatabase): number {
  return 1 + Math.floor(Math.random() * chats);
}

function pickRandom<Item>(items: Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error("the list is empty");
  return item;
}
