import { describe, it } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { CircuitBreaker } from "../../src/intake/circuit-breaker.ts";
import { DurableCommit } from "../../src/intake/durable-commit.ts";
import type { BatchResult } from "../../src/intake/ingest-batch.ts";
import { anEvent } from "./events.ts";

const away = new Error("Postgres is unavailable");

/** A durable commit without a database: the test decides when Postgres answers and when the hedge timeout fires. */
function aGround({ room = true } = {}) {
  const spooled = new Map<number, InboundEvent>();
  const calls: { answer: (stored: BatchResult) => void }[] = [];
  const timers: (() => void)[] = [];
  const pending: InboundEvent[] = [];
  const inFlight = new Set<number>();
  const breaker = new CircuitBreaker();
  const now = { ms: 0 };
  /** The ids in the spool at each publish. */
  const spooledAtPublish: number[][] = [];
  const commit = new DurableCommit({
    store: () => new Promise((answer) => calls.push({ answer })),
    publish: async () => {
      spooledAtPublish.push([...spooled.keys()]);
    },
    publishPending: (events) => pending.push(...events),
    spool: {
      isEmpty: () => spooled.size === 0,
      add: (events) => {
        if (!room) return null;
        const ids = events.map((_, i) => spooled.size + i + 1);
        for (const [i, id] of ids.entries()) spooled.set(id, events[i] as InboundEvent);
        return ids;
      },
      remove: (ids) => {
        for (const id of ids) spooled.delete(id);
      },
    },
    breaker,
    inFlight,
    scheduleDrain: () => undefined,
    withTimeout: (_ms, promise) => {
      const limit = new Promise<null>((resolve) => timers.push(() => resolve(null)));
      return Promise.race([promise, limit]);
    },
    nowMs: () => now.ms,
  });
  return { commit, spooled, calls, timers, pending, inFlight, breaker, now, spooledAtPublish };
}

