/** What agents do with a chat, as lines of its thread. `woke`: the time of a snooze was up. */
export const activityKinds = [
  "assigned",
  "closed",
  "reopened",
  "snoozed",
  "woke",
  "labeled",
  "unlabeled",
] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** One thing that was done with a chat, under the number of its event. Fields that its kind does not have are null. */
export type Activity = {
  seq: number;
  kind: ActivityKind;
  /** Who did it; null for what happened automatically. */
  agentId: number | null;
  /** `assigned`: to whom, null for nobody. */
  assigneeId: number | null;
  /** `assigned`: who had it before. */
  previousAssigneeId: number | null;
  /** `snoozed`: until when. */
  snoozedUntil: string | null;
  labelId: number | null;
  createdAt: string;
};
