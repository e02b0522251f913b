import { describe, it } from "vitest";
import { minutesBetween, nextOfMinutes } from "../../src/domain/minutes.ts";

const at = (time: string) => new Date(`2026-11-29T${time}Z`);

describe("the next of some minutes of an hour", () => {
  it.for([
    [[0, 11], "12:00:00", "12:11:00"],
    [[0, 11], "12:10:59.999", "12:11:00"],
    [[0, 11], "12:11:00", "13:00:00"],
    [[0, 11], "12:11:59", "13:00:00"],
    [[11], "12:11:30", "13:11:00"],
    [[59], "22:59:59", "23:59:00"],
    [[12, 11], "12:10:00", "12:11:00"],
  ] as const)("of %j after %s is %s", ([minutes, from, next], { expect }) => {
    expect(nextOfMinutes(minutes, at(from))).toEqual(at(next));
  });

  it("is none where there are none", ({ expect }) => {
    expect(nextOfMinutes([], at("12:00:00"))).toBeNull();
  });

  it("begins the next day", ({ expect }) => {
    expect(nextOfMinutes([5], at("23:30:00"))).toEqual(new Date("2026-11-30T00:05:00Z"));
  });
});

describe("the minutes between two moments", () => {
  it.for([
    ["12:00:30", "12:03:00", ["12:01:00", "12:02:00"]],
    ["12:00:30", "12:03:00.001", ["12:01:00", "12:02:00", "12:03:00"]],
    ["12:00:00", "12:01:00", []],
    ["12:00:00", "11:00:00", []],
  ] as const)("of %s and %s are %j", ([from, until, minutes], { expect }) => {
    expect(minutesBetween(at(from), at(until))).toEqual(minutes.map(at));
  });
});
