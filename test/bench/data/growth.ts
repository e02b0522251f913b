import { lastEventsAfter } from "../../../src/db/chat-events.ts";
import { pageOfChats } from "../../../src/db/chats.ts";
import type { Db } from "../../../src/db/client.ts";
import { ingest } from "../../../src/db/ingest.ts";
import { pageOfMessages } from "../../../src/db/messages.ts";
import type { Figure, Workload } from "../workload.ts";
import { type FilledDatabase, withCluster } from "./cluster.ts";
import { hardenGround } from "./hard-ground.ts";
import { linearFigure } from "./linear.ts";
import { checkPlans } from "./plans.ts";
import { isDisturbed, type Series, seriesFigure, timeOf } from "./series.ts";
import { median, quantile, rounded } from "./statistics.ts";
import { type TimedSession, timedSession } from "./timed-session.ts";
import { texts } from "./webhooks.ts";

const SMALL_MESSAGES = 10_000;
const LARGE_MESSAGES = 1_000_000;
const QUICK_MESSAGES = 100_000;
const GROWTH_LIMIT = 1.3;
const P99_LIMIT_MS = 10;
const WARM_UP_CALLS = 12;

export const growth: Workload = {
  name: "growth",
  about: "How cost grows when the database is a hundred times as full.",
  run: ({ quick, log }) =>
    withCluster(async ({ filled }) => {
      const messages = quick ? QUICK_MESSAGES : LARGE_MESSAGES;
      const small = await filled("small", SMALL_MESSAGES);
      log("filled the small database");
      const large = await filled("large", messages);
      log(`filled the large one: ${messages} messages, ${large.chats} chats`);
      const note = quick ? `quick: ${messages} messages stand for ${LARGE_MESSAGES}` : undefined;
      const measured = await measure(small, large, quick ? 3 : 7, quick ? 20 : 60);
      log("measured");
      return [
        ...measured.map(({ operation, series }) =>
          seriesFigure({
            id: `growth.${operation.id}`,
            label: `${operation.label}: ${messages} messages ÷ ${SMALL_MESSAGES}`,
            over: series.large,
            under: series.small,
            target: { op: "<=", value: GROWTH_LIMIT },
            ...(note && { note }),
          }),
        ),
        ...measured.flatMap(({ operation, series }) =>
          operation.reads ? [p99Figure(operation, series.large, messages, note)] : [],
        ),
        await linearFigure(large, quick),
        await plansFigure(large, messages, note),
      ];
    }),
};

/** Something the application asks; the arguments are drawn anew each time, before the clock starts. */
type Operation = {
  id: string;
  label: string;
  reads?: boolean;
  draw: (ground: Ground) => (db: Db) => Promise<unknown>;
};

type Ground = FilledDatabase & {
  /** Positions all over the list, and messages all over the longest chat. */
  positions: { id: number; lastMessageAt: string }[];
  anchors: { chat: number; messageId: number }[];
  heads: { chat: number; head: number }[];
};

const SIDES = ["before", "after", "around"] as const;

const OPERATIONS: Operation[] = [
  {
    id: "list",
    label: "chat list, 30 at any place",
    reads: true,
    draw: ({ organizationId, positions }) => {
      const position = Math.random() < 0.5 ? null : anyOf(positions);
      return (db) => pageOfChats(db, organizationId, {}, position, 30);
    },
  },
  {
    id: "page",
    label: "chat page, 50 at any place of a long chat",
    reads: true,
    draw: ({ organizationId, anchors }) => {
      const { chat, messageId } = anyOf(anchors);
      const side = anyOf([...SIDES]);
      return (db) => pageOfMessages(db, { id: chat, organizationId }, { side, messageId }, 50);
    },
  },
  {
    id: "resume",
    label: "resume read, 50 events missed",
    reads: true,
    draw: ({ heads }) => {
      const { chat, head } = anyOf(heads);
      return (db) => lastEventsAfter(db, chat, head - 50, 500);
    },
  },
  {
    id: "ingest-1",
    label: "ingest of one text",
    draw: (ground) => {
      const events = texts(ground, [anyChat(ground)]);
      return (db) => ingest(db, events);
    },
  },
  {
    id: "ingest-64",
    label: "ingest of 64 texts of 64 chats",
    draw: (ground) => {
      const events = texts(
        ground,
        Array.from({ length: 64 }, () => anyChat(ground)),
      );
      return (db) => ingest(db, events);
    },
  },
];

