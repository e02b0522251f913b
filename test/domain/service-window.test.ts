import { describe, it } from "vitest";
import { replyWindow, windowExpiresAt } from "../../src/domain/service-window.ts";

const now = new Date("2026-09-21T12:00:00.000Z");

describe("the reply window", () => {
  it.for([
    [null, "unknown"],
    ["2026-09-20T12:00:00.000Z", "closed"],
    ["2026-09-20T12:00:00.001Z", "open"],
    ["2026-09-21T12:00:00.000Z", "open"],
    ["2026-09-19T12:00:00.000Z", "closed"],
    ["2030-01-01T00:00:00.000Z", "open"],
    ["1970-01-01T00:00:00.000Z", "closed"],
  ])("after a message of %s is %s", ([at, window], { expect }) => {
    expect(replyWindow(at ? new Date(at) : null, now)).toBe(window);
  });

  it("ends a day after the customer's last message, and never later than a day from now", ({ expect }) => {
    expect(windowExpiresAt(null)).toBeNull();
    expect(windowExpiresAt(new Date("2026-09-20T12:30:00Z"))?.toISOString()).toBe("2026-09-21T12:30:00.000Z");
    expect(windowExpiresAt(new Date("2030-01-01T00:00:00Z"), now)?.toISOString()).toBe(
      "2026-09-22T12:00:00.000Z",
    );
  });
});
