import { constants, inflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible, hasNoBrowser, openTab, TEST_MS } from "./browser.ts";
import { expectQuiet, pageSystem } from "./page-system.ts";

/** The colour of a corner once a load has painted something, before the page's own script runs. */
async function firstPixel(page: Page, load: () => Promise<unknown>): Promise<number[]> {
  const held = Promise.withResolvers<void>();
  await page.route(/\/assets\/.*\.js$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  const asked = page.waitForRequest(/\/assets\/.*\.css$/);
  await load();
  await (await asked).response();
  await page.waitForFunction(() => document.styleSheets.length > 0);
  const png = await page.screenshot({ clip: { x: 1, y: 1, width: 1, height: 1 } });
  held.resolve();
  await page.unrouteAll({ behavior: "wait" });
  const data = png.indexOf("IDAT") + 4;
  // Chromium parts the pixel from the end of its stream.
  const [, ...colour] = inflateSync(png.subarray(data, data + png.readUInt32BE(data - 8)), {
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  return colour.slice(0, 3);
}

describe.skipIf(hasNoBrowser)("the page", { timeout: TEST_MS }, () => {
  const system = pageSystem();

  it.for([
    ["/", 200, "text/html"],
    ["/inbox/7?view=mine", 200, "text/html"],
    ["/settings/numbers/new", 200, "text/html"],
    ["/docs", 200, "text/html"],
    ["/healthz", 200, "application/json"],
    ["/api", 404, "application/problem+json"],
    ["/api/waba/inbox", 404, "application/problem+json"],
    ["/inbx", 404, "text/html"],
    ["/assets/app-old.js", 404, "text/html"],
    ["/_headers", 404, "text/html"],
    ["/.vite/manifest.json", 404, "text/html"],
  ] as const)("answers %s with %i %s", async ([path, status, type], { expect }) => {
    // As when the address is typed.
    const headers = { accept: "text/html", "sec-fetch-mode": "navigate" };
    const answer = await fetch(system.origin + path, { headers });
    const text = await answer.text();
    expect([answer.status, answer.headers.get("content-type")?.split(";")[0]]).toEqual([status, type]);
    if (type !== "text/html") return;
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|https:|\*/);
    const [script = ""] = /\/assets\/[\w-]+\.js/.exec(text) ?? [];
    const found = await fetch(system.origin + script);
    expect(found.headers.get("content-type")).toContain("javascript");
    expect(found.headers.get("cache-control")).toContain("immutable");
  });

  it.for([
    ["GET", "/inbx", "*/*"],
    ["GET", "/assets/app-old.js", "*/*"],
    ["POST", "/inbx", "text/html"],
  ] as const)(
    "answers %s %s, asked for %s, with a problem document",
    async ([method, path, accept], { expect }) => {
      const answer = await fetch(system.origin + path, { method, headers: { accept } });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    },
  );

  it("signs in by an address, and keeps the token out of it (UI-44)", async ({ expect }) => {
    const tab = await openTab(system.browser, system.origin);
    const { page } = tab;
    // A page of the Worker that does not look for a token.
    await page.goto("/docs/problems");
    await page.goto(`/settings#token=${await system.tokenFor("anna")}`);
    await page.getByText("Signed in as anna").waitFor();
    await expect.poll(() => new URL(page.url()).hash).toBe("");
    await page.goBack();
    await page.goForward();
    await page.getByText("Signed in as anna").waitFor();
    expect(page.url()).not.toContain("token");
    expectQuiet(tab, expect);

    // An address that was mistyped, and a page whose script does not load.
    await page.goto("/inbx");
    await page.getByText("There is nothing at this address").waitFor();
    await expectAccessible(tab, expect);
    await page.route(/\/assets\/inbox-page/, (route) => route.abort());
    await page.getByRole("button", { name: "Open the inbox" }).click();
    const reload = page.getByRole("button", { name: "Reload the page" });
    await reload.waitFor();
    await expectAccessible(tab, expect);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByText("Signed in as anna").waitFor();
    await page.getByRole("link", { name: "Inbox" }).click();
    await page.unrouteAll({ behavior: "wait" });
    await reload.click();
    await page.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
    expect(tab.foreign).toEqual([]);
  });

  it("signs a demo agent in at one click, in every tab, and forgets it all at sign-out (UI-44)", async ({
    expect,
  }) => {
    const tab = await openTab(system.browser, system.origin);
    const { page } = tab;
    await page.goto("/settings");
    const other = await page.context().newPage();
    await other.goto("/settings");
    await page.getByRole("button", { name: "Oleg agent" }).click();
    await page.getByText("Signed in as Oleg").waitFor();
    await other.getByText("Signed in as Oleg").waitFor();

    await page.getByRole("radio", { name: "Dark" }).check();
    await page.evaluate(() => localStorage.setItem("waba.draft.1", "half a sentence"));
    await other.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    // The other tab's process deletes it.
    await expect
      .poll(() => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })))
      .toBe('{"waba.theme":"dark"}');
    expectQuiet(tab, expect);
  });

  it("says what is wrong with a token (UI-44)", async ({ expect }) => {
    const tab = await openTab(system.browser, system.origin);
    const { page } = tab;
    await page.goto("/");
    const field = page.getByRole("textbox", { name: "Token" });
    const foreign = (await system.tokenFor("anna")).replace(/\.[^.]+$/, `.${"A".repeat(43)}`);
    const passed = await system.tokenFor("anna", ["--ttl", "1s"]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    for (const [token, text] of [
      ["EAAxyz", "This is not a token."],
      [foreign, "The server does not accept this token."],
      [passed, "This token has expired."],
    ] as const) {
      await field.fill(token);
      await field.press("Enter");
      await page.getByRole("alert").filter({ hasText: text }).waitFor();
    }
    await field.fill(`Bearer ${await system.tokenFor("anna")}\n`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "Settings" }).waitFor();
    // Chromium itself writes down a refused request.
    expect(tab.logged.filter((line) => !line.includes("status of 401"))).toEqual([]);
    expect(tab.foreign).toEqual([]);
  });

  it("is covered when the token expires, and goes on with a new one (UI-44)", async ({ expect }) => {
    const tab = await openTab(system.browser, system.origin);
    const { page } = tab;
    // Tokens of hours, and a clock that goes past their end: on a busy machine those of seconds would be over before the page is there.
    await page.clock.install();
    await page.goto(`/settings#token=${await system.tokenFor("anna", ["--ttl", "1h"])}`);
    await page.getByText("Signed in as anna").waitFor();
    await page.evaluate(() => localStorage.setItem("waba.draft.1", "half a sentence"));
    await page.clock.fastForward("01:00:01");
    await page.getByRole("dialog", { name: "Your sign-in has expired" }).waitFor();
    await expectAccessible(tab, expect);

    const draft = () => page.evaluate(() => localStorage.getItem("waba.draft.1"));
    await page.getByRole("textbox", { name: "Token" }).fill(await system.tokenFor("anna", ["--ttl", "2h"]));
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await draft()).toBe("half a sentence");

    await page.clock.fastForward("01:00:01");
    await page.getByRole("dialog", { name: "Your sign-in has expired" }).waitFor();
    await page.getByRole("textbox", { name: "Token" }).fill(await system.tokenFor("oleg"));
    await page.keyboard.press("Enter");
    await page.getByText("Signed in as oleg").waitFor();
    expect(await draft()).toBeNull();
    expectQuiet(tab, expect);
  });

  it.for([
    ["light", "en-US", "Sign in", "Settings"],
    ["dark", "ru-RU", "Вход", "Настройки"],
    ["light", "ru-RU", "Вход", "Настройки"],
    ["dark", "en-US", "Sign in", "Settings"],
  ] as const)(
    "has its colours from the first paint on, is accessible and fits a phone: %s, %s (UI-26, UI-27, UI-28)",
    async ([theme, locale, signIn, settings], { expect }) => {
      const options = { colorScheme: theme, locale, viewport: { width: 375, height: 667 } };
      const tab = await openTab(system.browser, system.origin, options);
      const { page } = tab;
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const [light, dark] = [
        [241, 243, 239],
        [14, 19, 18],
      ];
      const isDark = theme === "dark";
      expect(await firstPixel(page, () => page.goto("/settings", { waitUntil: "commit" }))).toEqual(
        isDark ? dark : light,
      );
      await page.getByRole("heading", { name: signIn }).waitFor();
      await expectAccessible(tab, expect);
      expect(await overflow()).toBe(0);
      await page.getByRole("button", { name: "Anna" }).click();
      await page.getByRole("heading", { name: settings }).waitFor();
      await expectAccessible(tab, expect);
      expect(await overflow()).toBe(0);
      // The agent's choice counts before the system's.
      await page.getByRole("radio", { name: isDark ? /^(Light|Светлая)$/ : /^(Dark|Тёмная)$/ }).check();
      expect(await firstPixel(page, () => page.reload({ waitUntil: "commit" }))).toEqual(
        isDark ? light : dark,
      );
      await page.getByRole("heading", { name: settings }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale.slice(0, 2));

      await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
      await page.getByRole("radio", { name: locale === "en-US" ? "Русский" : "English" }).check();
      await page.getByRole("heading", { name: locale === "en-US" ? "Настройки" : "Settings" }).waitFor();
      const now = await page.evaluate(() => [document.documentElement.lang, "isSamePage" in globalThis]);
      expect(now).toEqual([locale === "en-US" ? "ru" : "en", true]);
      expect(await overflow()).toBe(0);
      expectQuiet(tab, expect);
    },
  );

  it("at /docs shows each operation of the Worker's document, and calls one with the reader's token", async ({
    expect,
  }) => {
    const tab = await openTab(system.browser, system.origin);
    const { page } = tab;
    await page.goto("/docs");
    await page.getByRole("heading", { name: "WABA Edge" }).waitFor();
    const { paths } = (await (await fetch(`${system.origin}/openapi.json`)).json()) as {
      paths: Record<string, object>;
    };
    const operations = Object.values(paths).flatMap((item) => Object.keys(item));
    await page.locator(".opblock-tag").first().waitFor();
    await page.locator(".opblock-tag").evaluateAll((tags) => {
      for (const tag of tags as HTMLElement[]) tag.click();
    });
    expect(operations.length).toBeGreaterThan(50);
    await page.locator("#operations-system-getOpenApiDocument").waitFor();
    await expect.poll(() => page.locator(".opblock").count()).toBe(operations.length);

    await page.getByRole("button", { name: "Authorize" }).click();
    await page
      .locator("#auth-bearer-value")
      .first()
      .fill(await system.tokenFor("anna"));
    await page.getByRole("button", { name: "Apply credentials" }).first().click();
    await page.getByRole("button", { name: "Close", exact: true }).last().click();
    const operation = page.locator("#operations-chats-listChats");
    await operation.locator(".opblock-summary-control").click();
    await operation.getByRole("button", { name: "Try it out" }).click();
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation
      .locator(".live-responses-table .response-col_status")
      .filter({ hasText: "200" })
      .waitFor();
    expectQuiet(tab, expect);
  });

  it("at /docs/problems explains a problem at its address, in light and in dark", async ({ expect }) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const tab = await openTab(system.browser, system.origin, { colorScheme });
      await tab.page.goto("/docs/problems#window_closed");
      const section = tab.page.getByRole("heading", { name: "The customer service window is closed" });
      await section.waitFor();
      await expect.poll(async () => (await section.boundingBox())?.y).toBeLessThan(100);
      await expectAccessible(tab, expect);
      expectQuiet(tab, expect);
    }
  });
});
