/**
 * What the first shard knows of the schedule's looks into Postgres. A Neon compute sleeps when nobody asks it for five minutes, so a
 * run of the schedule looks only when something may be due.
 */
export type Looks = {
  /** Until then the Worker's own calls may have changed what is due, and Postgres is awake anyway: every run looks. */
  activeUntilMs: number;
  /** The last look that found out what comes next; null before the first. */
  last: Look | null;
};

/** `version`: of the Worker that looked; another one may find something else due. */
export type Look = { atMs: number; dueAtMs: number; version: string };

/** `active`: what is due next would change again. `due`: look, and find out what is due next. `none`: nothing can be due. */
export type LookNeed = "active" | "due" | "none";

/** Of a call to Postgres. Longer than twice the time between two runs. */
const ACTIVE_MS = 2 * 60_000;
/** Each write of an object costs: a lease that was extended so recently is long enough. */
const EXTEND_MS = 30_000;
/** What the Worker cannot know, such as an operator's SQL, waits so long at most. */
const LONGEST_MS = 60 * 60_000;

/** Before the first look, and after the object's state was lost. */
export const noLooks: Looks = { activeUntilMs: 0, last: null };

/**
 * Whether a run that begins now has to look. A look that began while the Worker's calls went on may have missed what the last of them
 * changed: one more is due after them. A clock that was set back makes the last look one of the future: it says nothing.
 */
export function lookNeed({ activeUntilMs, last }: Looks, version: string, nowMs: number): LookNeed {
  if (last === null || last.version !== version || nowMs < last.atMs) return "due";
  if (nowMs < activeUntilMs) return "active";
  const isSeen = last.atMs >= activeUntilMs && nowMs < Math.min(last.dueAtMs, last.atMs + LONGEST_MS);
  return isSeen ? "none" : "due";
}

/** After a call of the Worker to Postgres; null when the lease is long enough as it is. */
export function afterCall(looks: Looks, nowMs: number): Looks | null {
  const activeUntilMs = nowMs + ACTIVE_MS;
  // A lease far beyond that was made by a clock that has been set back since.
  const left = looks.activeUntilMs - nowMs;
  return left > ACTIVE_MS - EXTEND_MS && left <= ACTIVE_MS ? null : { ...looks, activeUntilMs };
}
