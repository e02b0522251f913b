/** The value below which this share of the numbers lies. */
export function quantile(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(numbers: number[]): number {
  return quantile(numbers, 0.5);
}

/** For a table: three digits that count. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
