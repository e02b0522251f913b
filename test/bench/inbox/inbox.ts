import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { type InboxSystem, startInboxSystem } from "./system.ts";

// `node test/bench/inbox/inbox.ts` prints how the page copes with large chats, long lists and long days: see docs/scale.md.

const MESSAGES = 50_000;
const CHATS = 10_000;
/** No task of the page's main thread may take longer. */
const LONG_TASK_MS = 100;
const SCROLLS = 400;
const SCROLL_PX = 2_500;
const SHOWN = 200;
const SHOWN_EVERY_MS = 100;
const TRAFFIC = 3_000;
const TRAFFIC_AT_ONCE = 8;
const BUSY = "79990000001";
const LONG = "79990000002";

type Recorded = typeof globalThis & { shownAtMs: Record<string, number> };

const system = await startInboxSystem();
try {
  console.log("| measured | |\n| --- | --- |");
  await system.say(BUSY, "first");
  await system.say(LONG, "first");
  await seedThread(system, await chatOf(LONG));
  await seedList(system);
  await system.sql("analyze");
  await scrollThread();
  await scrollList();
  await showMessages();
} finally {
  await system.close();
}

async function scrollThread(): Promise<void> {
  const page = await system.open(`/inbox/${await chatOf(LONG)}`);
  await page.getByText(`message ${MESSAGES};`).waitFor();
  const tasksMs = await system.tasksOf(page, () => scroll(page, "[data-message]", -SCROLL_PX));
  const highest = (await page.locator("[data-message]").first().textContent()) ?? "";
  const place = MESSAGES - Number(/message (\d+);/.exec(highest)?.[1]);
  report(`thread of ${MESSAGES} messages, scrolled up by ${place} of them`, longestOf(tasksMs));
  await page.context().close();
}

async function scrollList(): Promise<void> {
  const page = await system.open("/inbox");
  await page.getByText("Customer 1;").waitFor();
  const tasksMs = await system.tasksOf(page, () => scroll(page, "ul[aria-label=Chats] li", SCROLL_PX));
  const deepest = await page
    .locator("ul[aria-label=Chats] li")
    .last()
    .evaluate((row) => Number(row.getAttribute("aria-posinset")));
  report(`list of ${CHATS} chats, scrolled down by ${deepest} of them`, longestOf(tasksMs));
  await page.context().close();
}

/** How long a webhook takes to the pixels, and what a day of traffic, shortened, leaves in the heap. */
async function showMessages(): Promise<void> {
  const page = await system.open(`/inbox/${await chatOf(BUSY)}`);
  await page.getByText("first").last().waitFor();
  await page.evaluate(() => {
    const shownAtMs: Record<string, number> = {};
    Object.assign(globalThis, { shownAtMs });
    new MutationObserver(() => {
      const text = [...document.querySelectorAll("[data-message]")].slice(-3).map((one) => one.textContent);
      const marks = text.join(" ").match(/mark \d+;/g) ?? [];
      // After the frame that has it is painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          for (const mark of marks) shownAtMs[mark] ??= Date.now();
        };
        port2.postMessage(null);
      });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const saidAtMs: Record<string, number> = {};
  for (let i = 0; i < SHOWN; i++) {
    saidAtMs[`mark ${i};`] = Date.now();
    void system.say(BUSY, `mark ${i};`);
    await sleep(SHOWN_EVERY_MS);
  }
  await page
    .getByText(`mark ${SHOWN - 1};`)
    .last()
    .waitFor();
  const shownAtMs = await page.evaluate(() => (globalThis as Recorded).shownAtMs);
  const delaysMs = Object.entries(shownAtMs)
    .map(([mark, at]) => at - (saidAtMs[mark] ?? at))
    .sort((a, b) => a - b);
  const at = (share: number) => delaysMs[Math.min(delaysMs.length - 1, Math.floor(share * delaysMs.length))];
  report("webhook to pixels, 10 a second", `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms of ${delaysMs.length}`);

  const heaps: string[] = [];
  const tasksMs = await system.tasksOf(page, async () => {
    for (let sent = 0; sent < TRAFFIC; sent += TRAFFIC_AT_ONCE) {
      await Promise.all(
        [...Array(TRAFFIC_AT_ONCE).keys()].map((i) => system.say(BUSY, `traffic ${sent + i};`)),
      );
      if ((sent + TRAFFIC_AT_ONCE) % 1_000 !== 0) continue;
      await page
        .getByText(`traffic ${sent + TRAFFIC_AT_ONCE - 1};`)
        .last()
        .waitFor();
      heaps.push(`${(await heapOf(page)).toFixed(1)} MB`);
    }
  });
  report(`heap after each 1000 of ${TRAFFIC} messages in the open chat`, heaps.join(", "));
  report("tasks of that traffic", longestOf(tasksMs));
}

async function scroll(page: Page, selector: string, px: number): Promise<void> {
  await page.locator(selector).first().hover();
  for (let i = 0; i < SCROLLS; i++) {
    await page.mouse.wheel(0, px);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

function longestOf(tasksMs: number[]): string {
  const longestMs = Math.max(0, ...tasksMs);
  const over = tasksMs.filter((ms) => ms > LONG_TASK_MS).length;
  return `longest of ${tasksMs.length} tasks ${longestMs.toFixed(0)} ms; over ${LONG_TASK_MS} ms: ${over}`;
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1_000_000;
}

async function chatOf(phone: string): Promise<number> {
  for (;;) {
    const [chat] = await system.sql(
      `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = $1`,
      [phone],
    );
    if (chat) return Number(chat.id);
  }
}

function report(what: string, value: string): void {
  console.log(`| ${what} | ${value} |`);
}

async function seedThread({ sql }: InboxSystem, chatId: number): Promise<void> {
  await sql(
    `insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
     select c."organizationPhoneId", c.id, 100 + n, 'wamid.seed' || n, n % 3 = 0, 'text',
       'message ' || n || '; ' || repeat('lorem ipsum ', n % 17), '{"type":"text"}', now() - interval '1 day' + n * interval '1 second'
     from "Chat" c, generate_series(1, ${MESSAGES}) n where c.id = $1`,
    [chatId],
  );
  await sql(`update "Chat" set head = 100 + ${MESSAGES} where id = $1`, [chatId]);
}

async function seedList({ sql }: InboxSystem): Promise<void> {
  await sql(
    `with people as (
       insert into "Contact" ("organizationId", "profileName", phone)
       select 1, 'Customer ' || n || ';', (78000000000 + n)::text from generate_series(1, ${CHATS}) n returning id, phone),
     chats as (
       insert into "Chat" ("organizationId", "organizationPhoneId", "contactId", head, "unreadCount", "lastMessageAt")
       select 1, 1, id, 1, id % 3, now() - (phone::bigint - 78000000000) * interval '1 second' from people
       returning id, "lastMessageAt")
     insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
     select 1, id, 1, 'wamid.list' || id, false, 'text', 'hello ' || id, '{"type":"text"}', "lastMessageAt" from chats`,
  );
  await sql(
    `update "Chat" c set "lastMessageId" = m.id from "Message" m where m."chatId" = c.id and m.wamid like 'wamid.list%'`,
  );
}
