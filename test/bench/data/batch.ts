import { ingest } from "../../../src/db/ingest.ts";
import type { InboundEvent } from "../../../src/domain/inbound-event.ts";
import type { Figure, Target, Workload } from "../workload.ts";
import { type FilledDatabase, withCluster } from "./cluster.ts";
import { plainInsert } from "./plain-insert.ts";
import { type Series, seriesFigure } from "./series.ts";
import { type Cost, type TimedSession, timedSession } from "./timed-session.ts";
import { fromCustomer, texts } from "./webhooks.ts";

const MESSAGES = 20_000;
const BATCH_EVENTS = 100;
/** Postgres plans a function's statements on each of the first five calls. */
const WARM_UP_CALLS = 7;

/** A batch of a hundred texts. */
type Batch = {
  name: string;
  about: string;
  /** The number of chats that the texts belong to. */
  chats: number;
  /** Whether the texts come from new customers. */
  isNew?: boolean;
};

const BATCHES: Batch[] = [
  { name: "of-100-chats", about: "100 texts in 100 chats", chats: 100 },
  { name: "of-10-chats", about: "100 texts in 10 chats", chats: 10 },
  { name: "of-new-people", about: "100 texts from 100 new contacts", chats: 100, isNew: true },
];

export const batch: Workload = {
  name: "batch",
  about: "Storing 100 events, compared with a plain multi-row INSERT of the same rows.",
  run: ({ quick, log }) =>
    withCluster(async ({ filled }) => {
      const databases = [
        await filled("analysed", MESSAGES),
        await filled("never_analysed", MESSAGES, { analysed: false }),
      ];
      log("filled");
      const [analysed, neverAnalysed] = await costsOf(databases, quick ? 3 : 9);
      if (!analysed || !neverAnalysed) throw new Error("a database was not measured");
      return [
        ...figuresOf("analysed", analysed, 0.5),
        ...figuresOf("never analysed", neverAnalysed, 0.4),
        compared(analysed, neverAnalysed),
      ];
    }),
};

/** The costs of ingest, of the plain INSERT of the same rows, and of one without those for search, by batch. */
type Costs = Map<Batch, { ingest: Series; plain: Series; unsearchable: Series }>;

const CALLS_PER_ROUND = 5;

/** Each round measures every batch on every database. */
async function costsOf(databases: FilledDatabase[], rounds: number): Promise<Costs[]> {
  const sessions = await Promise.all(databases.map(({ url }) => timedSession(url)));
  try {
    const all = databases.map(
      (): Costs => new Map(BATCHES.map((batch) => [batch, { ingest: [], plain: [], unsearchable: [] }])),
    );
    for (let round = 0; round <= rounds; round += 1) {
      const isWarmUp = round === 0;
      for (const [n, database] of databases.entries()) {
        const session = sessions[n];
        if (!session) continue;
        for (const [batch, costs] of all[n] ?? []) {
          const ingest: Cost[] = [];
          const plain: Cost[] = [];
          const unsearchable: Cost[] = [];
          for (let call = 0; call < (isWarmUp ? WARM_UP_CALLS : CALLS_PER_ROUND); call += 1) {
            const turn = round * WARM_UP_CALLS + call;
            ingest.push(await ingestCost(session, database, batch, turn));
            plain.push(await plainCost(session, database, batch, turn, true));
            unsearchable.push(await plainCost(session, database, batch, turn, false));
          }
          if (isWarmUp) continue;
          costs.ingest.push(ingest);
          costs.plain.push(plain);
          costs.unsearchable.push(unsearchable);
        }
      }
    }
    return all;
  } finally {
    for (const session of sessions) await session.close();
  }
}

async function ingestCost(
  session: TimedSession,
  database: FilledDatabase,
  batch: Batch,
  call: number,
): Promise<Cost> {
  const events = batch.isNew ? textsOfNew(database, call) : texts(database, chatsOf(database, batch, call));
  return await session.measure((db) => ingest(db, events));
}

async function plainCost(
  session: TimedSession,
  database: FilledDatabase,
  batch: Batch,
  call: number,
  isSearchable: boolean,
): Promise<Cost> {
  const chats = chatsOf(database, batch, call);
  const insert = await plainInsert(session.client, database, chats, texts(database, chats), isSearchable);
  const cost = await session.measure(insert.run);
  await insert.advanceHeads();
  return cost;
}

/** Different chats for each call. */
function chatsOf(database: FilledDatabase, { chats }: Batch, call: number): number[] {
  return Array.from(
    { length: BATCH_EVENTS },
    (_, n) => 1 + ((call * 131 + (n % chats) * 17) % database.chats),
  );
}

function textsOfNew(database: FilledDatabase, call: number): InboundEvent[] {
  const phoneNumberId = database.phones[0]?.phoneNumberId ?? "";
  return Array.from({ length: BATCH_EVENTS }, (_, n) => {
    const phone = `7999${String(call * BATCH_EVENTS + n).padStart(7, "0")}`;
    const item = { type: "text", text: { body: "Good morning, please tell me when my order arrives" } };
    return fromCustomer(phoneNumberId, { phone, userId: null }, item);
  }).flat();
}

function figuresOf(state: string, costs: Costs, wanted: number): Figure[] {
  return [...costs].flatMap(([{ name, about, isNew }, { ingest, plain, unsearchable }]) => {
    const target: Target | null = isNew ? null : { op: ">=", value: wanted };
    const id = `batch.${name}.${state.replaceAll(" ", "-")}`;
    const ratio = (label: string, part: { id: string; numerator: Series; target: Target | null }) =>
      seriesFigure({ label: `${about} ÷ ${label}, ${state}`, denominator: ingest, ...part });
    return [
      ratio("plain INSERT", { id, numerator: plain, target }),
      ratio("plain INSERT without search", {
        id: `${id}.unsearchable`,
        numerator: unsearchable,
        target: null,
      }),
    ];
  });
}

/** How much slower ingest is when the planner has no statistics. */
function compared(analysed: Costs, neverAnalysed: Costs): Figure {
  const [batch] = BATCHES;
  const seriesOf = (costs: Costs) => (batch && costs.get(batch)?.ingest) || [];
  return seriesFigure({
    id: "batch.never-analysed",
    label: "100 texts in 100 chats: never analysed ÷ analysed",
    numerator: seriesOf(analysed),
    denominator: seriesOf(neverAnalysed),
    target: { op: ">=", value: 1 / 1.3 },
  });
}
