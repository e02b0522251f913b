import { describe, it } from "vitest";
import { LargeBodies } from "../../src/http/large-bodies.ts";

const [SMALL, LARGE] = [60_000, 130_000];

describe("large bodies that are being stored", () => {
  it("are as many as memory allows: the next ones are to be delivered again, small ones never", async ({
    expect,
  }) => {
    const bodies = new LargeBodies(3 * LARGE - 1);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const storing = [
      bodies.whileHeld(LARGE, () => first.promise),
      bodies.whileHeld(LARGE, () => second.promise),
    ];
    let stored = 0;
    const store = async () => {
      stored += 1;
    };
    await expect(bodies.whileHeld(LARGE, store)).rejects.toMatchObject({ code: "not_durable", status: 503 });
    expect(stored).toBe(0);
    await bodies.whileHeld(SMALL, store);
    expect(stored).toBe(1);

    // What fails makes room as well.
    first.reject(new Error("not stored"));
    await expect(storing[0]).rejects.toThrow("not stored");
    await bodies.whileHeld(LARGE, store);
    expect(stored).toBe(2);
    second.resolve();
    await storing[1];
  });

  it("are one at least, whatever its size", async ({ expect }) => {
    const bodies = new LargeBodies(LARGE);
    let stored = false;
    await bodies.whileHeld(2 * LARGE, async () => {
      stored = true;
    });
    expect(stored).toBe(true);
  });
});
