import { describe, it } from "vitest";
import { CircuitBreaker } from "../../src/intake/circuit-breaker.ts";

/** A breaker that has just opened: three failures at the given moment. */
function opened(nowMs: number): CircuitBreaker {
  const breaker = new CircuitBreaker();
  for (let i = 0; i < 3; i += 1) breaker.recordFailure(nowMs);
  return breaker;
}

describe("the circuit breaker", () => {
  it("allows calls while none fails", ({ expect }) => {
    expect(new CircuitBreaker().tryAcquire(0)).toBe(true);
  });

  it("stays closed after two failures, and after three that are far apart", ({ expect }) => {
    const breaker = new CircuitBreaker();
    breaker.recordFailure(1_000);
    breaker.recordFailure(2_000);
    expect(breaker.tryAcquire(2_001)).toBe(true);
    breaker.recordFailure(16_000);
    expect(breaker.tryAcquire(16_001)).toBe(true);
    expect(breaker.isOpen).toBe(false);
  });

  it("opens for five seconds after three failures within fifteen", ({ expect }) => {
    const breaker = opened(1_000);
    expect(breaker.tryAcquire(1_001)).toBe(false);
    expect(breaker.tryAcquire(5_999)).toBe(false);
    expect(breaker.isOpen).toBe(true);
  });

  it("then allows one probe, and no other call until its outcome is recorded", ({ expect }) => {
    const breaker = opened(1_000);
    expect(breaker.tryAcquire(6_000)).toBe(true);
    expect(breaker.tryAcquire(6_001)).toBe(false);
    breaker.recordFailure(6_500);
    expect(breaker.tryAcquire(11_499)).toBe(false);
    expect(breaker.tryAcquire(11_500)).toBe(true);
    expect(breaker.isOpen).toBe(true);
    breaker.recordSuccess();
    expect(breaker.isOpen).toBe(false);
    expect(breaker.tryAcquire(11_501)).toBe(true);
    expect(breaker.tryAcquire(11_501)).toBe(true);
  });

  it("resets its count after a success", ({ expect }) => {
    const breaker = new CircuitBreaker();
    breaker.recordFailure(1);
    breaker.recordFailure(2);
    breaker.recordSuccess();
    breaker.recordFailure(3);
    expect(breaker.tryAcquire(4)).toBe(true);
  });
});
