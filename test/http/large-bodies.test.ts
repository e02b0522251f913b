import { describe, it } from "vitest";
import { LargeBodies } from "../../src/http/large-bodies.ts";

const KB = 1024;
const [SMALL, LARGE, HUGE] = [16 * KB, 100 * KB, 3_000 * KB];

/** Room for two, and for one that waits. Each wait takes as long as it says, by the test's clock. */
function someBodies() {
  let nowMs = 0;
  let stored = 0;
  const waits: (() => void)[] = [];
  const wait = async (ms: number) => {
    await new Promise<void>((resolve) => waits.push(resolve));
    nowMs += ms;
  };
  const bodies = new LargeBodies(
    { storingBytes: 256 * KB, waitingBytes: 150 * KB, deadlineMs: 50, holdMs: 1_000 },
    { wait, nowMs: () => nowMs },
  );
  const store = async () => {
    stored += 1;
  };
  const tick = async () => {
    waits.shift()?.();
    // A turn of the event loop, after all promises that are settled by now.
    await new Promise((resolve) => setTimeout(resolve));
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { bodies, store, tick, pass, stored: () => stored };
}

const refused = { code: "not_durable", status: 503 };

describe("large bodies that are being stored", () => {
  it("are as many as memory allows: one more waits until there is room, and a small one never", async ({
    expect,
  }) => {
    const { bodies, store, tick, stored } = someBodies();
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const failing = bodies.whileHeld(HUGE, () => first.promise);
    const storing = bodies.whileHeld(LARGE, () => second.promise);
    const waiting = bodies.whileHeld(LARGE, store);
    await tick();
    expect(stored()).toBe(0);
    await expect(bodies.whileHeld(LARGE, store)).rejects.toMatchObject(refused);
    await bodies.whileHeld(SMALL, store);
    expect(stored()).toBe(1);

    // What fails makes room as well.
    first.reject(new Error("not stored"));
    await expect(failing).rejects.toThrow("not stored");
    await tick();
    await waiting;
    expect(stored()).toBe(2);
    second.resolve();
    await storing;
  });

  it("are refused when they have waited for too long", async ({ expect }) => {
    const { bodies, store, tick, stored } = someBodies();
    const first = Promise.withResolvers<void>();
    const storing = [LARGE, LARGE].map((bytes) => bodies.whileHeld(bytes, () => first.promise));
    const outcome = bodies.whileHeld(LARGE, store).catch((error) => error);
    for (let i = 0; i < 3; i += 1) await tick();
    expect(await outcome).toMatchObject(refused);
    expect(stored()).toBe(0);
    first.resolve();
    await Promise.all(storing);
    await bodies.whileHeld(LARGE, store);
    expect(stored()).toBe(1);
  });

  it("are forgotten after a time: a request whose sender has gone may end without a word", async ({
    expect,
  }) => {
    const { bodies, store, tick, pass, stored } = someBodies();
    for (const bytes of [LARGE, HUGE]) void bodies.whileHeld(bytes, () => new Promise(() => undefined));
    await tick();
    await expect(
      Promise.all([bodies.whileHeld(LARGE, store), bodies.whileHeld(LARGE, store), tick(), tick(), tick()]),
    ).rejects.toMatchObject(refused);
    pass(1_001);
    await bodies.whileHeld(LARGE, store);
    expect(stored()).toBe(1);
  });
});
