import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { neonConfig } from "@neondatabase/serverless";
import { describe, it, onTestFinished, vi } from "vitest";
import { runSchedule } from "../src/schedule.ts";
import { as } from "./support/as.ts";
import { aChat } from "./support/build.ts";
import { abortOf } from "./support/gate.ts";

const CRON_LIMIT_MS = 30_000;
const REQUEST_LIMIT_MS = 10_000;
const first = env.INTAKE.getByName("shard-0");

/** Calls that are answered without rows, or never: the rows of other files are left alone. */
function aDatabase(answers: "nothing" | "never") {
  hour += 2;
  const calls: { limitMs: number | undefined; isGivenUp: boolean }[] = [];
  const limits = new WeakMap<AbortSignal, number>();
  const { timeout } = AbortSignal;
  // The clock of these limits runs a thousand times as fast.
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const signal = timeout(ms / 1_000);
    limits.set(signal, ms);
    return signal;
  });
  neonConfig.fetchFunction = async (_address: string, { signal, body }: RequestInit) => {
    const call = { limitMs: signal ? limits.get(signal) : undefined, isGivenUp: false };
    calls.push(call);
    const none = { fields: [], rows: [], command: "SELECT", rowCount: 0 };
    const { queries } = JSON.parse(String(body));
    if (answers === "nothing") return Response.json(queries ? { results: queries.map(() => none) } : none);
    return await abortOf(signal).finally(() => {
      call.isGivenUp = true;
    });
  };
  onTestFinished(() => {
    vi.restoreAllMocks();
    neonConfig.fetchFunction = undefined;
  });
  return calls;
}

/** An hour in which nobody has polled. */
let hour = 0;
const run = (minute: number) => runSchedule(env, new Date(Date.UTC(2027, 0, 1, hour, minute)));
/** Of the graph versions, and of the clean-up. */
const MINUTES = [0, 11];

describe("a run of the schedule", () => {
  it("gives Postgres 30 seconds for each call, and a request 10", async ({ expect }) => {
    const anna = await as(await aChat());
    const calls = aDatabase("nothing");
    for (const minute of MINUTES) await run(minute);
    const scheduled = calls.splice(0);
    expect(scheduled.length).toBeGreaterThan(20);
    expect(new Set(scheduled.map(({ limitMs }) => limitMs))).toEqual(new Set([CRON_LIMIT_MS]));
    await anna.get("/chats");
    expect(new Set(calls.map(({ limitMs }) => limitMs))).toEqual(new Set([REQUEST_LIMIT_MS]));
  });

  it("ends when Postgres never answers", async ({ expect }) => {
    const calls = aDatabase("never");
    for (const minute of MINUTES) await run(minute);
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.filter(({ isGivenUp }) => !isGivenUp)).toEqual([]);
  });

  it("asks Postgres when the first shard cannot read what it noted, and no more once it can", async ({
    expect,
  }) => {
    const calls = aDatabase("nothing");
    const pollsOf = (change?: unknown) =>
      runInDurableObject(first, (_, { storage: { kv } }) =>
        change === undefined ? kv.get("polls") : kv.put("polls", change),
      );
    const callsOf = async (minute: number) => {
      calls.length = 0;
      await run(minute);
      return calls.length;
    };
    expect(await callsOf(20)).toBeGreaterThan(0);
    expect(await callsOf(21)).toBe(0);
    const noted = await pollsOf();
    await pollsOf("of another version");
    for (const minute of [22, 23]) expect(await callsOf(minute)).toBeGreaterThan(0);
    await pollsOf(noted);
    expect(await callsOf(24)).toBe(0);
  });

  it("asks Postgres, and ends, when no shard answers", async ({ expect }) => {
    const calls = aDatabase("nothing");
    const silence = () => new Promise<never>(() => undefined);
    const shard = { pollNeed: silence, addPoll: silence, shardsEverUsed: silence };
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const ending = runSchedule(
      { ...env, INTAKE: { getByName: () => shard } as never },
      new Date(Date.UTC(2027, 0, 1, hour, 30)),
    );
    let isOver = false;
    void ending.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await scheduler.wait(1);
      vi.advanceTimersByTime(2_000);
    }
    expect(calls.length).toBeGreaterThan(10);
  });
});
