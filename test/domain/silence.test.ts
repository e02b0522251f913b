import { describe, it } from "vitest";
import { type InboundHour, silenceOf } from "../../src/domain/silence.ts";

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** A Wednesday. */
const NOON = new Date("2026-11-25T12:00:00Z");
const ago = (hours: number) => new Date(NOON.getTime() - hours * HOUR_MS);

type Week = (hourOfDay: number, weekday: number) => number;

/** Hours of this many weeks before, each with as many busy slots as `week` says; with more than one, each its own. */
function habit(...weeks: Week[]): InboundHour[] {
  return weeks.flatMap((slotsIn, i) =>
    Array.from({ length: 7 * 24 }, (_, n) => {
      const hour = new Date(NOON.getTime() - (i + 1) * WEEK_MS - n * HOUR_MS);
      return { hour, slots: 2 ** slotsIn(hour.getUTCHours(), hour.getUTCDay()) - 1 };
    }).filter(({ slots }) => slots > 0),
  );
}

const always: Week = () => 12;
const never: Week = () => 0;
const office: Week = (hour, day) => (day > 0 && day < 6 && hour >= 8 && hour < 18 ? 6 : 0);
/** One message each four hours. */
const seldom: Week = (hour) => (hour % 4 === 0 ? 1 : 0);
const four = (week: Week): Week[] => [week, week, week, week];

type Case = [
  what: string,
  lastHoursAgo: number,
  weeks: Week[],
  isSilent: boolean,
  now?: Date,
  knownHours?: number,
];

const cases: Case[] = [
  ["a busy number, after half an hour", 0.6, four(always), false],
  ["a busy number, after an hour", 1, four(always), true],
  ["a busy number that was written to just now", 0.1, four(always), false],
  ["an office's number at noon, silent since the morning", 3.5, four(office), true],
  ["an office's number at noon, silent for an hour", 1, four(office), false],
  ["an office's number two hours after it opened, since the evening before", 26, four(office), true, ago(2)],
  ["an office's number when it has just opened", 14.6, four(office), false, ago(3.5)],
  ["an office's number at night", 12, four(office), false, ago(10)],
  ["an office's number on Sunday", 70, four(office), false, ago(72)],
  ["a number that is seldom written to, after a day", 24, four(seldom), false],
  ["a number that is seldom written to, after two days", 48, four(seldom), true],
  ["a number that nobody wrote to", 48, four(never), false],
  ["one campaign in four weeks", 4, [always, never, never, never], false],
  ["one holiday in four weeks", 4, [never, always, always, always], true],
  ["two weeks, one of them quiet", 4, [always, never], false, NOON, 3 * 7 * 24],
  ["a number that is two weeks old", 4, [always, always], false, NOON, 14 * 24],
  ["a number that is three weeks old", 4, [always, always], true, NOON, 3 * 7 * 24],
  ["a number that has been silent for a month", 31 * 24, [], false],
];

describe("silence", () => {
  it.for(cases)(
    "of %s: %s hours",
    ([, lastHours, weeks, isSilent, now = NOON, knownHours = 900], { expect }) => {
      const lastInboundAt = new Date(now.getTime() - lastHours * HOUR_MS);
      const known = { lastInboundAt, knownSince: ago(knownHours), hours: habit(...weeks) };
      expect(silenceOf(known, now) !== null).toBe(isSilent);
    },
  );

  it("is reported with how often messages usually come", ({ expect }) => {
    const known = { lastInboundAt: ago(4), knownSince: ago(900), hours: habit(...four(always)) };
    expect(silenceOf(known, NOON)).toEqual({ silentMs: 4 * HOUR_MS, usualGapMs: 5 * 60_000 });
  });
});
