import { describe, it, onTestFinished } from "vitest";
import { TokenCircuitBreaker } from "../../src/phones/token-circuit-breaker.ts";
import { captureLogs } from "../support/logs.ts";

/** What an object's storage does, over plain data. */
function aStorage() {
  const kept = new Map<string, unknown>();
  return {
    get: <Value>(key: string) => kept.get(key) as Value | undefined,
    put: (key: string, value: unknown) => void kept.set(key, value),
    delete: (key: string) => kept.delete(key),
  };
}

const dead = { fingerprint: "a", isDead: true as const };

describe("a token circuit breaker", () => {
  it("G6: spares Meta a token that it has just refused, and lets one ask again after two seconds", ({
    expect,
  }) => {
    const breaker = new TokenCircuitBreaker(aStorage(), 1);
    expect(breaker.deadToken(1_000)).toBeNull();
    breaker.record(dead, 1_000);
    expect(breaker.deadToken(1_001)).toBe("a");
    expect(breaker.deadToken(2_999)).toBe("a");
    expect(breaker.deadToken(3_000)).toBeNull();
    breaker.record(dead, 3_100);
    expect(breaker.deadToken(5_099)).toBe("a");
  });

  it("is known to the object's next life", ({ expect }) => {
    const storage = aStorage();
    new TokenCircuitBreaker(storage, 1).record(dead, 1_000);
    expect(new TokenCircuitBreaker(storage, 1).deadToken(1_001)).toBe("a");
  });

  it("ends with a token that works, and logs once at each end", ({ expect }) => {
    const logs = captureLogs();
    onTestFinished(logs.stop);
    const breaker = new TokenCircuitBreaker(aStorage(), 1);
    const changes = [1_000, 2_000, 9_000].map((nowMs) => breaker.record(dead, nowMs));
    changes.push(breaker.record({ isDead: false }, 12_000), breaker.record({ isDead: false }, 12_001));
    expect(changes).toEqual(["paused", null, null, "resumed", null]);
    expect(breaker.deadToken(12_002)).toBeNull();
    expect(logs.lines.filter((line) => line.includes("Sending paused"))).toHaveLength(1);
    expect(logs.lines.filter((line) => line.includes("Sending resumed"))).toHaveLength(1);
  });
});
