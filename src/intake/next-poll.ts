/**
 * What the first shard knows of the schedule's polls of Postgres. A Neon compute sleeps when nobody asks it for five minutes, so a
 * run of the schedule polls only when something may be due.
 */
export type Polls = {
  /** Until then the Worker's own calls may have changed what is due, and Postgres is awake anyway: every run polls. */
  activeUntilMs: number;
  /** The last poll that found out what comes next; null before the first. */
  last: Poll | null;
};

/** `version`: of the Worker that polled; another one may find something else due. */
export type Poll = { atMs: number; dueAtMs: number; version: string };

/** `active`: what is due next would change again. `due`: poll, and find out what is due next. `none`: nothing can be due. */
export type PollNeed = "active" | "due" | "none";

/** Of a call to Postgres. Longer than twice the time between two runs. */
const ACTIVE_MS = 2 * 60_000;
/** Each write of an object costs: a lease that was extended so recently is long enough. */
const EXTEND_MS = 30_000;
/** What the Worker cannot know, such as an operator's SQL, waits so long at most. */
const LONGEST_MS = 60 * 60_000;

/** Before the first poll, and after the object's state was lost. */
export const noPolls: Polls = { activeUntilMs: 0, last: null };

/**
 * Whether a run that begins now has to poll. A poll that began while the Worker's calls went on may have missed what the last of them
 * changed: one more is due after them. A clock that was set back makes the last poll one of the future: it says nothing.
 */
export function pollNeed({ activeUntilMs, last }: Polls, version: string, nowMs: number): PollNeed {
  if (last === null || last.version !== version || nowMs < last.atMs) return "due";
  if (nowMs < activeUntilMs) return "active";
  const isSeen = last.atMs >= activeUntilMs && nowMs < Math.min(last.dueAtMs, last.atMs + LONGEST_MS);
  return isSeen ? "none" : "due";
}

/** After a call of the Worker to Postgres; null when the lease is long enough as it is. */
export function afterCall(polls: Polls, nowMs: number): Polls | null {
  const activeUntilMs = nowMs + ACTIVE_MS;
  // A lease far beyond that was made by a clock that has been set back since.
  const left = polls.activeUntilMs - nowMs;
  return left > ACTIVE_MS - EXTEND_MS && left <= ACTIVE_MS ? null : { ...polls, activeUntilMs };
}
