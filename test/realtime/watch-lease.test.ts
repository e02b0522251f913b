import { describe, it } from "vitest";
import { WatchLease } from "../../src/realtime/watch-lease.ts";

const MINUTE_MS = 60_000;

describe("a watch lease", () => {
  it("is written once for many clients, and renewed when half of its time has passed", async ({ expect }) => {
    const { lease, writes } = aLease();
    await Promise.all([lease.acquire(0), lease.acquire(0), lease.acquire(4 * MINUTE_MS)]);
    expect(writes).toEqual([10 * MINUTE_MS]);
    await lease.acquire(5 * MINUTE_MS);
    expect(writes).toEqual([10 * MINUTE_MS, 15 * MINUTE_MS]);
  });

  it("is written again after a release", async ({ expect }) => {
    const { lease, writes } = aLease();
    await lease.acquire(0);
    await lease.release(() => false);
    await lease.acquire(0);
    expect(writes).toEqual([10 * MINUTE_MS, null, 10 * MINUTE_MS]);
  });

  it("stays when a client connects before the release is its turn", async ({ expect }) => {
    const { lease, writes } = aLease();
    await lease.acquire(0);
    await lease.release(() => true);
    expect(writes).toEqual([10 * MINUTE_MS]);
  });

  it("stays when it is released and acquired at the same time", async ({ expect }) => {
    const { lease, writes } = aLease();
    await lease.acquire(0);
    await Promise.all([lease.release(() => false), lease.acquire(0)]);
    expect(writes.at(-1)).toBe(10 * MINUTE_MS);
  });

  it("is written again after a failed write", async ({ expect }) => {
    const { lease, writes, failNext } = aLease();
    failNext();
    await expect(lease.acquire(0)).rejects.toThrow("down");
    await lease.acquire(0);
    expect(writes).toEqual([10 * MINUTE_MS]);
  });

  it("waits before it retries while the database is down", async ({ expect }) => {
    const { lease, failNext } = aLease();
    failNext();
    await expect(lease.acquire(0)).rejects.toThrow("down");
    expect(lease.nextCheckMs(0, MINUTE_MS)).toBe(10_000);
  });

  it.for([
    { title: "when a token expires", earliestExpiryMs: MINUTE_MS, nextMs: MINUTE_MS },
    { title: "in time for the renewal", earliestExpiryMs: 60 * MINUTE_MS, nextMs: 5 * MINUTE_MS },
    { title: "soon when a token has already expired", earliestExpiryMs: -1, nextMs: 250 },
    {
      title: "in time for the renewal when no socket is left",
      earliestExpiryMs: null,
      nextMs: 5 * MINUTE_MS,
    },
  ])("is checked again $title", async ({ earliestExpiryMs, nextMs }, { expect }) => {
    const { lease } = aLease();
    await lease.acquire(0);
    expect(lease.nextCheckMs(0, earliestExpiryMs)).toBe(nextMs);
  });
});

function aLease() {
  const writes: (number | null)[] = [];
  let isFailing = false;
  const lease = new WatchLease(async (until) => {
    const fails = isFailing;
    isFailing = false;
    if (fails) throw new Error("the database is down");
    writes.push(until?.getTime() ?? null);
  });
  return { lease, writes, failNext: () => (isFailing = true) };
}