type Measured = { operation: Operation; series: { small: Series; large: Series } };

/** The databases take turns call by call, so that whatever else the machine does touches both. */
async function measure(
  small: FilledDatabase,
  large: FilledDatabase,
  rounds: number,
  calls: number,
): Promise<Measured[]> {
  const sessions = { small: await timedSession(small.url), large: await timedSession(large.url) };
  try {
    const grounds = {
      small: await groundOf(sessions.small, small),
      large: await groundOf(sessions.large, large),
    };
    const measured = OPERATIONS.map(
      (operation): Measured => ({ operation, series: { small: [], large: [] } }),
    );
    for (let round = 0; round <= rounds; round += 1) {
      for (const { operation, series } of measured) {
        const costs = { small: [], large: [] } as { small: Series[number]; large: Series[number] };
        for (let call = 0; call < (round === 0 ? WARM_UP_CALLS : calls); call += 1) {
          for (const which of ["small", "large"] as const) {
            costs[which].push(await sessions[which].cost(operation.draw(grounds[which])));
          }
        }
        if (round === 0) continue;
        series.small.push(costs.small);
        series.large.push(costs.large);
      }
    }
    return measured;
  } finally {
    await sessions.small.close();
    await sessions.large.close();
  }
}

async function groundOf({ client }: TimedSession, database: FilledDatabase): Promise<Ground> {
  const { rows: positions } = await client.query<Ground["positions"][number]>(
    `select id, to_char("lastMessageAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastMessageAt"
     from "Chat" where "organizationId" = $1 order by random() limit 1000`,
    [database.organizationId],
  );
  // The longest chats: a page anywhere in them is full.
  const { rows: anchors } = await client.query<Ground["anchors"][number]>(
    `select "chatId" as chat, id as "messageId" from "Message" where "chatId" <= 3 and amends is null order by random() limit 1000`,
  );
  const { rows: heads } = await client.query<Ground["heads"][number]>(
    `select id as chat, head from "Chat" where head >= 60 order by random() limit 1000`,
  );
  return { ...database, positions, anchors, heads };
}

/** The slowest of a hundred calls, in Postgres. */
function p99Figure({ id, label }: Operation, rounds: Series, messages: number, note?: string): Figure {
  const quiet = rounds.filter((costs) => !isDisturbed(costs));
  const used = quiet.length >= 3 ? quiet : rounds;
  const perRound = used.map((costs) => quantile(costs.map(timeOf), 0.99));
  return {
    id: `growth.${id}-p99`,
    label: `${label}: p99 in Postgres at ${messages} messages`,
    unit: "ms",
    value: rounded(quantile(used.flat().map(timeOf), 0.99)),
    low: rounded(Math.min(...perRound)),
    high: rounded(Math.max(...perRound)),
    rounds: used.length,
    discarded: rounds.length - used.length,
    target: { op: "<=", value: P99_LIMIT_MS },
    note: [`median ${rounded(median(used.flat().map(timeOf)))} ms`, ...(note ? [note] : [])].join("; "),
    raw: rounds,
  };
}

/** How many calls of the application read more than they give, see node/query-plans.test.ts. */
async function plansFigure(large: FilledDatabase, messages: number, note?: string): Promise<Figure> {
  await hardenGround(large, large.url);
  const checked = await checkPlans(large, large.url);
  const faulty = checked.filter(({ faults }) => faults.length > 0);
  const count = faulty.length;
  return {
    ...{
      id: "growth.plans",
      label: `calls that read more than they give, at ${messages} messages`,
      unit: "calls",
    },
    ...{ value: count, low: count, high: count, rounds: 1, discarded: 0, target: { op: "<=", value: 0 } },
    note: [`of ${checked.length}`, ...faulty.map(({ call }) => call), ...(note ? [note] : [])].join("; "),
    raw: checked,
  };
}

function anyChat({ chats }: FilledDatabase): number {
  return 1 + Math.floor(Math.random() * chats);
}

function anyOf<Item>(items: Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error("there is nothing to choose from");
  return item;
}
