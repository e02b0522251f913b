import { describe, it } from "vitest";
import { afterCall, noPolls, type Poll, pollNeed } from "../../src/intake/next-poll.ts";

const NOW = Date.UTC(2026, 10, 29, 12);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A poll of a minute ago that found something due in half an hour, after the last call. */
const last: Poll = { atMs: NOW - MINUTE, dueAtMs: NOW + 30 * MINUTE, version: "one" };

describe("a run of the schedule", () => {
  it.for([
    ["before any poll", noPolls, "due"],
    ["while nothing is due", { activeUntilMs: 0, last }, "none"],
    ["when it is due", { activeUntilMs: 0, last: { ...last, dueAtMs: NOW } }, "due"],
    ["long after it was due", { activeUntilMs: 0, last: { ...last, dueAtMs: NOW - 5 * MINUTE } }, "due"],
    ["a moment before it is due", { activeUntilMs: 0, last: { ...last, dueAtMs: NOW + 1 } }, "none"],
    ["amid calls of the Worker", { activeUntilMs: NOW + 1, last }, "active"],
    ["once they are over", { activeUntilMs: NOW, last }, "due"],
    ["after a poll that came after them", { activeUntilMs: last.atMs, last }, "none"],
    ["after a poll that began just before their end", { activeUntilMs: last.atMs + 1, last }, "due"],
    ["of another version", { activeUntilMs: 0, last: { ...last, version: "two" } }, "due"],
    ["of another version amid calls", { activeUntilMs: NOW + 1, last: { ...last, version: "two" } }, "due"],
    ["an hour after the last poll", { activeUntilMs: 0, last: { ...last, atMs: NOW - 60 * MINUTE } }, "due"],
    ["after the clock was set back", { activeUntilMs: 0, last: { ...last, atMs: NOW + 1 } }, "due"],
    ["with a due time that is none", { activeUntilMs: 0, last: { ...last, dueAtMs: Number.NaN } }, "due"],
  ] as const)("%s", ([_, polls, need], { expect }) => {
    expect(pollNeed(polls, "one", NOW)).toBe(need);
  });
});

describe("a call of the Worker to Postgres", () => {
  it.for([
    ["the first", 0, true],
    ["after the end of the lease", NOW, true],
    ["when a lease has become short", NOW + 90 * SECOND, true],
    ["when it has just been extended", NOW + 91 * SECOND, false],
    ["at the same moment", NOW + 2 * MINUTE, false],
    ["after the clock was set back", NOW + 2 * MINUTE + 1, true],
  ] as const)("extends its lease: %s", ([_, activeUntilMs, isExtended], { expect }) => {
    const extended = isExtended ? { activeUntilMs: NOW + 2 * MINUTE, last } : null;
    expect(afterCall({ activeUntilMs, last }, NOW)).toEqual(extended);
  });

  /** Reported at most this late, and this long under way. */
  it.for([0, 30 * SECOND, 45 * SECOND])(
    "that ends %d ms after it was reported is seen by a poll",
    (ms, { expect }) => {
      const polls = { ...noPolls, activeUntilMs: NOW + 91 * SECOND };
      expect(afterCall(polls, NOW)).toBeNull();
      for (let atMs = NOW; atMs <= NOW + ms; atMs += SECOND) {
        const seen = { ...polls, last: { ...last, atMs } };
        expect(pollNeed(seen, "one", NOW + 5 * MINUTE)).toBe("due");
      }
    },
  );
});
