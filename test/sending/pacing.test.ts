import { describe, it } from "vitest";
import { retryDelayMs } from "../../src/sending/pacing.ts";

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
