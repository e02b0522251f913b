import { describe, it, onTestFinished, vi } from "vitest";
import { Polling } from "../../../src/web/models/polling.ts";

describe("what a blocked socket does not bring (UI-22)", () => {
  it("is asked for at once, every 15 seconds, and soon after something was done", ({ expect }) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const askedAt: number[] = [];
    const start = Date.now();
    const polling = new Polling(() => askedAt.push((Date.now() - start) / 1_000));
    polling.askSoon();
    vi.advanceTimersByTime(60_000);
    expect(askedAt).toEqual([]);

    polling.turn(true);
    polling.turn(true);
    vi.advanceTimersByTime(16_000);
    polling.askSoon();
    vi.advanceTimersByTime(1_500);
    // The last one counts.
    polling.askSoon();
    vi.advanceTimersByTime(14_000);
    expect(askedAt).toEqual([60, 75, 77, 78.5, 79.5, 81.5, 90]);

    polling.askSoon();
    polling.turn(false);
    vi.advanceTimersByTime(60_000);
    expect(askedAt).toHaveLength(7);
  });
});
