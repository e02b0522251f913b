import type { Figure, Target } from "./workload.ts";

export function median(values: number[]): number {
  return percentile(values, 50);
}

/** The percentile of the values, interpolated linearly. NaN without values. */
export function percentile(values: ArrayLike<number>, percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const index = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(index)] ?? Number.NaN;
  const above = sorted[Math.ceil(index)] ?? Number.NaN;
  return below + (above - below) * (index - Math.floor(index));
}

/** Rounds to three significant digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

export type Percentiles = { p50: number; p95: number; p99: number };

export function percentilesOf(values: ArrayLike<number>): Percentiles {
  return { p50: percentile(values, 50), p95: percentile(values, 95), p99: percentile(values, 99) };
}

type Described = {
  id: string;
  label: string;
  unit: string;
  target?: Target;
  note?: string;
  discarded?: number;
  raw?: unknown;
};

/** A figure with the median of `values`, which has one value per round. */
export function figureOf(values: number[], { target, note, ...described }: Described): Figure {
  return {
    value: median(values),
    low: Math.min(...values),
    high: Math.max(...values),
    rounds: values.length,
    discarded: 0,
    raw: values,
    target: target ?? null,
    ...(note !== undefined && { note }),
    ...described,
  };
}

/**
 * Product ÷ peer, computed per round. A round measures both one right after the other, so a slow phase of the machine affects
 * both.
 */
export function ratioOf(product: number[], peer: number[], described: Described): Figure {
  const ratios = product.map((value, round) => value / (peer[round] ?? Number.NaN));
  return figureOf(ratios, { raw: { product, peer }, ...described });
}

export const atLeast = (value: number): Target => ({ op: ">=", value });
export const atMost = (value: number): Target => ({ op: "<=", value });

/** Null for a figure without a target. */
export function isMet({ target, value }: Figure): boolean | null {
  if (!target) return null;
  return target.op === ">=" ? value >= target.value : value <= target.value;
}
