import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { composer, type InboxWorld, openChat } from "./world.ts";

const HINT = /There is a new version of this page, or the connection broke/;

/** No script whose name begins so can be loaded, until the function that it returns is called. */
async function cutOff(page: Page, name: string): Promise<() => Promise<void>> {
  const isScript = (url: URL) => url.pathname.startsWith(`/assets/${name}`);
  await page.route(isScript, (route) => route.abort());
  return () => page.unroute(isScript);
}

export function latePartTests(world: InboxWorld): void {
  describe("a part of the page whose script does not load", () => {
    it("leaves the rest of the page, and is there once it loads (UI-21)", async ({ expect }) => {
      const lena = await world.customer("Lena Late");
      await world.say(lena, "Hi");
      const { page } = await world.open();
      await openChat(page, lena);
      await composer(page).fill("half a sent");
      const restore = await cutOff(page, "emoji-picker");
      await page.getByRole("button", { name: "Emoji" }).click();
      const notice = page.getByRole("alert").filter({ hasText: HINT });
      await notice.waitFor();
      await composer(page).pressSequentially("ence");
      expect(await composer(page).inputValue()).toBe("half a sentence");
      // It says so again as long as it does not load.
      const first = await notice.elementHandle();
      await notice.getByRole("button", { name: "Try again" }).click();
      await first?.waitForElementState("hidden");
      await notice.waitFor();
      await restore();
      await notice.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("searchbox", { name: "Search emoji" }).waitFor();
      expect(await notice.count()).toBe(0);
      // With its styles, whose sheet had not loaded either.
      const sheets = await page.evaluate(() => [...document.styleSheets].map(({ href }) => href ?? ""));
      expect(sheets.filter((href) => href.includes("/emoji-picker"))).toHaveLength(1);
    });

    it("leaves the composer where it is the recorder's (UI-16, UI-21)", async ({ expect }) => {
      const vera = await world.customer("Vera Voiceless");
      await world.say(vera, "Hi");
      const { page } = await world.open();
      await openChat(page, vera);
      await composer(page).waitFor();
      const restore = await cutOff(page, "voice-recorder");
      const record = page.getByRole("button", { name: "Record a voice message" });
      await record.click();
      await page.getByRole("alert").filter({ hasText: HINT }).waitFor();
      expect(await composer(page).isEditable()).toBe(true);
      await restore();
      await record.click();
      await composer(page).waitFor({ state: "detached" });
    });
  });
}
