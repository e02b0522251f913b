import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  atRest,
  bubbles,
  composer,
  type InboxWorld,
  nextFrame,
  openChat,
  row,
  thread,
  wheelTo,
} from "./world.ts";

const box = (page: Page) => page.getByRole("searchbox", { name: /Search chats and messages|Поиск по чатам/ });
const hits = (page: Page) => page.getByRole("list", { name: /^(Messages|Сообщения)$/ }).getByRole("listitem");
const PHONE = { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true };

const lines = (count: number, text: string) => Array.from({ length: count }, (_, n) => `${text} ${n};`);

export function searchTests(world: InboxWorld): void {
  describe("searching", () => {
    it("finds a word in another form, opens the thread around it, and gives the list back as it was (UI-24)", async ({
      expect,
    }) => {
      const dora = await world.customer("Dora Vertrag");
      await world.say(dora, "Good evening");
      await world.wroteEarlier(dora, [
        ...lines(60, "older"),
        "Подскажите, пожалуйста, готовы ли уже договоры на поставку?",
        ...lines(60, "newer"),
      ]);
      for (let n = 0; n < 12; n++) {
        const filler = await world.customer(`Filler ${n}`);
        await world.say(filler, "Hello");
        // One that comes later moves those below it.
        await world.stored(filler, 1);
      }
      const tab = await world.open();
      const { page } = tab;
      const filler = page.getByRole("listitem").filter({ hasText: "Filler 2" });
      await row(page, { name: "Filler 11" }).waitFor();
      await filler.first().scrollIntoViewIfNeeded();
      const place = async () => (await filler.first().boundingBox())?.y;
      const before = await atRest(page, place);

      await page.keyboard.press("/");
      await page.keyboard.type("договор");
      const hit = hits(page).filter({ hasText: "Dora Vertrag" });
      await hit.waitFor();
      // Of the whole word, not of its beginning.
      await page.getByRole("status").filter({ hasText: "Found: 0 chats, 1 message" }).waitFor();
      expect(await hit.locator("mark").allTextContents()).toEqual(["договоры"]);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      const found = bubbles(page, "готовы ли уже договоры");
      await found.waitFor();
      const frame = await thread(page).boundingBox();
      await expect.poll(async () => (await found.boundingBox())?.y ?? 0).toBeGreaterThan(frame?.y ?? 0);
      expect(await bubbles(page, "Good evening").count()).toBe(0);
      // Both ways from there.
      await thread(page).hover();
      for (const [wheel, text] of [
        [600, "Good evening"],
        [-600, "older 0;"],
      ] as const) {
        await wheelTo(page, bubbles(page, text), wheel);
      }
      // The same hit again: its message is loaded by now, but not in view.
      await hit.getByRole("link").click();
      await found.waitFor();

      await box(page).press("Escape");
      await row(page, { name: "Filler 2" }).waitFor();
      await expect.poll(place).toBe(before);
      expect(await box(page).inputValue()).toBe("");
      expectQuiet(tab, expect);
    });

    it("stays at what was found when older messages come before the next frame (UI-24)", async ({
      expect,
    }) => {
      const otto = await world.customer("Otto Bildrate");
      await world.say(otto, "Good evening");
      await world.wroteEarlier(otto, [...lines(60, "older"), "a lone kingfisher", ...lines(60, "newer")]);
      const tab = await world.open();
      const { page } = tab;
      await box(page).fill("kingfisher");
      const hit = hits(page).filter({ hasText: "Otto Bildrate" });
      await hit.waitFor();
      // A busy computer: an answer comes sooner than a frame.
      const releaseFrames = await page.evaluateHandle(() => {
        const { requestAnimationFrame } = window;
        const held: FrameRequestCallback[] = [];
        window.requestAnimationFrame = (callback) => held.push(callback);
        return () => {
          window.requestAnimationFrame = requestAnimationFrame;
          held.forEach(requestAnimationFrame);
        };
      });
      await hit.getByRole("link").click();
      const found = bubbles(page, "a lone kingfisher");
      await expect.poll(async () => Number(await found.getAttribute("data-index"))).toBeGreaterThan(40);
      await releaseFrames.evaluate((release) => release());
      for (let n = 0; n < 6; n++) await nextFrame(page);
      const middle = (box: Awaited<ReturnType<typeof found.boundingBox>>) =>
        box ? box.y + box.height / 2 : 0;
      const place = async () => middle(await found.boundingBox()) - middle(await thread(page).boundingBox());
      expect(Math.abs(await atRest(page, place))).toBeLessThan(100);
      expectQuiet(tab, expect);
    });

    it("finds people by name and phone, and reads on where a page ends (UI-24)", async ({ expect }) => {
      const mira = await world.customer("Mira Sucher");
      await world.say(mira, "Good morning");
      await world.wroteEarlier(mira, lines(70, "zebrafink"));
      const tab = await world.open();
      const { page } = tab;
      await box(page).fill("Such");
      const chats = page.getByRole("list", { name: "Chats" }).getByRole("listitem");
      await chats.filter({ hasText: "Mira Sucher" }).waitFor();
      await box(page).fill(`8 (${mira.phone.slice(1, 4)}) ${mira.phone.slice(4)}`);
      await chats.filter({ hasText: "Mira Sucher" }).getByRole("link").click();
      await bubbles(page, "Good morning").waitFor();
      // The last digits, as one hears them on the phone.
      await world.say(mira, "My sister has +7 916 123-45-67, my order is 48 213");
      await bubbles(page, "My sister").waitFor();
      await box(page).fill(`${mira.phone.slice(-4, -2)} ${mira.phone.slice(-2)}`);
      await chats.filter({ hasText: "Mira Sucher" }).waitFor();
      for (const [typed, found] of [
        ["45 67", "7 916 123-45-67"],
        ["48213", "48 213"],
      ] as const) {
        await box(page).fill(typed);
        await hits(page).locator("mark", { hasText: found }).waitFor();
      }

      await box(page).fill("zebrafink");
      await hits(page).filter({ hasText: "zebrafink 69;" }).waitFor();
      await hits(page).first().hover();
      await wheelTo(page, hits(page).filter({ hasText: "zebrafink 0;" }), 900);
      expect(await hits(page).count()).toBeLessThan(40);
      await expectAccessible(tab, expect);
      expectQuiet(tab, expect);
    });

    it("shows no older answer over a newer one, and says what went wrong (UI-24)", async ({ expect }) => {
      const zoe = await world.customer("Zoe Spät");
      await world.say(zoe, "quagga in the morning");
      const tab = await world.open();
      const { page } = tab;
      await row(page, zoe).waitFor();
      const held = Promise.withResolvers<void>();
      await page.route("**/api/waba/search?q=quagg&*", async (route) => {
        await held.promise;
        await route.fulfill({ json: { chats: [], data: [], nextCursor: null, prevCursor: null } });
      });
      const slow = page.waitForRequest("**/api/waba/search?q=quagg&*");
      await box(page).fill("quagg");
      await slow;
      await box(page).fill("quagga");
      await hits(page).filter({ hasText: "Zoe Spät" }).waitFor();
      held.resolve();
      await page.unrouteAll({ behavior: "wait" });
      expect(await hits(page).count()).toBe(1);

      await box(page).fill("xylofonmacher");
      await page.getByText("Nothing found for “xylofonmacher”").waitFor();
      await page.route("**/api/waba/search*", (route) => route.abort());
      await box(page).fill("quagga in");
      await page.getByText("The search did not work").waitFor();
      await page.unrouteAll({ behavior: "wait" });
      await page.getByRole("button", { name: "Try again" }).click();
      await hits(page).filter({ hasText: "Zoe Spät" }).waitFor();
      expect(tab.foreign).toEqual([]);
    });

    it("works on a phone, in Russian, and comes back to what was found (UI-24, UI-29)", async ({
      expect,
    }) => {
      const kira = await world.customer("Кира Далёкая");
      await world.say(kira, "Спасибо");
      await world.wroteEarlier(kira, ["Когда привезут аквамарин?", ...lines(60, "потом")]);
      const tab = await world.open("anna", "/inbox", { ...PHONE, locale: "ru-RU" });
      const { page } = tab;
      await box(page).fill("аквамарина");
      const hit = hits(page).filter({ hasText: "Кира Далёкая" });
      await hit.getByRole("link").tap();
      await bubbles(page, "Когда привезут аквамарин?").waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
      await page.goBack();
      await hit.waitFor();
      await page.getByRole("button", { name: "Очистить поиск" }).tap();
      await openChat(page, kira);
      await composer(page).waitFor();
      await bubbles(page, "Спасибо").waitFor();
      expectQuiet(tab, expect);
    });
  });
}
