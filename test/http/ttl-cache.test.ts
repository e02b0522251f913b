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

  it("never holds more entries than its limit", async ({ expect }) => {
    const cache = new TtlCache<number>({ ttlMs: 1_000, maxEntries: 2 });
    for (const key of ["a", "b", "c"]) await cache.get(key, async () => 1);
    // The cache was emptied to make room for "c".
    expect(await cache.get("a", async () => 2)).toBe(2);
    expect(await cache.get("c", async () => 2)).toBe(1);
  });
});
