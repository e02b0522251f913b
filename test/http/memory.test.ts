import { describe, it, vi } from "vitest";
import { Memory } from "../../src/http/memory.ts";

describe("a memory", () => {
  it("asks again only when the time is over", async ({ expect }) => {
    vi.useFakeTimers();
    const memory = new Memory<number>({ ms: 1_000, entries: 10 });
    let asked = 0;
    const find = async () => ++asked;
    const found = [await memory.recall("a", find), await memory.recall("a", find)];
    vi.advanceTimersByTime(1_000);
    found.push(await memory.recall("a", find), await memory.recall("b", find));
    expect(found).toEqual([1, 1, 2, 3]);
    vi.useRealTimers();
  });

  it("does not remember that there was nothing", async ({ expect }) => {
    const memory = new Memory<number>({ ms: 1_000, entries: 10 });
    expect(await memory.recall("a", async () => null)).toBeNull();
    expect(await memory.recall("a", async () => 7)).toBe(7);
  });

  it("never grows beyond its bound", async ({ expect }) => {
    const memory = new Memory<number>({ ms: 1_000, entries: 2 });
    for (const key of ["a", "b", "c"]) await memory.recall(key, async () => 1);
    // The oldest were dropped to make room.
    expect(await memory.recall("a", async () => 2)).toBe(2);
    expect(await memory.recall("c", async () => 2)).toBe(1);
  });
});
