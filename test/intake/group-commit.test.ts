import { describe, it } from "vitest";
import { GroupCommit, type GroupCommitLimits } from "../../src/intake/group-commit.ts";

/**
 * A group whose commits the test ends, in the order in which they began, and whose clock it moves. "x3" has three bytes,
 * an item without a digit has one.
 */
function aGroup(limits: Partial<GroupCommitLimits> = {}) {
  const begun: { items: string[]; end: (outcome?: (Error | null)[] | Error) => void }[] = [];
  const commit = (items: string[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<(Error | null)[]>();
    const end = (outcome: (Error | null)[] | Error = items.map(() => null)) =>
      outcome instanceof Error ? reject(outcome) : resolve(outcome);
    begun.push({ items, end });
    return promise;
  };
  const divert: string[][] = [];
  const room = { isThere: true };
  const timers: { dueAtMs: number; callback: () => void }[] = [];
  const now = { ms: 0 };
  const group = new GroupCommit<string>(
    {
      commit,
      divert: (items) => {
        divert.push(items);
        return room.isThere;
      },
      bytesOf: (item) => Number(/\d+/.exec(item) ?? 1),
      schedule: (ms, callback) => timers.push({ dueAtMs: now.ms + ms, callback }),
      nowMs: () => now.ms,
    },
    { maxItems: 10, maxBytes: 1_000, maxInFlight: 1, maxWaitMs: 400, ...limits },
  );
  const wait = (ms: number) => {
    now.ms += ms;
    for (const timer of timers.filter(({ dueAtMs }) => dueAtMs <= now.ms)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.callback();
    }
  };
  return { group, begun, divert, room, timers, wait };
}

/** The state of a promise, without waiting for it. */
async function stands(promise: Promise<void>): Promise<string> {
  const settled = promise.then(
    () => "stored",
    (error: Error) => error.message,
  );
  // Nested promises need a few microtask turns to settle.
  let turn = Promise.resolve();
  for (let i = 0; i < 10; i += 1) turn = turn.then(() => undefined);
  return await Promise.race([settled, turn.then(() => "waits")]);
}

describe("a group commit", () => {
  it("starts at once when idle, and batches what arrives during a commit", async ({ expect }) => {
    const { group, begun } = aGroup();
    const first = group.add(["a"]);
    const [second, third] = [group.add(["b", "c"]), group.add(["d"])];
    expect(begun.map(({ items }) => items)).toEqual([["a"]]);
    begun[0]?.end([null]);
    await first;
    expect(begun.map(({ items }) => items)).toEqual([["a"], ["b", "c", "d"]]);
    expect(await stands(second)).toBe("waits");
    begun[1]?.end([null, null, null]);
    await Promise.all([second, third]);
    expect(begun).toHaveLength(2);
  });

  it("exceeds neither the commits in flight nor the items per commit", async ({ expect }) => {
    const { group, begun } = aGroup({ maxItems: 2, maxInFlight: 2 });
    const all = group.add(["a", "b", "c", "d", "e"]);
    expect(begun.map(({ items }) => items)).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    begun[1]?.end([null, null]);
    await stands(all);
    expect(begun.map(({ items }) => items).slice(2)).toEqual([["e"]]);
    begun[2]?.end([null]);
    expect(await stands(all)).toBe("waits");
    begun[0]?.end([null, null]);
    await all;
  });

  it("reports to each caller only the outcome of its own items", async ({ expect }) => {
    const { group, begun } = aGroup();
    void group.add(["first"]);
    const [good, bad, alsoGood] = [group.add(["a"]), group.add(["b", "c"]), group.add(["d"])];
    begun[0]?.end([null]);
    await stands(good);
    begun[1]?.end([null, null, new Error("c is locked"), null]);
    expect(await Promise.all([good, bad, alsoGood].map(stands))).toEqual(["stored", "c is locked", "stored"]);
  });

  it("fails every item of a commit that throws, and continues with the next", async ({ expect }) => {
    const { group, begun } = aGroup({ maxItems: 1 });
    const [lost, next] = [group.add(["a"]), group.add(["b"])];
    begun[0]?.end(new Error("no connection"));
    await expect(lost).rejects.toThrow("no connection");
    begun[1]?.end([null]);
    await next;
  });

  it("resolves at once when there is nothing to store", async ({ expect }) => {
    const { group, begun } = aGroup();
    await group.add([]);
    expect(begun).toEqual([]);
  });

  it.for<[string, string[][], string[]]>([
    [
      "a small call before the rest of a large one",
      [["a1", "a1", "a1", "a1", "a1"], ["b1"]],
      ["a1", "a1", "a1", "b1"],
    ],
    [
      "an equal share of each",
      [
        ["a", "a", "a"],
        ["b", "b", "b"],
      ],
      ["a", "a", "b", "b"],
    ],
    ["what small calls leave, for the large one", [["a"], ["b", "b", "b", "b"]], ["a", "b", "b", "b"]],
    [
      "the oldest of too many calls",
      ["a", "b", "c", "d", "e", "f"].map((item) => [item]),
      ["a", "b", "c", "d"],
    ],
    [
      "small calls of too many",
      [["a", "a"], ...["b", "c", "d", "e"].map((item) => [item])],
      ["b", "c", "d", "e"],
    ],
    ["no more bytes than fit", [["a5", "a5"], ["b4"], ["c"]], ["a5", "b4", "c"]],
    ["an item that exceeds the bytes, alone", [["a99"], ["b"]], ["a99"]],
  ])("takes into a commit of four items and ten bytes %s", async ([, calls, expected], { expect }) => {
    const { group, begun } = aGroup({ maxItems: 4, maxBytes: 10 });
    const all = [group.add(["first"]), ...calls.map((items) => group.add(items))];
    begun[0]?.end();
    await all[0];
    expect(begun[1]?.items).toEqual(expected);
    for (let n = 1; n < begun.length; n += 1) {
      begun[n]?.end();
      await stands(Promise.resolve());
    }
    await Promise.all(all);
    expect(begun.flatMap(({ items }) => items).toSorted()).toEqual(["first", ...calls.flat()].toSorted());
  });

  it("stores a small call of a flood with the next commit, and sets the flood aside", async ({ expect }) => {
    const { group, begun, divert, timers, wait } = aGroup({ maxItems: 40 });
    const flood = Array.from({ length: 8 }, () => group.add(Array.from({ length: 50 }, () => "x")));
    expect(begun[0]?.items).toHaveLength(40);
    wait(399);
    const small = group.add(["small"]);
    begun[0]?.end();
    expect(await stands(flood[0] as Promise<void>)).toBe("waits");
    expect(begun[1]?.items).toContain("small");
    // Each turn diverts no more than a commit has, and lets other calls in between.
    for (let turn = 0; timers.length > 0; turn += 1) wait(turn === 0 ? 1 : 0);
    expect(divert.map((items) => items.length)).toEqual([...Array(8).fill(40), 1]);
    expect(divert.flat()).not.toContain("small");
    begun[1]?.end();
    await Promise.all([...flood, small]);
    expect([begun.length, timers.length]).toEqual([2, 0]);
  });

  it("waits on where nothing can be diverted", async ({ expect }) => {
    const { group, begun, room, divert, wait } = aGroup();
    room.isThere = false;
    const [first, second] = [group.add(["a"]), group.add(["b"])];
    wait(400);
    expect(await stands(second)).toBe("waits");
    begun[0]?.end();
    await first;
    begun[1]?.end(new Error("refused"));
    await expect(second).rejects.toThrow("refused");
    expect(divert).toEqual([["b"]]);
  });

  it("reports an error of a part, although the rest is diverted", async ({ expect }) => {
    const { group, begun, wait } = aGroup({ maxItems: 1 });
    const call = group.add(["a", "b"]);
    wait(400);
    begun[0]?.end(new Error("a is locked"));
    await expect(call).rejects.toThrow("a is locked");
  });
});
