import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible, tabTo } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  composer,
  hasFocus,
  holdRequests,
  type InboxWorld,
  keepTexts,
  openChat,
  row,
  send,
  thread,
  wheelTo,
} from "./world.ts";

const DAY_S = 24 * 3_600;

/** The text of what has the focus. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");

/** The index of the row of a list that has the focus, or holds what has it; null: no row does. */
const focusedRow = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-index]")?.dataset.index ?? null);

export function keyboardTests(world: InboxWorld): void {
  const refuseSends = (page: Page) =>
    page.route("**/api/waba/send", (route) =>
      route.fulfill({
        status: 422,
        contentType: "application/problem+json",
        json: { code: "invalid_request", status: 422, title: "Invalid", detail: "Not like this." },
      }),
    );

  describe("by keyboard alone", () => {
    it("goes through all that was written in a thread, which is one stop of Tab (UI-25)", async ({
      expect,
    }) => {
      const tara = await world.customer("Tara Tasten");
      await world.say(tara, "Good evening, see https://example.com/a");
      await world.wroteEarlier(
        tara,
        Array.from({ length: 130 }, (_, n) => `older ${n};`),
      );
      const address = await world.addressOf(tara);
      const chatId = address.split("/").at(-1);
      await world.api("anna", "POST", `/chats/${chatId}/notes`, { body: "For colleagues", mentions: [] });
      const tab = await world.open("anna", address);
      const { page } = tab;
      await bubbles(page, "For colleagues").waitFor();
      await refuseSends(page);
      await send(page, "A refused one");
      await bubbles(page, "A refused one").getByRole("button", { name: "Send again" }).waitFor();
      await composer(page).focus();
      for (const [key, text] of [
        ["ArrowUp", "A refused one"],
        ["ArrowUp", "For colleagues"],
        ["ArrowUp", "Good evening"],
        ["ArrowUp", "older 129;"],
        ["ArrowDown", "Good evening"],
        ["End", "A refused one"],
      ] as const) {
        await page.keyboard.press(key);
        await expect.poll(() => focused(page)).toContain(text);
      }
      const lastRow = Number(await focusedRow(page));

      // A page is more than a row, and less than the thread.
      await page.keyboard.press("PageUp");
      await expect.poll(() => focused(page)).toContain("older");
      const pageUp = Number(await focusedRow(page));
      expect(lastRow - pageUp).toBeGreaterThan(3);
      expect(lastRow - pageUp).toBeLessThan(40);
      await page.keyboard.press("PageDown");
      await expect.poll(async () => Number(await focusedRow(page))).toBeGreaterThan(pageUp + 3);
      await page.keyboard.press("Home");
      await expect.poll(() => focused(page)).toMatch(/older [0-9]{1,2};/);
      await page.keyboard.press("End");
      await expect.poll(() => focused(page)).toContain("A refused one");

      // What has the focus is not lost when a wheel turns it out of view.
      await thread(page).hover();
      await wheelTo(page, bubbles(page, "older 70;"), -300);
      await page.keyboard.press("ArrowUp");
      await expect.poll(() => focused(page)).toContain("For colleagues");
      await page.keyboard.press("ArrowUp");
      await expect.poll(() => focused(page)).toContain("Good evening");

      // From the header to the composer Tab leads through one message, with its link and its button.
      await thread(page).getByRole("button", { name: "Hide contact details" }).focus();
      const rows: (string | null)[] = [];
      for (let n = 0; n < 20; n++) {
        await page.keyboard.press("Tab");
        rows.push(await focusedRow(page));
        if (rows.includes(null)) break;
      }
      expect(rows.at(-1)).toBeNull();
      expect(rows.slice(0, -1)).toHaveLength(3);
      expect(new Set(rows.slice(0, -1)).size).toBe(1);
      expect(tab.foreign).toEqual([]);
    });

    it("has ways in and out where free text cannot be sent (UI-09, UI-25)", async ({ expect }) => {
      const till = await world.customer("Till Türschluss");
      await world.say(till, "Please hurry", { timestamp: Math.floor(Date.now() / 1000) - DAY_S - 60 });
      const tab = await world.open("anna", await world.addressOf(till));
      const { page } = tab;
      const template = thread(page).getByRole("button", { name: "Send a template" });
      await template.waitFor();
      const isFocused = () => hasFocus(template);
      await page.keyboard.press("KeyR");
      await expect.poll(isFocused).toBe(true);
      await page.keyboard.press("ArrowUp");
      await expect.poll(() => focused(page)).toContain("Please hurry");
      await page.keyboard.press("Escape");
      await expect.poll(isFocused).toBe(true);
      await page.keyboard.press("Escape");
      await expect.poll(() => hasFocus(row(page, till))).toBe(true);
      await tabTo(page, bubbles(page, "Please hurry"));
      expectQuiet(tab, expect);
    });

    it("keeps the focus on a message that is sent meanwhile, and beside one that goes (UI-06, UI-25)", async ({
      expect,
    }) => {
      const theo = await world.customer("Theo Bleibt");
      await world.say(theo, "Are you there?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, theo);
      const slow = await holdRequests(page, "**/api/waba/send");
      await send(page, "On its way");
      await slow.asked;
      await page.keyboard.press("ArrowUp");
      await expect.poll(() => focused(page)).toContain("On its way");
      await slow.release();
      await bubbles(page, "On its way").getByRole("img", { name: ARRIVED }).waitFor();
      expect(await hasFocus(bubbles(page, "On its way"))).toBe(true);

      await refuseSends(page);
      await send(page, "A refused one");
      const discard = bubbles(page, "A refused one").getByRole("button", { name: "Delete" });
      await discard.focus();
      await page.keyboard.press("Enter");
      await bubbles(page, "A refused one").waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toContain("On its way");
      expect(tab.foreign).toEqual([]);
    });

    it("opens the next unread chat below, also one that is not loaded, then those from the top (UI-25)", async ({
      expect,
    }) => {
      const crowd = await Promise.all(Array.from({ length: 26 }, (_, n) => world.customer(`Udine ${n};`)));
      // In the order of the list, whichever of them the server hears first.
      const startS = Math.floor(Date.now() / 1000) - 60;
      for (const [n, one] of crowd.entries()) await world.say(one, "Hello", { timestamp: startS + n });
      const [lowest, opened, top] = [crowd[0], crowd[20], crowd[25]];
      if (!lowest || !opened || !top) throw new Error("There is no crowd.");
      await Promise.all(
        crowd.map(async (one) => {
          const chat = (await world.addressOf(one)).replace("/inbox", "/chats");
          await world.api("ulrike", "PATCH", chat, { assigneeId: "me" });
          if (one !== lowest && one !== top) await world.api("ulrike", "POST", `${chat}/read`);
        }),
      );
      // A list of few rows, and of them few are loaded.
      const tab = await world.open("ulrike", "/settings", { viewport: { width: 1280, height: 480 } });
      const { page } = tab;
      await page.route(/\/chats\?/, (route) =>
        route.fallback({ url: route.request().url().replace("limit=50", "limit=8") }),
      );
      await page.goto(`${await world.addressOf(opened)}?view=mine`);
      const heading = ({ name }: { name: string }) => page.getByRole("heading", { level: 2, name });
      await heading(opened).waitFor();
      await row(page, opened).waitFor();
      const rows = page.getByRole("list", { name: "Chats" }).getByRole("listitem");
      await expect.poll(() => rows.first().getAttribute("aria-setsize")).toBe("-1");
      await page.keyboard.press("KeyU");
      await heading(lowest).waitFor();
      // From its composer there is a way back to the list, which does not have its row.
      await page.keyboard.press("KeyR");
      await page.keyboard.press("Escape");
      await expect.poll(() => focusedRow(page)).not.toBeNull();
      await heading(lowest).waitFor();
      await page.keyboard.press("KeyU");
      await heading(top).waitFor();
      await row(page, top, "unread").waitFor({ state: "detached" });
      await expect
        .poll(() => world.api("ulrike", "GET", "/chats?assignee=me&unread=true"))
        .toMatchObject({ data: [] });
      const said = await keepTexts(page.getByRole("region", { name: "Chats", exact: true }));
      await page.keyboard.press("KeyU");
      await expect.poll(said).toContainEqual(expect.stringContaining("Nothing else is unread here"));
      await heading(top).waitFor();
      expectQuiet(tab, expect);
    });

    it("keeps the focus in the details where they lie over the thread, and gives it back (UI-25, UI-28)", async ({
      expect,
    }) => {
      const tilda = await world.customer("Tilda Schublade");
      await world.say(tilda, "Hello");
      const tab = await world.open("anna", await world.addressOf(tilda), {
        viewport: { width: 1000, height: 700 },
      });
      const { page } = tab;
      const drawer = page.getByRole("dialog", { name: "Contact details" });
      const isInDrawer = () => drawer.evaluate((dialog) => dialog.contains(document.activeElement));
      const info = page.getByRole("button", { name: "Show contact details" });
      await tabTo(page, info);
      await page.keyboard.press("Enter");
      await expect.poll(isInDrawer).toBe(true);
      for (let n = 0; n < 12; n++) {
        await page.keyboard.press(n < 8 ? "Tab" : "Shift+Tab");
        await expect.poll(isInDrawer).toBe(true);
      }
      await expectAccessible(tab, expect);
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(info)).toBe(true);

      // Where there is room they are a part of the page; with less again, only the button opens them.
      await page.keyboard.press("Enter");
      await drawer.waitFor();
      await page.setViewportSize({ width: 1300, height: 700 });
      const column = page.getByRole("complementary", { name: "Contact details" });
      await column.getByRole("button", { name: "Rename the contact" }).focus();
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Shift+Tab");
      expect(await column.evaluate((pane) => pane.contains(document.activeElement))).toBe(false);
      expect(await drawer.count()).toBe(0);
      // On a small screen they are closed until they are asked for, and then beside the thread all the same.
      await page.setViewportSize({ width: 1024, height: 700 });
      await column.waitFor({ state: "detached" });
      await info.click();
      await column.waitFor();
      expect(await composer(page).evaluate((box) => box.clientWidth)).toBeGreaterThan(100);
      await page.setViewportSize({ width: 375, height: 667 });
      await column.waitFor({ state: "detached" });
      expect(await drawer.count()).toBe(0);
      const more = page.getByRole("button", { name: "More actions" });
      await more.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "Contact details" }).click();
      await expect.poll(isInDrawer).toBe(true);
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(more)).toBe(true);
      expectQuiet(tab, expect);
    });

    it("comes back to the row of the list that it left, also where that is out of view (UI-25)", async ({
      expect,
    }) => {
      const crowd = await Promise.all(
        Array.from({ length: 26 }, (_, n) => world.customer(`Tom Reihe ${n};`)),
      );
      for (const one of crowd) await world.say(one, "Hello");
      for (const one of crowd) await world.stored(one, 1);
      const tab = await world.open("anna", await world.addressOf(crowd[25] ?? { phone: "" }));
      const { page } = tab;
      const search = page.getByRole("searchbox", { name: "Search chats and messages" });
      const list = page.getByRole("list", { name: "Chats" });
      // The row of the open chat may be there before the list.
      await expect.poll(() => list.getByRole("listitem").count()).toBeGreaterThan(8);
      await row(page, { name: "Tom Reihe 25;" }).focus();
      await page.keyboard.press("End");
      const end = Number(await focusedRow(page));
      expect(end).toBeGreaterThan(24);
      await page.keyboard.press("Home");
      await expect.poll(() => focusedRow(page)).toBe("0");
      await page.keyboard.press("PageDown");
      await expect.poll(async () => Number(await focusedRow(page))).toBeGreaterThan(3);
      const name = /Tom Reihe \d+;/.exec(await focused(page))?.[0] ?? "none";
      await search.focus();
      await list.hover();
      await page.mouse.wheel(0, 3_000);
      await expect.poll(() => list.locator('[tabindex="0"]').count()).toBe(1);
      await tabTo(page, list.locator('[tabindex="0"]'));
      expect(await focused(page)).toContain(name);
      expectQuiet(tab, expect);
    });
  });
}
