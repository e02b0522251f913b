import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";
import { spoolStates } from "../../src/intake/shards.ts";
import { submitEvents } from "../../src/intake/submit.ts";
import { anEvent } from "./events.ts";

/** Shards that report this rate, and record which of them took events. */
function shardsUnder(callsPerSecond: number, useShards = async (_count: number) => undefined) {
  const took = new Set<string>();
  const getByName = (name: string) => ({
    useShards,
    take: async () => {
      took.add(name);
      return callsPerSecond;
    },
  });
  return { took, env: Object.assign({}, env, { INTAKE: { getByName } }) as unknown as Env };
}

const customers = Array.from({ length: 100 }, (_, n) => anEvent("Hello", "1", `7916000${1000 + n}`));

describe("a Worker", () => {
  it("uses more shards when one is busy, once the first shard has registered them", async ({ expect }) => {
    const atRest = shardsUnder(10);
    await submitEvents(atRest.env, customers);
    expect(atRest.took.size).toBe(4);

    await submitEvents(shardsUnder(800).env, customers);
    const unknown = shardsUnder(10, () => Promise.reject(new Error("the first shard is away")));
    await submitEvents(unknown.env, customers);
    expect(unknown.took.size).toBe(4);

    const counts: number[] = [];
    const grown = shardsUnder(10, async (count) => void counts.push(count));
    await submitEvents(grown.env, customers);
    await submitEvents(grown.env, customers);
    expect(grown.took.size).toBe(8);
    expect(counts).toEqual([8]);

    vi.useFakeTimers({ now: Date.now() + 70_000, toFake: ["Date"] });
    await submitEvents(grown.env, customers);
    vi.useRealTimers();
    const quiet = shardsUnder(10);
    await submitEvents(quiet.env, customers);
    expect(quiet.took.size).toBe(4);
  });

  it("reads the spool state of every shard that was ever used", async ({ expect }) => {
    expect((await spoolStates(env)).map(({ shard }) => shard)).toEqual([0, 1, 2, 3]);
    await env.INTAKE.getByName("shard-0").useShards(6);
    await env.INTAKE.getByName("shard-0").useShards(5);
    expect((await spoolStates(env)).map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
