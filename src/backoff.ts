/** How long to wait after this many failures in a row (from 1): `firstMs`, then `factor` times as long each time, up to `maxMs`. */
export function backoffMs(
  failures: number,
  { firstMs, maxMs, factor = 2 }: { firstMs: number; maxMs: number; factor?: number },
): number {
  return Math.min(firstMs * factor ** Math.max(0, failures - 1), maxMs);
}
