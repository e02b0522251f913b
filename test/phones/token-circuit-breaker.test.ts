import { describe, it, onTestFinished } from "vitest";
import { TokenCircuitBreaker } from "../../src/phones/token-circuit-breaker.ts";
import { captureLogs } from "../support/logs.ts";

/** What an object's storage does, over plain data. */
function aStorage() {
  const entries = new Map<string, unknown>();
  return {
    get: <Value>(key: string) => entries.get(key) as Value | undefined,
    put: (key: string, value: unknown) => void entries.set(key, value),
    delete: (key: string) => entries.delete(key),
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
    for (const nowMs of [1_000, 2_000, 9_000]) breaker.record(dead, nowMs);
    for (const nowMs of [12_000, 12_001]) breaker.record({ isDead: false }, nowMs);
    expect(breaker.deadToken(12_002)).toBeNull();
    expect(logs.lines.filter((line) => line.includes("Sending paused"))).toHaveLength(1);
    expect(logs.lines.filter((line) => line.includes("Sending resumed"))).toHaveLength(1);
  });

  it("has the alarm raised with each refusal, and cleared with the first call that works, until that is done", ({
    expect,
  }) => {
    const storage = aStorage();
    const breaker = new TokenCircuitBreaker(storage, 1);
    const settle = () => {
      const due = breaker.dueAlarm;
      if (due) breaker.forgetAlarm(due);
      return due?.isDead ?? null;
    };
    expect(settle()).toBeNull();
    breaker.record(dead, 1_000);
    expect(new TokenCircuitBreaker(storage, 1).dueAlarm).toEqual({ isDead: true });
    expect([settle(), settle()]).toEqual([true, null]);
    expect(new TokenCircuitBreaker(storage, 1).dueAlarm).toBeNull();
    breaker.record(null, 2_000);
    expect(settle()).toBeNull();
    breaker.record(dead, 4_000);
    const raising = breaker.dueAlarm;
    // The token works before the alarm is raised.
    breaker.record({ isDead: false }, 7_000);
    if (raising) breaker.forgetAlarm(raising);
    expect(settle()).toBe(false);
    breaker.record({ isDead: false }, 8_000);
    expect(settle()).toBeNull();
  });
});
