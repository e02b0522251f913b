import { ingest } from "../../../src/db/ingest.ts";
import { median, rounded } from "../statistics.ts";
import type { Figure } from "../workload.ts";
import type { FilledDatabase } from "./cluster.ts";
import { timeOf } from "./series.ts";
import { type Cost, timedSession } from "./timed-session.ts";
import { texts } from "./webhooks.ts";

const FEW_CHATS = [1, 3, 10];
const MANY_CHATS = [30, 100, 300, 1_000];
const SIZES = [...FEW_CHATS, ...MANY_CHATS];
const WARM_UP_ROUNDS = 7;

/**
 * Whether the cost per event grows with the number of chats in a batch. Each batch has one text per chat; the figure is the
 * worst of the batches of 30 and more chats ÷ the best of those of up to 10 chats.
 */
export async function linearFigure(database: FilledDatabase, quick: boolean): Promise<Figure> {
  const rounds = quick ? 3 : 7;
  const session = await timedSession(database.url);
  try {
    const costs = new Map<number, Cost[]>(SIZES.map((size) => [size, []]));
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      for (const [size, costsOfSize] of costs) {
        // The warm-up only needs Postgres to plan the statements, which small batches do as well.
        if (round < 0 && size > 100) continue;
        const from = Math.floor(Math.random() * database.chats);
        const chats = Array.from({ length: size }, (_, n) => 1 + ((from + n * 7) % database.chats));
        const events = texts(database, chats);
        const cost = await session.measure((db) => ingest(db, events));
        if (round >= 0) costsOfSize.push(cost);
      }
    }
    const perEvent = (size: number, round: number) => {
      const cost = costs.get(size)?.[round];
      return cost ? timeOf(cost) / size : Number.NaN;
    };
    const medians = new Map(
      SIZES.map((size) => [
        size,
        median(Array.from({ length: rounds }, (_, round) => perEvent(size, round))),
      ]),
    );
    const few = Math.min(...FEW_CHATS.map((size) => medians.get(size) ?? Number.NaN));
    const ratios = MANY_CHATS.map((size) => (medians.get(size) ?? Number.NaN) / few);
    return {
      id: "growth.linear",
      label: "ingest per event: worst of 30 to 1,000 chats ÷ best of 1 to 10 chats",
      unit: "×",
      value: rounded(Math.max(...ratios)),
      low: rounded(Math.min(...ratios)),
      high: rounded(Math.max(...ratios)),
      rounds,
      discarded: 0,
      target: { op: "<=", value: 1 },
      note: [...medians].map(([size, ms]) => `${size}: ${rounded(ms)} ms`).join(", "),
      raw: Object.fromEntries(costs),
    };
  } finally {
    await session.close();
  }
}
