import { NeonDbError } from "@neondatabase/serverless";
import { describe, it, onTestFinished } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { CircuitBreaker } from "../../src/intake/circuit-breaker.ts";
import { Drainer } from "../../src/intake/drainer.ts";
import { ingestBatch } from "../../src/intake/ingest-batch.ts";
import type { SpooledEvent } from "../../src/intake/spool.ts";
import { captureLogs } from "../support/logs.ts";
import { anErrorOf, anEvent } from "./events.ts";

const MINUTE_MS = 60_000;
const BAD = "bad";

const nameOf = (event: InboundEvent) => ("body" in event ? event.body : "");

/** A spool with events of these names, and a database that fails for the bad ones, or for all while it is away. */
function aGround(names: string[], failure: Error) {
  onTestFinished(captureLogs().stop);
  const world = { nowMs: 0, isAway: false, calls: 0 };
  const stored: string[] = [];
  const raw: { name: string; atMs: number }[] = [];
  let rows: SpooledEvent[] = [];
  let lastId = 0;
  const spool = (...more: string[]) => {
    for (const name of more) {
      lastId += 1;
      rows.push({ id: lastId, event: anEvent(name), tries: 0, spooledAtMs: world.nowMs, dueAtMs: 0 });
    }
  };
  spool(...names);
  const journal = {
    oldest: (limit: number, nowMs: number, skipped: ReadonlySet<number>) =>
      rows.filter(({ id, dueAtMs }) => dueAtMs <= nowMs && !skipped.has(id)).slice(0, limit),
    find: (id: number) => rows.find((row) => row.id === id) ?? null,
    remove: (ids: number[]) => {
      rows = rows.filter(({ id }) => !ids.includes(id));
    },
    defer: (ids: number[], dueAtMs: number) => {
      rows = rows.map((row) => (ids.includes(row.id) ? { ...row, dueAtMs, tries: row.tries + 1 } : row));
    },
    nextDueAtMs: () => (rows.length > 0 ? Math.min(...rows.map(({ dueAtMs }) => dueAtMs)) : null),
  };
  const storeRaw = async (event: InboundEvent) => void raw.push({ name: nameOf(event), atMs: world.nowMs });
  const drainer = new Drainer({
    spool: journal,
    imports: { ...journal, oldest: () => [], nextDueAtMs: () => null },
    inFlight: new Set(),
    breaker: new CircuitBreaker(),
    store: (events) =>
      ingestBatch(events, {
        ingest: async (batch) => {
          world.calls += 1;
          const fails = world.isAway || batch.some((event) => nameOf(event).startsWith(BAD));
          // What gets no answer costs the limit of the call.
          if (fails && failure instanceof NeonDbError) world.nowMs += 10_000;
          if (fails) throw failure;
          stored.push(...batch.map(nameOf));
          return { ...nothingCommitted, unknownPhones: 0 };
        },
        findLocked: async () => new Set(),
        quarantine: storeRaw,
        wait: async () => undefined,
        random: () => 0,
      }),
    publish: async () => undefined,
    deadLetter: storeRaw,
    nowMs: () => world.nowMs,
  });
  /** Fires the alarm, for `ms` by the clock, or until nothing is left. */
  const run = async (ms: number) => {
    const untilMs = world.nowMs + ms;
    while (world.nowMs < untilMs && rows.length > 0)
      world.nowMs = Math.max(await drainer.run(), journal.nextDueAtMs() ?? 0, world.nowMs + 1);
  };
  return { world, stored, raw, spool, run, left: () => rows.map(({ event }) => nameOf(event)) };
}

const range = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i}`);
const bad = range(BAD, 12);
const good = range("good", 300);

describe("I26: events that Postgres fails at, as if it were away,", () => {
  const failures: [string, Error, number][] = [
    ["a page of the storage that is damaged", anErrorOf("XX001"), 10_000],
    ["a read of the storage that breaks", anErrorOf("XX000"), 10_000],
    ["too little memory", anErrorOf("53200"), 10_000],
    ["a query that is cancelled", anErrorOf("57014"), 10_000],
    ["no answer", new NeonDbError("timed out"), 10 * MINUTE_MS],
  ];

  it.for(failures)("hold up nobody behind them: %s", async ([, failure, limitMs], { expect }) => {
    const { stored, raw, run } = aGround([...bad, ...good], failure);
    await run(limitMs);
    expect(stored).toEqual(good);
    expect(raw.filter(({ name }) => !name.startsWith(BAD))).toEqual([]);
  });

  it.for(failures)("are put away raw after minutes, and not before: %s", async ([, failure], { expect }) => {
    const ground = aGround([...bad, "good"], failure);
    for (let minute = 0; minute < 60; minute += 1) {
      // Others write on.
      ground.spool(`good of minute ${minute}`);
      await ground.run(MINUTE_MS);
    }
    expect(ground.raw.map(({ name }) => name).toSorted()).toEqual(bad.toSorted());
    expect(Math.min(...ground.raw.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect(ground.left()).toEqual([]);
    expect(ground.stored).toHaveLength(61);
  });

  it("wait as long as nothing else shows whether it is they or Postgres", async ({ expect }) => {
    const ground = aGround(bad, anErrorOf("XX000"));
    await ground.run(60 * MINUTE_MS);
    expect([ground.raw, ground.left()]).toEqual([[], bad]);
  });
});

describe("a Postgres that is away and says so", () => {
  it.for(["XX000", "57014", "57P03"])(
    "is not asked all the time, and gets all events in order: %s",
    async (code, { expect }) => {
      const ground = aGround(good, anErrorOf(code));
      ground.world.isAway = true;
      await ground.run(10 * MINUTE_MS);
      expect(ground.world.calls).toBeLessThan(10 * 60 * 5);
      ground.world.isAway = false;
      await ground.run(MINUTE_MS);
      expect([ground.stored, ground.raw]).toEqual([good, []]);
    },
  );
});
