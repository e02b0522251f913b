/** Groups of rows that may be removed after a number of days: see `RETENTION_DAYS` in docs/configuration.md. */
export const retentionGroups = ["events", "statuses", "webhooks", "files"] as const;
export type RetentionGroup = (typeof retentionGroups)[number];

/** After how many days the rows of a group are removed; a group that is missing is kept. */
export type RetentionDays = Partial<Record<RetentionGroup, number>>;

/** Meta delivers a webhook again for up to 7 days, and by what is stored of it the repetition is recognized. */
export const LEAST_RETENTION_DAYS = 8;
const MOST_RETENTION_DAYS = 36_500;

/**
 * Parses "events=90,webhooks=30". `invalid` has the entries that name no group, or no whole number of days from 8 on, or a group
 * twice. With one of them nothing is removed: what the operator meant is not known.
 */
export function readRetention(entries: string[]): { days: RetentionDays; invalid: string[] } {
  const days: RetentionDays = {};
  const invalid: string[] = [];
  for (const entry of entries) {
    const [, name, number] = /^(\w+)\s*=\s*(\d{1,5})$/.exec(entry) ?? [];
    const group = retentionGroups.find((one) => one === name);
    const isInRange = Number(number) >= LEAST_RETENTION_DAYS && Number(number) <= MOST_RETENTION_DAYS;
    if (group && isInRange && days[group] === undefined) days[group] = Number(number);
    else invalid.push(entry);
  }
  return { days: invalid.length === 0 ? days : {}, invalid };
}
