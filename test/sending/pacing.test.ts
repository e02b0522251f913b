import { describe, it } from "vitest";
import { Pacer, retryDelayMs } from "../../src/sending/pacing.ts";

describe("the wait before the next attempt", () => {
  it.for<[code: number, attempts: number, retryAfterMs: number | null, delayMs: number]>([
    [130429, 1, null, 1_000],
    [130429, 2, null, 2_000],
    [130429, 3, null, 4_000],
    [130429, 6, null, 32_000],
    [130429, 7, null, 60_000],
    [130429, 40, null, 60_000],
    [80007, 2, null, 2_000],
    [4, 2, null, 2_000],
    [131056, 1, null, 1_000],
    [131056, 2, null, 4_000],
    [131056, 3, null, 16_000],
    [131056, 4, null, 60_000],
    [130429, 1, 500, 1_000],
    [130429, 1, 5_000, 5_000],
    [130429, 9, 90_000, 90_000],
    [130429, 1, 0, 1_000],
  ])(
    "of code %i after attempt %i, with Retry-After %j, is %i ms",
    ([code, attempts, retryAfterMs, ms], { expect }) => {
      expect(retryDelayMs({ code, retryAfterMs }, attempts)).toBe(ms);
    },
  );
});

/** When `n` messages leave that all come at one moment, of these chats in turn: how long after that. */
function waitsOf(pacer: Pacer, n: number, chats: number, nowMs = 0): number[] {
  const ready = Array.from({ length: n }, (_, i) => ({
    i,
    atMs: nowMs + pacer.chargeRecipient(i % chats, nowMs),
  }));
  const waits: number[] = [];
  for (const { i, atMs } of ready.toSorted((a, b) => a.atMs - b.atMs))
    waits[i] = atMs + pacer.acquireSlot(atMs) - nowMs;
  return waits;
}

describe("a number's pace", () => {
  it("lets 80 messages a second leave, evenly", ({ expect }) => {
    const waits = waitsOf(new Pacer(), 161, 161);
    expect([waits[0], waits[1], waits[80], waits[160]]).toEqual([0, 12.5, 1_000, 2_000]);
  });

  it("owes nothing for a time in which nothing was sent", ({ expect }) => {
    const pacer = new Pacer();
    waitsOf(pacer, 80, 80);
    expect(pacer.acquireSlot(999)).toBe(1);
    expect(pacer.acquireSlot(60_000)).toBe(0);
    expect(pacer.acquireSlot(60_000)).toBe(12.5);
  });

  it.for<[message: number, waitMs: number]>([
    [45, 44 * 12.5],
    [46, 6_000],
    [47, 12_000],
    [60, 90_000],
  ])("lets message %i to one person wait %d ms", ([message, waitMs], { expect }) => {
    expect(waitsOf(new Pacer(), message, 1).at(-1)).toBe(waitMs);
  });

  it("lends to one person again what six seconds have paid back", ({ expect }) => {
    const pacer = new Pacer();
    waitsOf(pacer, 45, 1);
    expect(pacer.chargeRecipient(0, 6_000)).toBe(0);
    expect(pacer.chargeRecipient(0, 6_000)).toBe(6_000);
    expect(pacer.chargeRecipient(1, 12_000)).toBe(0);
  });

  it("keeps no place for a message that still waits for its person", ({ expect }) => {
    const pacer = new Pacer();
    waitsOf(pacer, 45, 1);
    expect(pacer.chargeRecipient(0, 1_000)).toBe(5_000);
    expect([pacer.acquireSlot(1_000), pacer.acquireSlot(1_000)]).toEqual([0, 12.5]);
  });

  it("has a message that can leave soon wait for its slot, and charges none that cannot", ({ expect }) => {
    const pacer = new Pacer();
    expect([0, 1, 2].map((chatId) => pacer.chargeSoon(chatId, 0, 20))).toEqual([0, 12.5, null]);
    expect(pacer.chargeSoon(null, 5, 20)).toBe(20);
    expect(pacer.acquireSlot(5)).toBe(32.5);
  });

  it("lets no message leave soon whose person has to wait", ({ expect }) => {
    const pacer = new Pacer();
    for (let n = 0; n < 45; n += 1) expect(pacer.chargeSoon(1, 0, 1_000)).toBe(n * 12.5);
    expect(pacer.chargeSoon(1, 0, 1_000)).toBeNull();
    expect(pacer.chargeSoon(2, 0, 1_000)).toBe(45 * 12.5);
    expect(pacer.chargeSoon(1, 6_000, 1_000)).toBe(0);
  });

  it("O8: spaces those whose persons all let them go at one moment", ({ expect }) => {
    const waits = waitsOf(new Pacer(), 46 * 100, 100).toSorted((a, b) => a - b);
    const gaps = waits.slice(1).map((wait, i) => wait - (waits[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12.5);
  });

  it.for<[string, (number | null)[], laterMs: number, gapMs: number]>([
    ["is halved when Meta says so", [130429], 0, 25],
    ["is halved once by refusals that came together", [130429, 130429, 130429], 0, 25],
    ["is not touched by one person's limit", [131056], 0, 12.5],
    ["is not touched by what is no limit", [null], 0, 12.5],
    ["has half recovered after half a minute", [130429], 30_000, 1_000 / 60],
    ["has recovered after a minute", [130429], 60_000, 12.5],
    ["is no faster than before after an hour", [130429], 3_600_000, 12.5],
  ])("%s", ([, codes, laterMs, gapMs], { expect }) => {
    const pacer = new Pacer();
    for (const code of codes) pacer.slowDown(code, 1_000_000);
    const [first = 0, second = 0] = waitsOf(pacer, 2, 2, 1_000_000 + laterMs);
    expect(second - first).toBeCloseTo(gapMs, 6);
  });

  it("never falls below five a second", ({ expect }) => {
    const pacer = new Pacer();
    for (let n = 0; n < 20; n += 1) pacer.slowDown(130429, 1_000_000 + n * 1_000);
    const [first = 0, second = 0] = waitsOf(pacer, 2, 2, 1_019_000);
    expect(second - first).toBe(200);
  });
});
