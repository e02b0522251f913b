import { once } from "node:events";
import { createServer } from "node:http";
import { describe, it, onTestFinished, vi } from "vitest";
import { isDue, startCron } from "../../src/local/cron.ts";

/** A Sunday. */
const at = (time: string) => new Date(`2026-11-22T${time}:00Z`);

describe("a schedule", () => {
  it.for([
    ["* * * * *", "00:00", true],
    ["*/5 * * * *", "10:15", true],
    ["*/5 * * * *", "10:16", false],
    ["5/15 * * * *", "10:20", true],
    ["5/15 * * * *", "10:15", false],
    ["0 3 * * *", "03:00", true],
    ["0 3 * * *", "03:01", false],
    ["0,30 8-10 * * *", "10:30", true],
    ["0,30 8-10 * * *", "11:30", false],
    ["0 0 22 11 *", "00:00", true],
    ["0 0 21 11 *", "00:00", false],
    ["0 0 * * 1", "00:00", true],
    ["0 0 * * SUN", "00:00", true],
    ["0 0 * nov mon-fri", "00:00", false],
    ["0 0 * *", "00:00", false],
    ["x * * * *", "00:00", false],
  ] as const)("%s at %s on a Sunday in November: %s", ([expression, time, due], { expect }) => {
    expect(isDue(expression, at(time))).toBe(due);
  });
});

describe("the schedule trigger", () => {
  it("triggers the due schedules at each full minute with their expression, and stops on request", async ({
    expect,
  }) => {
    const fired: string[] = [];
    const worker = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://worker");
      fired.push(`${pathname} ${searchParams.get("cron")}`);
      response.end();
    }).listen(0, "127.0.0.1");
    await once(worker, "listening");
    onTestFinished(() => void worker.close());
    const address = worker.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: at("09:58") });
    onTestFinished(() => void vi.useRealTimers());

    const stop = startCron(url, ["* * * * *", "0 10 * * *"], () => undefined);
    const answered = (count: number) =>
      new Promise<void>((resolve) => {
        worker.on("request", () => fired.length === count && resolve());
      });
    const [first, both] = [answered(1), answered(3)];
    vi.advanceTimersByTime(60_000);
    await first;
    expect(fired).toEqual(["/cdn-cgi/local/scheduled * * * * *"]);
    vi.advanceTimersByTime(60_000);
    await both;
    expect(fired.slice(1).sort()).toEqual([
      "/cdn-cgi/local/scheduled * * * * *",
      "/cdn-cgi/local/scheduled 0 10 * * *",
    ]);
    const timers = vi.getTimerCount();
    stop();
    expect(vi.getTimerCount()).toBe(timers - 1);
  });
});
