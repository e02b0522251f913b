import { describe, it } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { CircuitBreaker } from "../../src/intake/circuit-breaker.ts";
import { Drainer } from "../../src/intake/drainer.ts";
import type { SpooledEvent } from "../../src/intake/spool.ts";
import { anEvent } from "./events.ts";

const away = new Error("Postgres is unavailable");

/** An in-memory spool that returns at most `atOnce` events at a time. */
function aSpool(events: InboundEvent[], atOnce: number) {
  const rows: SpooledEvent[] = events.map((event, i) => ({
    id: i + 1,
    event,
    tries: 0,
    spooledAtMs: 0,
    dueAtMs: 0,
  }));
  return {
    rows,
    oldest: (limit: number, _now: number, inFlight: ReadonlySet<number>) =>
      rows.filter(({ id }) => !inFlight.has(id)).slice(0, Math.min(limit, atOnce)),
    find: (id: number) => rows.find((row) => row.id === id) ?? null,
    remove: (ids: number[]) => {
      for (const id of ids)
        rows.splice(
          rows.findIndex((row) => row.id === id),
          1,
        );
    },
    defer: () => undefined,
    nextDueAtMs: () => (rows.length > 0 ? 0 : null),
  };
}

/** `meanwhile` is spooled while the second import is stored. */
function aGround(
  live: string[],
  old: string[],
  { inFlight = [] as number[], meanwhile = [] as string[], atOnce = 1 } = {},
) {
  const [spool, imports] = [
    aSpool(
      live.map((text) => anEvent(text)),
      atOnce,
    ),
    aSpool(
      old.map((text) => anEvent(text)),
      atOnce,
    ),
  ];
  const stored: string[] = [];
  const breaker = new CircuitBreaker();
  const world = {
    nowMs: 1_000,
    isAway: false,
    manages: Number.POSITIVE_INFINITY,
    calls: 0,
    inFlight: new Set(inFlight),
    onStored: () => {},
  };
  const drainer = new Drainer({
    spool,
    imports,
    inFlight: world.inFlight,
    breaker,
    store: async (events) => {
      world.calls += 1;
      if (world.isAway || events.length > world.manages)
        return {
          committed: nothingCommitted,
          errors: events.map(() => away),
          isUnavailable: true,
          unknownPhones: 0,
        };
      stored.push(...events.map((event) => ("body" in event ? event.body : "")));
      if (stored.at(-1) === old[1])
        spool.rows.push(
          ...meanwhile.map((text, i) => ({
            id: 100 + i,
            event: anEvent(text),
            tries: 0,
            spooledAtMs: 0,
            dueAtMs: 0,
          })),
        );
      world.onStored();
      return {
        committed: nothingCommitted,
        errors: events.map(() => null),
        isUnavailable: false,
        unknownPhones: 0,
      };
    },
    publish: async () => undefined,
    deadLetter: async () => undefined,
    nowMs: () => world.nowMs,
  });
  return { drainer, stored, world, spool, imports, breaker };
}

describe("the two spools", () => {
  it("are drained so that new events wait for at most one batch of history", async ({ expect }) => {
    const { drainer, stored } = aGround(["a", "b"], ["old 1", "old 2", "old 3"], { meanwhile: ["c", "d"] });
    await drainer.run();
    expect(stored).toEqual(["a", "old 1", "b", "old 2", "c", "old 3", "d"]);
    expect(drainer.nextDueAtMs()).toBeNull();
  });

  it("leave time for the alarm's other work", async ({ expect }) => {
    const { drainer, stored, world } = aGround(
      [],
      Array.from({ length: 30 }, (_, i) => `old ${i}`),
    );
    expect(await drainer.run()).toBe(world.nowMs);
    expect(stored).toHaveLength(25);
    expect(await drainer.run()).toBe(world.nowMs + 1_000);
    expect(stored).toHaveLength(30);
  });

  it("shrink batches for a slow Postgres, and grow them again", async ({ expect }) => {
    const { drainer, stored, world, spool } = aGround([..."abcdefgh"], [], { atOnce: 1_000 });
    world.manages = 2;
    for (let run = 0; run < 20; run += 1) await drainer.run();
    expect(stored.join("")).toBe("abcdefgh");

    world.manages = Number.POSITIVE_INFINITY;
    spool.rows.push(
      ...Array.from({ length: 1_000 }, (_, i) => ({
        id: i,
        event: anEvent("more"),
        tries: 0,
        spooledAtMs: 0,
        dueAtMs: 0,
      })),
    );
    world.calls = 0;
    await drainer.run();
    expect(spool.rows).toEqual([]);
    expect(world.calls).toBeLessThan(20);
  });

  it("are not both tried while Postgres is unavailable", async ({ expect }) => {
    const { drainer, world } = aGround(["a"], ["old"]);
    world.isAway = true;
    await drainer.run();
    expect(world.calls).toBe(1);
  });

  it.for([
    ["a success when an event was stored", ["a"], [], false],
    ["a success when history was stored", [], ["old"], false],
    ["nothing when nothing was tried", [], [], true],
  ] as const)("report to the circuit breaker %s", async ([, live, old, isOpen], { expect }) => {
    const { drainer, breaker } = aGround([...live], [...old]);
    for (let i = 0; i < 3; i += 1) breaker.recordFailure(0);
    await drainer.run();
    expect(breaker.isOpen).toBe(isOpen);
  });

  it("end a run even while new events keep arriving", async ({ expect }) => {
    const { drainer, stored, world } = aGround(
      Array.from({ length: 30 }, (_, i) => `new ${i}`),
      [],
    );
    expect(await drainer.run()).toBe(world.nowMs);
    expect(stored).toHaveLength(25);
  });

  it("back off while Postgres is unavailable, longer each time", async ({ expect }) => {
    const { drainer, world, imports } = aGround([], ["old"]);
    world.isAway = true;
    expect([await drainer.run(), await drainer.run(), drainer.backOff()]).toEqual([2_000, 3_000, 5_000]);
    expect(imports.rows).toHaveLength(1);
    world.isAway = false;
    await drainer.run();
    expect(imports.rows).toEqual([]);
    world.isAway = true;
    expect(drainer.backOff()).toBe(2_000);
  });

  it("measure the wait for a commit from when it began to block them, not from the start of the drain", async ({
    expect,
  }) => {
    const { drainer, stored, world } = aGround(["a", "b", "c"], []);
    // The first batch takes long, and then a commit begins.
    world.onStored = () => {
      world.nowMs += 20_000;
      world.inFlight.add(3);
    };
    expect(await drainer.run()).toBe(world.nowMs + 1_000);
    expect(stored).toEqual(["a"]);
    world.nowMs += 10_001;
    await drainer.run();
    expect(stored).toEqual(["a", "b"]);
  });

  it("do not wait for each other: imports continue while commits are in flight", async ({ expect }) => {
    const { drainer, stored, world } = aGround(["a"], ["old"], { inFlight: [1] });
    expect(await drainer.run()).toBe(world.nowMs + 1_000);
    expect(stored).toEqual(["old"]);
  });
});
