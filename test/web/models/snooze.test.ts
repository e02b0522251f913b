import { describe, it } from "vitest";
import { snoozesOn, snoozeUntil } from "../../../src/web/models/snooze.ts";

describe("a snooze (UI-35)", () => {
  // A Saturday.
  const saturday = new Date(2026, 10, 28, 14, 30);

  it("ends in an hour, or at nine in the morning", ({ expect }) => {
    expect(snoozeUntil("hour", saturday)).toEqual(new Date(2026, 10, 28, 15, 30));
    expect(snoozeUntil("tomorrow", saturday)).toEqual(new Date(2026, 10, 29, 9));
    expect(snoozeUntil("monday", saturday)).toEqual(new Date(2026, 10, 30, 9));
  });

  it("is not offered twice for the same morning", ({ expect }) => {
    expect(snoozesOn(saturday)).toEqual(["hour", "tomorrow", "monday"]);
    expect(snoozesOn(new Date(2026, 10, 29, 14))).toEqual(["hour", "tomorrow"]);
  });

  it.for([
    [29, 30],
    [30, 37],
    [24, 30],
  ])("until Monday is in the future on the %s of November", ([day, expected], { expect }) => {
    expect(snoozeUntil("monday", new Date(2026, 10, day, 8))).toEqual(new Date(2026, 10, expected, 9));
  });
});
