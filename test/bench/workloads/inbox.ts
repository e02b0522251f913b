import type { Page } from "playwright-core";
import { firstLoadBytes } from "../../checks/first-load.ts";
import { delaysOfMarks, watchMarks } from "../inbox/arrivals.ts";
import { seedList, seedThread } from "../inbox/seed.ts";
import { type InboxSystem, startInboxSystem } from "../inbox/system.ts";
import { atMost, figureOf, median, percentilesOf } from "../statistics.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";

const MESSAGES = 50_000;
const CHATS = 10_000;
const SCROLLS = 200;
const SCROLL_PX = 2_500;
/** No task of the page's main thread may take longer, nor hold back a key press for longer. */
const TASK_LIMIT_MS = 100;
const MARKS = 100;
const ROUNDS = { quick: 2, full: 5 };
/** A day of eight hours has 28,800 messages at one a second. */
const TRAFFIC = { quick: 4_000, full: 10_000 };
const TRAFFIC_AT_ONCE = 8;
const HEAP_EVERY = 250;
const BUSY = "79990000001";
const LONG = "79990000002";

type Scrolled = { tasksMs: number[]; rows: number };

export const inbox: Workload = {
  name: "inbox",
  about: `The agents' page in Chromium: a chat of ${MESSAGES} messages, a list of ${CHATS} chats, and ten messages a second in an open chat. Tasks are milliseconds of CPU of the page's main thread.`,
  async run(options) {
    const system = await startInboxSystem();
    try {
      return await measure(system, options);
    } finally {
      await system.close();
    }
  },
};

async function measure(system: InboxSystem, { quick, log }: WorkloadOptions): Promise<Figure[]> {
  await system.say(BUSY, "first");
  await system.say(LONG, "first");
  await seedThread(system, await system.chatOf(LONG), MESSAGES);
  await seedList(system, CHATS);
  await system.sql("analyze");
  const kilobytes = (await firstLoadBytes(system.pageDir, "inbox/inbox-page.tsx")) / 1_000;
  log("  scrolling a thread");
  const thread = await scrollThread(system);
  log("  scrolling the list");
  const list = await scrollList(system);
  log("  waiting for messages");
  const page = await system.open(`/inbox/${await system.chatOf(BUSY)}`);
  await page.locator("[data-message]").last().waitFor();
  const arrivals = await showMarks(system, page, quick ? ROUNDS.quick : ROUNDS.full);
  log("  a long day");
  const day = await spendDay(system, page, quick ? TRAFFIC.quick : TRAFFIC.full);
  return [
    figureOf([kilobytes], {
      id: "inbox-first-load",
      label: "scripts of the first load, gzip",
      unit: "KB",
      target: atMost(220),
    }),
    ...(["p50", "p95"] as const).map((percent) =>
      figureOf(
        arrivals.map((round) => round[percent]),
        {
          id: `inbox-webhook-to-pixels-${percent}`,
          label: `webhook → pixels, ${percent}`,
          unit: "ms",
          ...(percent === "p95" && { target: atMost(300) }),
        },
      ),
    ),
    taskFigure(
      "inbox-thread-task",
      "longest task while a thread scrolls",
      thread.tasksMs,
      `up by ${thread.rows} messages`,
    ),
    taskFigure(
      "inbox-list-task",
      "longest task while the list scrolls",
      list.tasksMs,
      `down by ${list.rows} chats`,
    ),
    taskFigure(
      "inbox-day-task",
      "longest task while messages come",
      day.tasksMs,
      `the last ${HEAP_EVERY} of the day`,
    ),
    heapFigure(day.heapsMb),
  ];
}

function taskFigure(id: string, label: string, tasksMs: number[], note: string): Figure {
  const over = tasksMs.filter((ms) => ms > TASK_LIMIT_MS).length;
  return figureOf([Math.max(...tasksMs)], {
    ...{ id, label, unit: "ms", target: atMost(TASK_LIMIT_MS) },
    note: `${note}: ${over} of ${tasksMs.length} tasks over ${TASK_LIMIT_MS} ms`,
    raw: tasksMs.filter((ms) => ms > TASK_LIMIT_MS / 2),
  });
}

/** The page keeps a thousand messages of an open chat: until it has them, the heap must grow. */
function heapFigure(heapsMb: number[]): Figure {
  const third = Math.floor(heapsMb.length / 3);
  const [middle, last] = [heapsMb.slice(third, 2 * third), heapsMb.slice(-third)];
  return figureOf([median(last) / median(middle)], {
    id: "inbox-heap-growth",
    label: `heap over ${heapsMb.length * HEAP_EVERY} messages in the open chat, last third ÷ middle third`,
    unit: "×",
    target: atMost(1.05),
    note: `${median(last).toFixed(1)} MB in the last third`,
    raw: heapsMb,
  });
}

async function scrollThread(system: InboxSystem): Promise<Scrolled> {
  const page = await system.open(`/inbox/${await system.chatOf(LONG)}`);
  const messages = page.locator("[data-message]");
  await messages.filter({ hasText: `message ${MESSAGES};` }).waitFor();
  const tasksMs = await system.tasksOf(page, () => scroll(page, messages.last(), -SCROLL_PX));
  const highest = /message (\d+);/.exec((await messages.first().textContent()) ?? "")?.[1];
  await page.context().close();
  return { tasksMs, rows: MESSAGES - Number(highest) };
}

async function scrollList(system: InboxSystem): Promise<Scrolled> {
  const page = await system.open("/inbox");
  const rows = page.getByRole("list", { name: "Chats" }).getByRole("listitem");
  await rows.filter({ hasText: "Customer 1;" }).waitFor();
  const tasksMs = await system.tasksOf(page, () => scroll(page, rows.first(), SCROLL_PX));
  const deepest = Number(await rows.last().getAttribute("aria-posinset"));
  await page.context().close();
  return { tasksMs, rows: deepest };
}

async function scroll(page: Page, over: ReturnType<Page["locator"]>, px: number): Promise<void> {
  await over.hover();
  for (let i = 0; i < SCROLLS; i++) {
    await page.mouse.wheel(0, px);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

async function showMarks(system: InboxSystem, page: Page, rounds: number) {
  await watchMarks(page);
  const measured: ReturnType<typeof percentilesOf>[] = [];
  // The first one warms up.
  for (let round = 0; round <= rounds; round++)
    measured.push(percentilesOf(await delaysOfMarks(system, page, BUSY, round * MARKS, MARKS)));
  return measured.slice(1);
}

/** A day of traffic, as fast as it goes: the heap after each part of it, and the tasks of the last part. */
async function spendDay(system: InboxSystem, page: Page, messages: number) {
  const heapsMb: number[] = [];
  const spendPart = async (from: number) => {
    for (let sent = from; sent < from + HEAP_EVERY; sent += TRAFFIC_AT_ONCE)
      await Promise.all(
        Array.from({ length: TRAFFIC_AT_ONCE }, (_, n) => system.say(BUSY, `traffic ${sent + n};`)),
      );
    await page
      .locator("[data-message]")
      .filter({ hasText: /traffic/ })
      .last()
      .waitFor();
  };
  let tasksMs: number[] = [];
  for (let from = 0; from < messages; from += HEAP_EVERY) {
    const isLast = from + HEAP_EVERY >= messages;
    if (isLast) tasksMs = await system.tasksOf(page, () => spendPart(from));
    else await spendPart(from);
    heapsMb.push(await heapMbOf(page));
  }
  return { heapsMb, tasksMs };
}

/** After the garbage is collected. */
async function heapMbOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1_000_000;
}
