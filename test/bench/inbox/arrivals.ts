import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { InboxSystem } from "./system.ts";

const EVERY_MS = 100;
const ARRIVAL_LIMIT_MS = 60_000;
/** On a busy machine several come in one frame. */
const SHOWN_AT_ONCE = 30;

type Watching = typeof globalThis & { shownAtMs: Record<string, number> };

/** Has the page write down when each text "mark n;" was painted. */
export async function watchMarks(page: Page): Promise<void> {
  await page.evaluate((atOnce) => {
    const shownAtMs: Record<string, number> = {};
    Object.assign(globalThis, { shownAtMs });
    new MutationObserver(() => {
      const newest = [...document.querySelectorAll("[data-message]")].slice(-atOnce);
      const marks = newest.flatMap(({ textContent }) => textContent?.match(/mark \d+;/g) ?? []);
      // After the frame that has it is painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          for (const mark of marks) shownAtMs[mark] ??= Date.now();
        };
        port2.postMessage(null);
      });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, SHOWN_AT_ONCE);
}

/** A customer writes the marks from `first` on, ten a second. Returns how long each took from the simulator's request to the paint. */
export async function delaysOfMarks(
  { say }: InboxSystem,
  page: Page,
  phone: string,
  first: number,
  count: number,
): Promise<number[]> {
  const marks = Array.from({ length: count }, (_, n) => `mark ${first + n};`);
  const writtenAtMs: number[] = [];
  const written: Promise<void>[] = [];
  for (const mark of marks) {
    writtenAtMs.push(Date.now());
    written.push(say(phone, mark));
    await sleep(EVERY_MS);
  }
  await Promise.all(written);
  const shownAtMs = await allShown(page, marks);
  return marks.map((mark, n) => (shownAtMs[mark] ?? Number.NaN) - (writtenAtMs[n] ?? 0));
}

/** Throws unless all are shown in time. */
async function allShown(page: Page, marks: string[]): Promise<Record<string, number>> {
  for (let waitedMs = 0; ; waitedMs += EVERY_MS) {
    const shownAtMs = await page.evaluate(() => (globalThis as Watching).shownAtMs);
    const missing = marks.filter((mark) => !(mark in shownAtMs));
    if (missing.length === 0) return shownAtMs;
    if (waitedMs > ARRIVAL_LIMIT_MS) throw new Error(`The page does not show ${missing.join(", ")}`);
    await sleep(EVERY_MS);
  }
}
