import { describe, it } from "vitest";
import { CallRate } from "../../src/intake/call-rate.ts";
import { firstPlan, nextPlan, OVERLOADED, type ShardPlan } from "../../src/intake/shard-plan.ts";

const limits = { min: 1, max: 8 };
const busy = 800;
const steady = 301;
const quiet = 300;

/** The number of shards after each answer. */
function countsAfter(
  answers: [atMs: number, callsPerSecond: number][],
  start: Partial<ShardPlan> = {},
): number[] {
  let plan = { ...firstPlan(limits, 0), ...start };
  return answers.map(([atMs, callsPerSecond]) => {
    plan = nextPlan(plan, callsPerSecond, atMs, limits);
    return plan.count;
  });
}

describe("the number of shards", () => {
  it.for<[string, [number, number][], Partial<ShardPlan>, number[]]>([
    [
      "stays one while it is not busy",
      [
        [0, quiet],
        [1_000, 799],
      ],
      {},
      [1, 1],
    ],
    ["doubles at once when one is busy", [[0, busy]], {}, [2]],
    ["doubles at once when one is overloaded", [[0, OVERLOADED]], {}, [2]],
    [
      "waits for a change to take effect before the next",
      [
        [0, busy],
        [1_999, busy],
        [2_000, busy],
      ],
      {},
      [2, 2, 4],
    ],
    ["never exceeds the maximum", [[5_000, busy]], { count: 8 }, [8]],
    [
      "halves when all were quiet for a minute",
      [
        [59_999, quiet],
        [60_000, quiet],
      ],
      { count: 4 },
      [4, 2],
    ],
    [
      "halves once a minute",
      [
        [60_000, quiet],
        [119_999, quiet],
        [120_000, quiet],
      ],
      { count: 4 },
      [2, 2, 1],
    ],
    [
      "stays when one of them was not quiet",
      [
        [30_000, steady],
        [60_000, quiet],
        [89_999, quiet],
        [90_000, quiet],
      ],
      { count: 2 },
      [2, 2, 2, 1],
    ],
    [
      "does not halve right after it grew",
      [
        [70_000, busy],
        [70_001, quiet],
        [129_999, quiet],
      ],
      {},
      [2, 2, 2],
    ],
    ["never falls below the minimum", [[600_000, quiet]], { count: 1 }, [1]],
  ])("%s", ([, answers, start, counts], { expect }) => {
    expect(countsAfter(answers, start)).toEqual(counts);
  });

  it("does not oscillate: the load that let two shards merge is too low to split them again", ({
    expect,
  }) => {
    expect(
      countsAfter([
        [0, busy],
        [60_000, quiet],
        [61_000, 600],
      ]),
    ).toEqual([2, 1, 1]);
  });
});

describe("a shard's rate of calls", () => {
  it.for<[string, number[], number]>([
    ["is that of the second so far", [10_000, 10_500, 10_999], 3],
    ["is that of the last whole second", [10_000, 10_500, 10_999, 11_000], 3],
    ["is that of this second once it is more", [10_999, 11_000, 11_001], 2],
    ["forgets an earlier second", [10_000, 10_001, 10_002, 12_000], 1],
  ])("%s", ([, calls, rate], { expect }) => {
    const counted = new CallRate();
    expect(calls.map((atMs) => counted.add(atMs)).at(-1)).toBe(rate);
  });
});
