import { describe, it, vi } from "vitest";
import { TtlCache } from "../../src/http/ttl-cache.ts";

describe("a TTL cache", () => {
  it("loads a value again only once it has expired", async ({ expect }) => {
    vi.useFakeTimers();
    const cache = new TtlCache<number>({ ttlMs: 1_000, maxEntries: 10 });
    let loads = 0;
    const load = async () => ++loads;
    const values = [await cache.get("a", load), await cache.get("a", load)];
    vi.advanceTimersByTime(1_000);
    values.push(await cache.get("a", load), await cache.get("b", load));
    expect(values).toEqual([1, 1, 2, 3]);
    vi.useRealTimers();
  });

  it("does not cache a miss", async ({ expect }) => {
    const cache = new TtlCache<number>({ ttlMs: 1_000, maxEntries: 10 });
    expect(await cache.get("a", async () => null)).toBeNull();
    expect(await cache.get("a", async () => 7)).toBe(7);
  });

  it("shares a load with those who ask meanwhile, and its failure", async ({ expect }) => {
    const cache = new TtlCache<number>({ ttlMs: 1_000, maxEntries: 10 });
    let loads = 0;
    const load = async () => ++loads;
    expect(await Promise.all([1, 2, 3].map(() => cache.get("a", load)))).toEqual([1, 1, 1]);
    const fail = async () => {
      loads += 1;
      throw new Error("down");
    };
    const failed = await Promise.allSettled([1, 2, 3].map(() => cache.get("b", fail)));
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(loads).toBe(2);
    expect(await cache.get("b", load)).toBe(3);
  });

  it("does not share a miss: the row may have been inserted since", async ({ expect }) => {
    const cache = new TtlCache<number>({ ttlMs: 1_000, maxEntries: 10 });
    const misses = cache.get("a", async () => null);
    expect(await cache.get("a", async () => 7)).toBe(7);
    expect(await misses).toBeNull();
  });

  it("waits no longer than two seconds for a load whose request is gone", async ({ expect }) => {
    vi.useFakeTimers();
    const cache = new TtlCache<number>({ ttlMs: 60_000, maxEntries: 10 });
    void cache.get("a", () => new Promise(() => undefined));
    let loads = 0;
    const values = Promise.all([1, 2, 3].map(() => cache.get("a", async () => ++loads)));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await values).toEqual([1, 1, 1]);
    vi.useRealTimers();
  });

  it("never holds more entries than its limit", async ({ expect }) => {
    const cache = new TtlCache<number>({ ttlMs: 1_000, maxEntries: 2 });
    for (const key of ["a", "b", "c"]) await cache.get(key, async () => 1);
    // The cache was emptied to make room for "c".
    expect(await cache.get("a", async () => 2)).toBe(2);
    expect(await cache.get("c", async () => 2)).toBe(1);
  });
});
