import type { Browser, Page } from "playwright-core";

/** Of Chromium's traces; `tdur` is the thread's time in microseconds. */
type TraceEvent = { name: string; pid: number; tid: number; tdur?: number; args?: { name?: string } };

/** Tasks and little else: with all that DevTools shows, a minute of scrolling is more than a string of V8 can hold. */
const CATEGORIES = ["toplevel"];
const TASK = "ThreadControllerImpl::RunTask";

/**
 * The tasks of the page's main thread while `work` runs, in milliseconds of its CPU: the clock would also count who else wants the
 * core. Throws when the browser's trace has none.
 */
export async function tasksOf(browser: Browser, page: Page, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const mainThreads = new Set(
    traceEvents.filter(({ args }) => args?.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(({ name, pid, tid }) => name === TASK && mainThreads.has(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error("The trace has no task of the page.");
  return tasks.map(({ tdur = 0 }) => tdur / 1_000);
}
