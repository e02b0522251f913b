import { describe, it } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { drainBackoffMs, drainOnce } from "../../src/intake/drain.ts";
import type { SpooledEvent } from "../../src/intake/spool.ts";
import { anErrorOf, anEvent } from "./events.ts";

const locked = anErrorOf("55P03");
const refused = anErrorOf("23505");
const NOW_MS = 1_000;
const away = new Error("Postgres is away");

/** A spool over plain data, and what the drain did to it. */
function aGround(events: InboundEvent[], tries = 0) {
  const spool = new Map<number, SpooledEvent>(events.map((event, i) => [i + 1, { id: i + 1, event, tries }]));
  const defer: number[] = [];
  const buried: InboundEvent[] = [];
  const waitedWhenTold: number[] = [];
  const asked: InboundEvent[] = [];
  const drain = (
    errors: (Error | null)[],
    {
      isUnavailable = false,
      inFlight = [] as number[],
      late = false,
      unburied = null as InboundEvent | null,
      poison = null as InboundEvent | null,
      limit = 200,
    } = {},
  ) =>
    drainOnce({
      spool: {
        oldest: (limit, _now, inFlight) => [...spool.values()].filter(({ id }) => !inFlight.has(id)).slice(0, limit),
        remove: (ids) => {
          for (const id of ids) spool.delete(id);
        },
        defer: (ids, dueAtMs) => {
          if (dueAtMs > NOW_MS) defer.push(...ids);
        },
      },
      inFlight: new Set(inFlight),
      mayOvertake: late,
      limit,
      store: async (events) => {
        asked.push(...events);
        const isHeldUp = isUnavailable || events.some((event) => event === poison);
        return {
          committed: nothingCommitted,
          errors: isHeldUp ? events.map(() => away) : errors,
          isUnavailable: isHeldUp,
          unknownPhones: 0,
        };
      },
      publish: async () => {
        waitedWhenTold.push(...spool.keys());
      },
      deadLetter: async (event) => {
        if (event === unburied) throw away;
        buried.push(event);
      },
      nowMs: () => NOW_MS,
    });
  return { spool, defer, buried, waitedWhenTold, asked, drain };
}

describe("a drain", () => {
  it("has nothing to do when nothing waits", async ({ expect }) => {
    expect(await aGround([]).drain([])).toBe("idle");
  });

  it("I9: waits for commits that are under way, for what comes behind them must not overtake them", async ({
    expect,
  }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([null], { inFlight: [1] })).toBe("waiting");
    expect(ground.spool.size).toBe(2);
  });

  it("I9: goes on without them once they have taken too long, and leaves them alone", async ({ expect }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([null], { inFlight: [1], late: true })).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(await ground.drain([], { inFlight: [1], late: true })).toBe("idle");
  });

  it("removes what is stored, once it is told: who dies before that tells it again", async ({ expect }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([null, null])).toBe("progress");
    expect(ground.waitedWhenTold).toEqual([1, 2]);
    expect(ground.spool.size).toBe(0);
  });

  it("puts off what failed for a reason of its own, and goes on with the others", async ({ expect }) => {
    const ground = aGround([anEvent("a"), anEvent("b")]);
    expect(await ground.drain([locked, null])).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(ground.defer).toEqual([1]);
  });

  it("blames nobody while Postgres is away", async ({ expect }) => {
    const ground = aGround([anEvent("a")], 100);
    expect(await ground.drain([away], { isUnavailable: true })).toBe("unavailable");
    expect(ground.spool.size).toBe(1);
    expect(ground.defer).toEqual([]);
  });

  it("I18: blames a single event that Postgres seems to be away for, when it takes the next", async ({
    expect,
  }) => {
    const [poison, next] = [anEvent("poison"), anEvent("next")];
    const ground = aGround([poison, next, anEvent("third")], 8);
    expect(await ground.drain([null], { poison, limit: 1 })).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1, 3]);
    expect([ground.defer, ground.buried]).toEqual([[1], []]);

    const old = aGround([poison, next], 9);
    await old.drain([null], { poison, limit: 1 });
    expect(old.buried).toEqual([poison]);
  });

  it.for([
    ["the next does not go in either", ["a", "b", "c"], 2],
    ["there is no other", ["a"], 1],
  ] as const)("blames nobody when %s", async ([, list, calls], { expect }) => {
    const ground = aGround(
      list.map((text) => anEvent(text)),
      100,
    );
    expect(await ground.drain([], { isUnavailable: true, limit: 1 })).toBe("unavailable");
    expect([ground.spool.size, ground.defer, ground.buried]).toEqual([list.length, [], []]);
    expect(ground.asked).toHaveLength(calls);
  });

  it("I18: keeps raw what will not go in after ten tries", async ({ expect }) => {
    const poison = anEvent("poison");
    const young = aGround([poison], 8);
    await young.drain([refused]);
    expect(young.buried).toEqual([]);
    const old = aGround([poison], 9);
    await old.drain([refused]);
    expect(old.buried).toEqual([poison]);
    expect(old.spool.size).toBe(0);
  });

  it("I18: goes on when something cannot even be kept raw, and tries that again", async ({ expect }) => {
    const [unburied, poison] = [anEvent("stays"), anEvent("poison")];
    const ground = aGround([unburied, poison], 9);
    expect(await ground.drain([refused, refused], { unburied })).toBe("progress");
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(ground.buried).toEqual([poison]);
  });

  it.for([
    ["a migration", "42703"],
    ["a lock", "55P03"],
    ["a full disk", "53100"],
  ] as const)("D11: never gives up what waits for %s", async ([, code], { expect }) => {
    const ground = aGround([anEvent("a")], 100);
    expect(await ground.drain([anErrorOf(code)])).toBe("progress");
    expect(ground.buried).toEqual([]);
    expect([...ground.spool.keys()]).toEqual([1]);
    expect(ground.defer).toEqual([1]);
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
