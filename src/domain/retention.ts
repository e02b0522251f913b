/** Groups of rows that may be removed after a number of days: see `RETENTION_DAYS` in docs/configuration.md. */
export const retentionGroups = ["events", "statuses", "webhooks", "files"] as const;
export type RetentionGroup = (typeof retentionGroups)[number];

/** After how many days the rows of a group are removed; a group that is missing is kept. */
export type RetentionDays = Partial<Record<RetentionGroup, number>>;
