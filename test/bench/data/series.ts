import { median, rounded } from "../statistics.ts";
import type { Figure, Target } from "../workload.ts";
import type { Cost } from "./timed-session.ts";

/** The costs of the calls, by round. */
export type Series = Cost[][];

/** A round is disturbed if Postgres waited for a core for more than this share of the time. */
const MAX_WAITED_SHARE = 0.5;

/**
 * The ratio of two costs, as a figure: compares the medians of each round, and takes the median of the rounds. The time of a
 * call is Postgres' response time without the time it waited for a core.
 */
export function seriesFigure(options: {
  id: string;
  label: string;
  numerator: Series;
  denominator: Series;
  target: Target | null;
  note?: string;
}): Figure {
  const { id, label, numerator, denominator, target, note } = options;
  const pairs = numerator.map((costs, round) => [costs, denominator[round] ?? []] as const);
  const quiet = pairs.filter((pair) => !pair.some(isDisturbed));
  // If too few rounds are quiet, all are used, and the note mentions it.
  const used = quiet.length >= 3 || quiet.length === pairs.length ? quiet : pairs;
  const ratios = used.map(([a, b]) => median(a.map(timeOf)) / median(b.map(timeOf)));
  const cpu = median(used.map(([a, b]) => median(a.map(cpuOf)) / median(b.map(cpuOf))));
  const notes = [
    Number.isNaN(cpu) ? null : `${rounded(cpu)} by CPU`,
    `${describe(used.flatMap(([a]) => a))} ÷ ${describe(used.flatMap(([, b]) => b))}`,
    used.length > quiet.length ? "the machine was busy in most rounds" : null,
    note ?? null,
  ];
  return {
    id,
    label,
    unit: "×",
    value: rounded(median(ratios)),
    low: rounded(Math.min(...ratios)),
    high: rounded(Math.max(...ratios)),
    rounds: used.length,
    discarded: pairs.length - used.length,
    target,
    note: notes.filter((text) => text !== null).join("; "),
    raw: { numerator, denominator },
  };
}

/** In ms. Includes the wait where the system does not report it. */
export function timeOf({ ms, waitedMs }: Cost): number {
  return Number.isNaN(waitedMs) ? ms : ms - waitedMs;
}

export function isDisturbed(costs: Cost[]): boolean {
  const total = costs.reduce((sum, { ms }) => sum + ms, 0);
  return costs.reduce((sum, { waitedMs }) => sum + waitedMs, 0) > total * MAX_WAITED_SHARE;
}

function cpuOf({ cpuMs }: Cost): number {
  return cpuMs;
}

function describe(costs: Cost[]): string {
  return `${rounded(median(costs.map(timeOf)))} ms`;
}
