import { describe, it } from "vitest";
import { costOf, fullBudget, spend, type Verdict } from "../../src/realtime/client-frames.ts";

describe("P10: a client's frame budget", () => {
  it.for([
    { title: "one frame a second", everyMs: 1_000, count: 10_000, ends: "accept" },
    { title: "twenty frames a second", everyMs: 50, count: 10_000, ends: "accept" },
    { title: "a hundred frames at once", everyMs: 0, count: 100, ends: "accept" },
    { title: "a hundred and one at once", everyMs: 0, count: 101, ends: "ignore" },
    { title: "two hundred at once", everyMs: 0, count: 200, ends: "ignore" },
    { title: "two hundred and one at once", everyMs: 0, count: 201, ends: "close" },
    { title: "a thousand frames a second", everyMs: 1, count: 1_000, ends: "close" },
  ])("for $title: the last verdict is $ends", ({ everyMs, count, ends }, { expect }) => {
    expect(verdictsOn(count, everyMs).at(-1)).toBe(ends);
  });

  it("first accepts, then ignores, then closes", ({ expect }) => {
    const verdicts = verdictsOn(1_000, 1);
    expect([...new Set(verdicts)]).toEqual(["accept", "ignore", "close"]);
  });

  it("is full again after five seconds, and never more than full", ({ expect }) => {
    let { budget } = spend(fullBudget(0), 100, 0);
    ({ budget } = spend(budget, 0, 5_000));
    expect(budget).toEqual(fullBudget(5_000));
    expect(spend(budget, 0, 3_600_000).budget).toEqual(fullBudget(3_600_000));
  });

  it("stays the same when the clock goes back", ({ expect }) => {
    const { budget } = spend(fullBudget(10_000), 50, 10_000);
    expect(spend(budget, 0, 0).budget.left).toBe(50);
  });
});

describe("the cost of a frame", () => {
  it.for([
    { title: "typing", frame: { type: "typing" }, isNewAck: false, cost: 1 },
    { title: "a sync, which reads the database", frame: { type: "sync", seq: 1 }, isNewAck: false, cost: 10 },
    { title: "an ack of something new", frame: { type: "ack", seq: 1 }, isNewAck: true, cost: 0 },
    { title: "an ack of nothing new", frame: { type: "ack", seq: 1 }, isNewAck: false, cost: 1 },
  ] as const)("such as $title is $cost", ({ frame, isNewAck, cost }, { expect }) => {
    expect(costOf(frame, isNewAck)).toBe(cost);
  });
});

function verdictsOn(count: number, everyMs: number): Verdict[] {
  let budget = fullBudget(0);
  return Array.from({ length: count }, (_, i) => {
    const spent = spend(budget, 1, i * everyMs);
    budget = spent.budget;
    return spent.verdict;
  });
}
