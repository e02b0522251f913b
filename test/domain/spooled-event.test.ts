import { describe, it } from "vitest";
import { type SpoolPlace, spooledIdOf, spoolPlaceOf } from "../../src/domain/spooled-event.ts";

/** Rows grow with the time. */
const IN_2070_MS = Date.UTC(2070, 0, 1);

describe("the id of a spooled event", () => {
  it.for<[SpoolPlace]>([
    [{ generation: 0, shard: 0, spool: "spool", row: 1 }],
    [{ generation: 0, shard: 63, spool: "imports", row: 1 }],
    [{ generation: 15, shard: 0, spool: "spool", row: 1 }],
    [{ generation: 15, shard: 63, spool: "imports", row: IN_2070_MS }],
  ])("is one number for %j", ([place], { expect }) => {
    const id = spooledIdOf(place);
    expect(Number.isSafeInteger(id)).toBe(true);
    expect(spoolPlaceOf(id)).toEqual(place);
  });

  it("is another one for each place", ({ expect }) => {
    const ids = [0, 1].flatMap((generation) =>
      [0, 1].flatMap((shard) =>
        (["spool", "imports"] as const).flatMap((spool) =>
          [0, 1].map((row) => spooledIdOf({ generation, shard, spool, row })),
        ),
      ),
    );
    expect(new Set(ids).size).toBe(16);
  });
});
