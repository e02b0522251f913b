import type { Figure, Target } from "../workload.ts";
import { median, rounded } from "./statistics.ts";
import type { Cost } from "./timed-session.ts";

/** What something cost, call by call, round by round. */
export type Series = Cost[][];

/** A round in which Postgres spent more of its time waiting for a core than this says more of the machine than of it. */
const WAITED_LIMIT_SHARE = 0.5;

/**
 * The ratio of two costs, as a figure: of each round the medians are compared, and of the rounds the median is the value. Time is
 * what Postgres took from asking to the answer, less what it waited for a core while others had all of them.
 */
export function seriesFigure(options: {
  id: string;
  label: string;
  over: Series;
  under: Series;
  target: Target | null;
  note?: string;
}): Figure {
  const { id, label, over, under, target, note } = options;
  const pairs = over.map((costs, round) => [costs, under[round] ?? []] as const);
  const kept = pairs.filter((pair) => !pair.some(isDisturbed));
  // A machine that is never quiet still gives figures: the notes say so.
  const used = kept.length >= 3 || kept.length === pairs.length ? kept : pairs;
  const ratios = used.map(([a, b]) => median(a.map(timeOf)) / median(b.map(timeOf)));
  const cpu = median(used.map(([a, b]) => median(a.map(cpuOf)) / median(b.map(cpuOf))));
  const notes = [
    Number.isNaN(cpu) ? null : `${rounded(cpu)} by CPU`,
    `${describe(used.flatMap(([a]) => a))} ÷ ${describe(used.flatMap(([, b]) => b))}`,
    used.length > kept.length ? "the machine was busy in every round" : null,
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
    raw: { over, under },
  };
}

/** In ms. Where the system does not tell, nothing is taken off. */
export function timeOf({ ms, waitedMs }: Cost): number {
  return Number.isNaN(waitedMs) ? ms : ms - waitedMs;
}

export function isDisturbed(costs: Cost[]): boolean {
  const total = costs.reduce((sum, { ms }) => sum + ms, 0);
  return costs.reduce((sum, { waitedMs }) => sum + waitedMs, 0) > total * WAITED_LIMIT_SHARE;
}

function cpuOf({ cpuMs }: Cost): number {
  return cpuMs;
}

function describe(costs: Cost[]): string {
  return `${rounded(median(costs.map(timeOf)))} ms`;
}
