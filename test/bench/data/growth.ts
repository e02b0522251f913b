import { median, percentile, rounded } from "../statistics.ts";
import type { Figure, Workload } from "../workload.ts";
import { type FilledDatabase, withCluster } from "./cluster.ts";
import { OPERATIONS, type Operation, type Sample, takeSample } from "./growth-operations.ts";
import { addHardCases } from "./hard-cases.ts";
import { linearFigure } from "./linear.ts";
import { checkPlans } from "./plans.ts";
import { isDisturbed, type Series, seriesFigure, timeOf } from "./series.ts";
import { type TimedSession, timedSession } from "./timed-session.ts";

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
      log("  filled the small database");
      const large = await filled("large", messages);
      log(`  filled the large database: ${messages} messages, ${large.chats} chats`);
      const note = quick ? `quick: ${messages} messages instead of ${LARGE_MESSAGES}` : undefined;
      const measured = await measure(small, large, quick ? 3 : 7, quick ? 20 : 60);
      log("  measured the calls");
      return [
        ...measured.map(({ operation, series }) =>
          seriesFigure({
            id: `growth.${operation.id}`,
            label: `${operation.label}: ${messages} messages ÷ ${SMALL_MESSAGES}`,
            numerator: series.large,
            denominator: series.small,
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

type Measured = { operation: Operation; series: Both<Series> };

async function measure(
  small: FilledDatabase,
  large: FilledDatabase,
  rounds: number,
  calls: number,
): Promise<Measured[]> {
  const sessions = { small: await timedSession(small.url), large: await timedSession(large.url) };
  try {
    const samples = {
      small: await takeSample(sessions.small, small),
      large: await takeSample(sessions.large, large),
    };
    const measured = OPERATIONS.map(
      (operation): Measured => ({ operation, series: { small: [], large: [] } }),
    );
    // Reads come before writes, which end every chat of the small database with a short text, and few of the large one: its list would
    // be cheaper for what it shows.
    const reads = measured.filter(({ operation }) => operation.reads);
    const writes = measured.filter(({ operation }) => !operation.reads);
    for (const phase of [reads, writes]) {
      for (const { operation } of phase) await measureRound(operation, sessions, samples, WARM_UP_CALLS);
      for (let round = 0; round < rounds; round += 1) {
        for (const { operation, series } of phase) {
          const costs = await measureRound(operation, sessions, samples, calls);
          series.small.push(costs.small);
          series.large.push(costs.large);
        }
      }
    }
    return measured;
  } finally {
    await sessions.small.close();
    await sessions.large.close();
  }
}

type Both<Part> = { small: Part; large: Part };

/** Alternates between the databases call by call, so that other load on the machine affects both. */
async function measureRound(
  operation: Operation,
  sessions: Both<TimedSession>,
  samples: Both<Sample>,
  calls: number,
): Promise<Both<Series[number]>> {
  const costs: Both<Series[number]> = { small: [], large: [] };
  for (let call = 0; call < calls; call += 1) {
    for (const which of ["small", "large"] as const)
      costs[which].push(await sessions[which].measure(operation.prepare(samples[which])));
  }
  return costs;
}

function p99Figure({ id, label }: Operation, rounds: Series, messages: number, note?: string): Figure {
  const quiet = rounds.filter((costs) => !isDisturbed(costs));
  const used = quiet.length >= 3 ? quiet : rounds;
  const perRound = used.map((costs) => percentile(costs.map(timeOf), 99));
  return {
    id: `growth.${id}-p99`,
    label: `${label}: p99 in Postgres at ${messages} messages`,
    unit: "ms",
    value: rounded(percentile(used.flat().map(timeOf), 99)),
    low: rounded(Math.min(...perRound)),
    high: rounded(Math.max(...perRound)),
    rounds: used.length,
    discarded: rounds.length - used.length,
    target: { op: "<=", value: P99_LIMIT_MS },
    note: [`median ${rounded(median(used.flat().map(timeOf)))} ms`, ...(note ? [note] : [])].join("; "),
    raw: rounds,
  };
}

/** The number of application calls that read too many rows, see node/query-plans.test.ts. */
async function plansFigure(large: FilledDatabase, messages: number, note?: string): Promise<Figure> {
  await addHardCases(large, large.url, { vacuum: true });
  const checked = await checkPlans(large, large.url);
  const withProblems = checked.filter(({ problems }) => problems.length > 0);
  const count = withProblems.length;
  return {
    ...{
      id: "growth.plans",
      label: `calls that read too many rows, at ${messages} messages`,
      unit: "calls",
    },
    ...{ value: count, low: count, high: count, rounds: 1, discarded: 0, target: { op: "<=", value: 0 } },
    note: [`of ${checked.length}`, ...withProblems.map(({ call }) => call), ...(note ? [note] : [])].join(
      "; ",
    ),
    raw: checked,
  };
}
