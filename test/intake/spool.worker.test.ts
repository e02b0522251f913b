import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { Spool } from "../../src/intake/spool.ts";
import { anEvent } from "./events.ts";

const none = new Set<number>();

function fail(why: string): never {
  throw new Error(why);
}

/** Runs in a separate object with its own storage. */
async function inObject<Result>(
  name: string,
  use: (storage: DurableObjectStorage) => Result,
): Promise<Result> {
  return await runInDurableObject(env.INTAKE.getByName(name), (_, state) => use(state.storage));
}

describe("the spool", () => {
  it("returns its events, oldest first", async ({ expect }) => {
    const events = [anEvent("first"), anEvent("второй 🎉")];
    const spooled = await inObject("spool-order", (storage) => {
      const spool = new Spool(storage);
      spool.add(events, 1);
      return spool.oldest(10, 2, none);
    });
    expect(spooled).toEqual([
      { id: 1, tries: 0, spooledAtMs: 1, dueAtMs: 0, event: events[0] },
      { id: 2, tries: 0, spooledAtMs: 1, dueAtMs: 0, event: events[1] },
    ]);
  });

  it("stores an event larger than a row, without splitting a character", async ({ expect }) => {
    const large = anEvent("🎉".repeat(1_000_001));
    const [spooled, ...others] = await inObject("spool-large", (storage) => {
      const spool = new Spool(storage);
      // One character more in front, so that the split would fall inside the next.
      spool.add([large, { ...large, kind: "message" } as typeof large], 1);
      return spool.oldest(10, 2, none);
    });
    expect(spooled?.event).toEqual(large);
    // Two are more than a call to Postgres may have.
    expect(others).toEqual([]);
  });

  it("drops removed events, and withholds those in flight or not due", async ({ expect }) => {
    const [shown, state] = await inObject("spool-due", (storage) => {
      const spool = new Spool(storage);
      spool.add([anEvent("a"), anEvent("b"), anEvent("c"), anEvent("d")], 7);
      spool.remove([7]);
      spool.defer([8], 100);
      return [spool.oldest(10, 99, new Set([9])).map(({ id }) => id), spool.state()] as const;
    });
    expect(shown).toEqual([10]);
    expect(state).toMatchObject({ depth: 3, oldestAtMs: 7 });
  });

  it("knows how many events it has, and when the next is due, without reading them", async ({ expect }) => {
    const seen = await inObject("spool-counts", (storage) => {
      const spool = new Spool(storage);
      const look = () => [
        spool.state().depth,
        spool.state().oldestAtMs,
        spool.nextDueAtMs(),
        spool.isEmpty(),
      ];
      const looks = [look()];
      spool.add([anEvent("a"), anEvent("b"), anEvent("🎉".repeat(1_000_001))], 5);
      spool.add([anEvent("d")], 9);
      looks.push(look());
      spool.remove([5, 5, 99]);
      spool.defer([6, 7, 99], 70);
      looks.push(look());
      spool.defer([9], 60);
      looks.push(look());
      spool.remove([6, 7]);
      looks.push(look());
      // An object that wakes reads the same from its storage.
      const fresh = structuredClone(storage.sql.exec('SELECT id, "dueAtMs" FROM spool').toArray());
      spool.remove([9]);
      looks.push(look());
      return { looks, fresh };
    });
    expect(seen.looks).toEqual([
      [0, null, null, true],
      [4, 5, 0, false],
      [3, 5, 0, false],
      [3, 5, 60, false],
      [1, 9, 60, false],
      [0, null, null, true],
    ]);
    expect(seen.fresh).toEqual([{ id: 9, dueAtMs: 60 }]);
  });

  it("never reuses an id, because a concurrent drain may still remove it", async ({ expect }) => {
    const left = await inObject("spool-ids", (storage) => {
      const spool = new Spool(storage);
      const first = spool.add([anEvent("a")], 1) ?? [];
      spool.remove(first);
      spool.add([anEvent("b")], 1);
      // An alarm that fires twice drains the same, and one of the two is later.
      spool.remove(first);
      return spool.oldest(10, 2, none).map(({ event }) => "body" in event && event.body);
    });
    expect(left).toEqual(["b"]);
  });

  it("I5: stores all events or none, because half an event is unreadable", async ({ expect }) => {
    const [taken, isEmpty] = await inObject("spool-torn", (storage) => {
      const spool = new Spool(storage);
      const full = { toJSON: () => fail("SQLITE_FULL") };
      return [spool.add([anEvent("a"), { ...anEvent("b"), ...full }], 1), spool.isEmpty()] as const;
    });
    expect([taken, isEmpty]).toEqual([null, true]);
  });

  it("I5: leaves imports at most half of the space", async ({ expect }) => {
    const taken = await inObject("spool-half", (storage) => {
      const limit = storage.sql.databaseSize * 2;
      return (["imports", "spool"] as const).map((table) =>
        new Spool(storage, table, limit).add([anEvent("old or new")], 1),
      );
    });
    expect(taken).toEqual([null, [1]]);
  });

  it("I5: refuses events beyond its limit, and accepts them again once drained", async ({ expect }) => {
    const [full, again] = await inObject("spool-full", (storage) => {
      const limit = storage.sql.databaseSize + 200_000;
      const spool = new Spool(storage, "spool", limit);
      const text = "x".repeat(50_000);
      let last: number[] | null = [];
      const taken: number[] = [];
      for (let i = 0; i < 100 && last !== null; i += 1) {
        last = spool.add([anEvent(text)], 1);
        taken.push(...(last ?? []));
      }
      spool.remove(taken);
      return [last, spool.add([anEvent("again")], 1)] as const;
    });
    expect(full).toBeNull();
    expect(again).toHaveLength(1);
  });
});
