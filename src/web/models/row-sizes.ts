/** So many sizes of rows that are gone may be remembered, since some rows come back. */
const MOST_GONE = 1_000;

/**
 * Forgets the sizes of rows that a list no longer has, once they are many: TanStack Virtual 3.14 remembers the size of every row that it
 * has shown, by its key, for as long as the list is in the page.
 */
export function forgetSizes(sizes: Map<unknown, number>, rows: readonly { key: unknown }[]): void {
  if (sizes.size <= rows.length + MOST_GONE) return;
  const keys = new Set(rows.map(({ key }) => key));
  for (const key of sizes.keys()) if (!keys.has(key)) sizes.delete(key);
}
