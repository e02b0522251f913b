import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { type ExpectStatic, onTestFinished } from "vitest";

const PICTURES = join(import.meta.dirname, "../../docs/pictures");
const MOST_TABS = 60;
/** For what is waited for: longer than it takes, also on a machine that has much else to do. */
export const WAIT_MS = 60_000;
/** For a test, which waits several times: only one that hangs gets there. */
export const TEST_MS = 300_000;
const LAUNCH_MS = 120_000;

const CANDIDATES = [
  process.env.CHROMIUM_PATH ?? "",
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** No other host is found. To refuse requests one by one would turn the cache off, so that each load of a page costs more. */
const ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

const wholePath = CANDIDATES.find((path) => existsSync(path));

/** Chromium without the window that even a headless one draws: half the CPU of a test. It has no microphone. */
const shellPath = [process.env.CHROMIUM_PATH ?? "", "/usr/bin/chromium-headless-shell"].find((path) =>
  existsSync(path),
);

/** Whether to leave the tests of the page out: nobody needs Chromium to work on the rest. In CI they must run. */
export const hasNoBrowser = wholePath === undefined && process.env.CI === undefined;

/** With `recordsSound` it has a microphone, which is a tone; a context still has to be granted it. */
export async function launchBrowser({ recordsSound = false } = {}): Promise<Browser> {
  const executablePath = (recordsSound ? undefined : shellPath) ?? wholePath;
  if (!executablePath) throw new Error("There is no Chromium: install it, or set CHROMIUM_PATH.");
  return await chromium.launch({
    executablePath,
    timeout: LAUNCH_MS,
    args: ["--no-sandbox", "--use-fake-device-for-media-stream", ONLY_THIS_MACHINE],
  });
}

/** Who has not been asked yet has not refused; the headless shell says otherwise, since it has nobody to ask. */
function mayBeAsked(): void {
  if (Notification.permission === "denied")
    Object.defineProperty(Notification, "permission", {
      value: "default",
      configurable: true,
      writable: true,
    });
}

export type Tab = { page: Page; foreign: string[]; logged: string[] };

/**
 * A page in a context of its own, closed with the test. Requests to other hosts, which all fail, are in `foreign`; what the page
 * writes to the console, and its uncaught errors, are in `logged`.
 */
export async function openTab(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  // A click waits until what it hits stands still.
  const context = await browser.newContext({ baseURL, locale: "en-US", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(WAIT_MS);
  onTestFinished(() => context.close());
  await context.addInitScript(mayBeAsked);
  const foreign: string[] = [];
  const logged: string[] = [];
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== baseURL) foreign.push(request.url());
  });
  const page = await context.newPage();
  page.on("console", (message) => logged.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => logged.push(`uncaught: ${error.message}`));
  return { page, foreign, logged };
}

/** With `PICTURES` set, renews a picture of the docs from what the page shows now: as high as it needs, 2 pixels for each. */
export async function takePicture({ page }: Pick<Tab, "page">, name: string): Promise<void> {
  if (!process.env.PICTURES) return;
  const session = await page.context().newCDPSession(page);
  const options = { format: "webp", quality: 82 } as const;
  const { data } = await session.send("Page.captureScreenshot", options);
  await writeFile(join(PICTURES, `${name}.webp`), Buffer.from(data, "base64"));
}

/** Expects that a key leads there, and presses Tab until it has. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let i = 0; i < MOST_TABS; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`No Tab leads to ${target}.`);
}

/** The rules of axe-core whose outcome depends on the colour scheme. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * Expects that axe-core finds nothing wrong with the page as it is now. With `rules` it looks for what breaks these alone: for a page that
 * was looked at and now has other colours.
 */
export async function expectAccessible(
  { page }: Pick<Tab, "page">,
  expect: ExpectStatic,
  rules?: readonly string[],
): Promise<void> {
  // The policy forbids a script element, so it is evaluated, once in a document.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const { violations, passed } = await page.evaluate(
    async (only) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const found = await axe.run({ resultTypes: ["violations"], ...(only && { runOnly: only }) });
      const violations = found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
      );
      return { violations, passed: found.passes.length };
    },
    rules && [...rules],
  );
  expect(passed).toBeGreaterThan(rules ? 0 : 5);
  expect(violations).toEqual([]);
}

/** Expects it in both colour schemes. */
export async function expectAccessibleInLightAndDark(
  tab: Pick<Tab, "page">,
  expect: ExpectStatic,
): Promise<void> {
  await tab.page.emulateMedia({ colorScheme: "light" });
  await expectAccessible(tab, expect);
  await tab.page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(tab, expect, OF_COLOURS);
}

type Axe = {
  run(options: { resultTypes: string[]; runOnly?: string[] }): Promise<{
    violations: { id: string; nodes: { html: string }[] }[];
    passes: unknown[];
  }>;
};
