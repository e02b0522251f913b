import { describe, it } from "vitest";
import { windowExpiresAt } from "../../src/domain/service-window.ts";

describe("the customer service window", () => {
  it("closes a day after the customer's last message", ({ expect }) => {
    expect(windowExpiresAt(null)).toBeNull();
    expect(windowExpiresAt(new Date("2026-09-20T12:30:00Z"))?.toISOString()).toBe("2026-09-21T12:30:00.000Z");
  });
});
