import { describe, it } from "vitest";
import { Breaker } from "../../src/intake/breaker.ts";

/** A breaker that has just opened: three failures at the given moment. */
function opened(nowMs: number): Breaker {
  const breaker = new Breaker();
  for (let i = 0; i < 3; i += 1) breaker.failed(nowMs);
  return breaker;
}

describe("the breaker", () => {
  it("lets everything through while nothing fails", ({ expect }) => {
    expect(new Breaker().allows(0)).toBe(true);
  });

  it("stays shut for two failures, and for three that are far apart", ({ expect }) => {
    const breaker = new Breaker();
    breaker.failed(1_000);
    breaker.failed(2_000);
    expect(breaker.allows(2_001)).toBe(true);
    breaker.failed(16_000);
    expect(breaker.allows(16_001)).toBe(true);
    expect(breaker.isOpen).toBe(false);
  });

  it("leaves Postgres alone for five seconds after three failures in fifteen", ({ expect }) => {
    const breaker = opened(1_000);
    expect(breaker.allows(1_001)).toBe(false);
    expect(breaker.allows(5_999)).toBe(false);
    expect(breaker.isOpen).toBe(true);
  });

  it("then lets one call try, and no other until that one has answered", ({ expect }) => {
    const breaker = opened(1_000);
    expect(breaker.allows(6_000)).toBe(true);
    expect(breaker.allows(6_001)).toBe(false);
    breaker.failed(6_500);
    expect(breaker.allows(11_499)).toBe(false);
    expect(breaker.allows(11_500)).toBe(true);
    expect(breaker.isOpen).toBe(true);
    breaker.succeeded();
    expect(breaker.isOpen).toBe(false);
    expect(breaker.allows(11_501)).toBe(true);
    expect(breaker.allows(11_501)).toBe(true);
  });

  it("counts anew after a success", ({ expect }) => {
    const breaker = new Breaker();
    breaker.failed(1);
    breaker.failed(2);
    breaker.succeeded();
    breaker.failed(3);
    expect(breaker.allows(4)).toBe(true);
  });
});
