import { describe, it, onTestFinished } from "vitest";
import { Pause } from "../../src/sending/pause.ts";
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

const dead = { fingerprint: "a", isDead: true };

describe("a pause", () => {
  it("G6: spares Meta a token that it has just refused, and lets one ask again after two seconds", ({
    expect,
  }) => {
    const pause = new Pause(aStorage(), 1);
    expect(pause.deadToken(1_000)).toBeNull();
    pause.learn(dead, 1_000);
    expect(pause.deadToken(1_001)).toBe("a");
    expect(pause.deadToken(2_999)).toBe("a");
    expect(pause.deadToken(3_000)).toBeNull();
    pause.learn(dead, 3_100);
    expect(pause.deadToken(5_099)).toBe("a");
  });

  it("is known to the object's next life", ({ expect }) => {
    const storage = aStorage();
    new Pause(storage, 1).learn(dead, 1_000);
    expect(new Pause(storage, 1).deadToken(1_001)).toBe("a");
  });

  it("ends with a token that works, and is told of once at each end", ({ expect }) => {
    const logs = captureLogs();
    onTestFinished(logs.stop);
    const pause = new Pause(aStorage(), 1);
    for (const nowMs of [1_000, 2_000, 9_000]) pause.learn(dead, nowMs);
    pause.learn({ fingerprint: "a", isDead: false }, 12_000);
    pause.learn({ fingerprint: "a", isDead: false }, 12_001);
    expect(pause.deadToken(12_002)).toBeNull();
    expect(logs.lines.filter((line) => line.includes("Sending paused"))).toHaveLength(1);
    expect(logs.lines.filter((line) => line.includes("Sending resumed"))).toHaveLength(1);
  });
});
