import { describe, it } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { drainBackoffMs, drainOnce, type Failed, putOff } from "../../src/intake/drain.ts";
import type { SpooledEvent } from "../../src/intake/spool.ts";
import { anErrorOf, anEvent } from "./events.ts";

const locked = anErrorOf("55P03");
const refused = anErrorOf("23505");
const damage = anErrorOf("XX000");
const NOW_MS = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
const away = new Error("Postgres is unavailable");

/** An in-memory spool, and what the drain did to it. */
function aGround(events: InboundEvent[], tries = 0, ageMs = HOUR_MS) {
  const spooledAtMs = NOW_MS - ageMs;
  const spool = new Map<number, SpooledEvent>(
    events.map((event, i) => [i + 1, { id: i + 1, event, tries, spooledAtMs, dueAtMs: 0 }]),
  );
  const deferred: number[] = [];
  const deadLetters: InboundEvent[] = [];
  const spooledAtPublish: number[] = [];
  const attempted: InboundEvent[] = [];
  const suspects: Failed[] = [];
  const nowMs = () => NOW_MS;
  const deadLetter = async (event: InboundEvent, rejected: InboundEvent | null = null) => {
    if (event === rejected) throw away;
    deadLetters.push(event);
  };
  const journal = {
    oldest: (limit: number, _now: number, skipped: ReadonlySet<number>) =>
      [...spool.values()].filter(({ id }) => !skipped.has(id)).slice(0, limit),
    remove: (ids: number[]) => {
      for (const id of ids) spool.delete(id);
    },
    defer: (ids: number[], dueAtMs: number) => {
      if (dueAtMs > NOW_MS) deferred.push(...ids);
    },
  };
  const drain = (
    errors: (Error | null)[],
    {
      isUnavailable = false,
      inFlight = [] as number[],
      late = false,
      rejected = null as InboundEvent | null,
      poison = null as InboundEvent | null,
      limit = 200,
      skipped = [] as number[],
    } = {},
  ) =>
    drainOnce({
      spool: journal,
      inFlight: new Set(inFlight),
      mayOvertake: late,
      limit,
      skipped: new Set(skipped),
      suspect: (failed) => void suspects.push(failed),
      store: async (events) => {
        attempted.push(...events);
        const fails = isUnavailable || events.some((event) => event === poison);
        return {
          committed: nothingCommitted,
          errors: fails ? events.map(() => away) : errors,
          isUnavailable: fails,
          unknownPhones: 0,
        };
      },
      publish: async () => {
        spooledAtPublish.push(...spool.keys());
      },
      deadLetter: (event) => deadLetter(event, rejected),
      nowMs,
    });
  const convict = () => putOff({ spool: journal, deadLetter, nowMs }, suspects, "culprit");
  return { spool, deferred, deadLetters, spooledAtPublish, attempted, suspects, drain, convict };
}

describe("a drain", () => {
  it("is idle when the spool is empty", async ({ expect }) => {
    expect(await aGround([]).drain([])).toBe("idle");
  });

  it("I9: waits for commits in flight, so that later events do not overtake them", async ({ expect }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([null], { inFlight: [1] })).toBe("waiting");
    expect(ground.spool.size).toBe(2);
  });

  it("I9: continues without them after the timeout, and skips them", async ({ expect }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([null], { inFlight: [1], late: true })).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(await ground.drain([], { inFlight: [1], late: true })).toBe("idle");
  });

  it("removes stored events only after publishing them, so that a crash in between repeats the publish", async ({
    expect,
  }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([null, null])).toBe("progress");
    expect(ground.spooledAtPublish).toEqual([1, 2]);
    expect(ground.spool.size).toBe(0);
  });

  it("defers an event that failed for a reason of its own, and continues with the others", async ({
    expect,
  }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([locked, null])).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(ground.deferred).toEqual([1]);
  });

  it("defers nothing while Postgres is unavailable", async ({ expect }) => {
    const ground = aGround([anEvent("a")], 100);
    expect(await ground.drain([away], { isUnavailable: true })).toBe("unavailable");
    expect(ground.spool.size).toBe(1);
    expect(ground.deferred).toEqual([]);
  });

  it("I18: suspects a single event that fails as if Postgres were unavailable, and changes nothing", async ({
    expect,
  }) => {
    const poison = anEvent("poison");
    const ground = aGround([poison, anEvent("next")], 100);
    expect(await ground.drain([], { poison, limit: 1 })).toBe("unavailable");
    expect(ground.suspects).toMatchObject([{ id: 1, error: away }]);
    expect([ground.spool.size, ground.deferred, ground.deadLetters]).toEqual([2, [], []]);
    expect(await ground.drain([null], { poison, limit: 1, skipped: [1] })).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1]);
  });

  it("suspects no event of a batch", async ({ expect }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    await ground.drain([], { isUnavailable: true });
    expect(ground.suspects).toEqual([]);
  });

  it.for([
    ["the ninth time", 8, 5 * 60_000, []],
    ["the tenth time", 9, 5 * 60_000, [1]],
    ["a moment before five minutes are over", 100, 5 * 60_000 - 1, []],
  ] as const)(
    "I18, XX000: defers a culprit, and dead-letters it after minutes and ten tries: %s",
    async ([_, tries, ageMs, gone], { expect }) => {
      const poison = anEvent("poison");
      const ground = aGround([poison], tries, ageMs);
      ground.suspects.push({
        id: 1,
        event: poison,
        tries,
        spooledAtMs: NOW_MS - ageMs,
        dueAtMs: 0,
        error: damage,
      });
      await ground.convict();
      expect(ground.deferred).toEqual([1]);
      expect(ground.deadLetters).toEqual(gone.map(() => poison));
      expect(ground.spool.size).toBe(1 - gone.length);
    },
  );

  it("I18: dead-letters an event after ten tries", async ({ expect }) => {
    const poison = anEvent("poison");
    const young = aGround([poison], 8);
    await young.drain([refused]);
    expect(young.deadLetters).toEqual([]);
    const old = aGround([poison], 9);
    await old.drain([refused]);
    expect(old.deadLetters).toEqual([poison]);
    expect(old.spool.size).toBe(0);
  });

  it("I18: continues when an event cannot be dead-lettered, and tries again", async ({ expect }) => {
    const [rejected, poison] = [anEvent("stays"), anEvent("poison")];
    const ground = aGround([rejected, poison], 9);
    expect(await ground.drain([refused, refused], { rejected })).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(ground.deadLetters).toEqual([poison]);
  });

  it.for([
    ["a migration", "42703"],
    ["a lock", "55P03"],
    ["a full disk", "53100"],
  ] as const)("D11: never dead-letters an event that waits for %s", async ([, code], { expect }) => {
    const ground = aGround([anEvent("a")], 100);
    expect(await ground.drain([anErrorOf(code)])).toBe("progress");
    expect(ground.deadLetters).toEqual([]);
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(ground.deferred).toEqual([1]);
  });

  it.for([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 5_000],
    [50, 5_000],
  ] as const)("waits after %i failures for %i ms", ([failures, ms], { expect }) => {
    expect(drainBackoffMs(failures)).toBe(ms);
  });
});