function stored(errors: (Error | null)[], isUnavailable = false): BatchResult {
  return { committed: nothingCommitted, errors, isUnavailable, unknownPhones: 0 };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe("a durable commit", () => {
  it("does not spool when Postgres answers in time", async ({ expect }) => {
    const ground = aGround();
    const done = ground.commit.commit([anEvent("a"), anEvent("b")]);
    ground.calls[0]?.answer(stored([null, null]));
    expect(await done).toEqual([null, null]);
    expect(ground.spooled.size).toBe(0);
    expect(ground.spooledAtPublish).toHaveLength(1);
  });

  it("spools what Postgres fails to store, and reports success", async ({ expect }) => {
    const ground = aGround();
    const [a, b] = [anEvent("a"), anEvent("b")];
    const done = ground.commit.commit([a, b]);
    ground.calls[0]?.answer(stored([null, away]));
    expect(await done).toEqual([null, null]);
    expect([...ground.spooled.values()]).toEqual([{ ...b, spooledAt: new Date(0).toISOString() }]);
    expect(ground.pending).toEqual([b]);
  });

  it("spools when Postgres is slow, and removes from the spool what was stored late", async ({ expect }) => {
    const ground = aGround();
    const done = ground.commit.commit([anEvent("a"), anEvent("b")]);
    ground.timers[0]?.();
    expect(await done).toEqual([null, null]);
    expect(ground.spooled.size).toBe(2);
    expect([...ground.inFlight]).toEqual([1, 2]);

    ground.calls[0]?.answer(stored([null, away]));
    await turn();
    expect([...ground.spooled.keys()]).toEqual([2]);
    expect(ground.inFlight.size).toBe(0);
    // Published before removal: after a crash in between, the drain stores and publishes again.
    expect(ground.spooledAtPublish).toEqual([[1, 2]]);
  });

  it("has an error only when neither Postgres nor the spool stored the event", async ({ expect }) => {
    const ground = aGround({ room: false });
    const done = ground.commit.commit([anEvent("a"), anEvent("b")]);
    ground.calls[0]?.answer(stored([null, away]));
    expect(await done).toEqual([null, away]);
    // An event that is not durable is not shown to sockets.
    expect(ground.pending).toEqual([]);
  });

  it("waits for a slow Postgres when the spool is full", async ({ expect }) => {
    const ground = aGround({ room: false });
    const done = ground.commit.commit([anEvent("a")]);
    ground.timers[0]?.();
    await turn();
    ground.calls[0]?.answer(stored([null]));
    expect(await done).toEqual([null]);
    expect(ground.spooledAtPublish).toHaveLength(1);

    const lost = ground.commit.commit([anEvent("b"), anEvent("c")]);
    ground.timers[1]?.();
    await turn();
    ground.calls[1]?.answer(stored([null, away]));
    expect(await lost).toEqual([null, away]);
  });

  it("I5: reports an error when the spool is full and the circuit breaker is open", async ({ expect }) => {
    const ground = aGround({ room: false });
    for (let i = 0; i < 3; i += 1) ground.breaker.recordFailure(0);
    expect(await ground.commit.commit([anEvent("a")])).toEqual([expect.any(Error)]);
    expect(ground.calls).toHaveLength(0);
  });

  it("I17: has at most two calls to Postgres in flight, and spools the rest", async ({ expect }) => {
    const ground = aGround();
    for (const hung of ["a", "b"]) {
      const done = ground.commit.commit([anEvent(hung)]);
      ground.timers.at(-1)?.();
      expect(await done).toEqual([null]);
    }
    expect(await ground.commit.commit([anEvent("c")])).toEqual([null]);
    expect(ground.calls).toHaveLength(2);
    expect(ground.spooled.size).toBe(3);
  });

  it("D1: stops calling a Postgres that keeps failing", async ({ expect }) => {
    const ground = aGround();
    for (let i = 0; i < 3; i += 1) {
      const done = ground.commit.commit([anEvent(String(i))]);
      ground.calls.at(-1)?.answer(stored([away], true));
      await done;
    }
    expect(await ground.commit.commit([anEvent("straight to the spool")])).toEqual([null]);
    expect(ground.calls).toHaveLength(3);
    expect(ground.spooled.size).toBe(4);
  });

  it("stops calling a stalled Postgres at the first timeout", async ({ expect }) => {
    const ground = aGround();
    for (const hung of ["a", "b"]) await slow(ground, hung);
    ground.now.ms = 10_000;
    ground.calls[0]?.answer(stored([away], true));
    await turn();
    expect(ground.breaker.isOpen).toBe(true);
    expect(await ground.commit.commit([anEvent("c")])).toEqual([null]);
    expect(ground.calls).toHaveLength(2);
  });

  it("keeps calling a Postgres that is slow but answers", async ({ expect }) => {
    const ground = aGround();
    for (let second = 0; second < 10; second += 1) {
      for (const late of ["a", "b"]) await slow(ground, late);
      for (const call of ground.calls.slice(-2)) call.answer(stored([null]));
      await turn();
      expect(ground.breaker.isOpen).toBe(false);
    }
    expect(ground.calls).toHaveLength(20);
  });

  it("leaves the probe to the drain while events are spooled, and probes itself when none are", async ({
    expect,
  }) => {
    const ground = aGround();
    for (let i = 0; i < 3; i += 1) ground.breaker.recordFailure(0);
    await ground.commit.commit([anEvent("first")]);
    ground.now.ms = 60_000;
    await ground.commit.commit([anEvent("behind it")]);
    expect(ground.calls).toHaveLength(0);
    expect(ground.spooled.size).toBe(2);

    ground.spooled.clear();
    const done = ground.commit.commit([anEvent("alone")]);
    ground.calls[0]?.answer(stored([null]));
    expect(await done).toEqual([null]);
    expect(ground.breaker.isOpen).toBe(false);
  });
});

/** A commit that outlasts its hedge and stays in flight. */
async function slow({ commit, timers }: ReturnType<typeof aGround>, body: string): Promise<void> {
  const done = commit.commit([anEvent(body)]);
  timers.at(-1)?.();
  await done;
}
