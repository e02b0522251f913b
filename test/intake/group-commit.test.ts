import { describe, it } from "vitest";
import { GroupCommit } from "../../src/intake/group-commit.ts";

/** Commits that the test ends, in the order in which they began. */
function gated() {
  const begun: { items: string[]; end: (outcome: (Error | null)[] | Error) => void }[] = [];
  const commit = (items: string[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<(Error | null)[]>();
    begun.push({ items, end: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)) });
    return promise;
  };
  return { begun, commit };
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
    const { begun, commit } = gated();
    const group = new GroupCommit(commit, { maxItems: 10, maxInFlight: 1 });
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
    const { begun, commit } = gated();
    const group = new GroupCommit(commit, { maxItems: 2, maxInFlight: 2 });
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
    const { begun, commit } = gated();
    const group = new GroupCommit(commit, { maxItems: 10, maxInFlight: 1 });
    void group.add(["first"]);
    const [good, bad, alsoGood] = [group.add(["a"]), group.add(["b", "c"]), group.add(["d"])];
    begun[0]?.end([null]);
    await stands(good);
    begun[1]?.end([null, null, new Error("c is locked"), null]);
    expect(await Promise.all([good, bad, alsoGood].map(stands))).toEqual(["stored", "c is locked", "stored"]);
  });

  it("fails every item of a commit that throws, and continues with the next", async ({ expect }) => {
    const { begun, commit } = gated();
    const group = new GroupCommit(commit, { maxItems: 1, maxInFlight: 1 });
    const [lost, next] = [group.add(["a"]), group.add(["b"])];
    begun[0]?.end(new Error("no connection"));
    await expect(lost).rejects.toThrow("no connection");
    begun[1]?.end([null]);
    await next;
  });

  it("resolves at once when there is nothing to store", async ({ expect }) => {
    const { begun, commit } = gated();
    await new GroupCommit(commit, { maxItems: 1, maxInFlight: 1 }).add([]);
    expect(begun).toEqual([]);
  });
});
