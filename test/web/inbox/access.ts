import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible, tabTo } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  choose,
  composer,
  DOT,
  hasFocus,
  type InboxWorld,
  openChat,
  row,
  send,
  thread,
} from "./world.ts";

const LOOKS = [
  ["light", "en-US"],
  ["dark", "en-US"],
  ["light", "ru-RU"],
  ["dark", "ru-RU"],
] as const;

/** Whether a menu has the keys: it is shown for a moment before. */
const isInMenu = (page: Page) =>
  page.getByRole("menu").evaluate((menu) => menu.contains(document.activeElement));

export function accessTests(world: InboxWorld): void {
  describe("access", () => {
    it("opens and answers by keyboard alone (UI-25)", async ({ expect }) => {
      const kim = await world.customer("Kim Taste");
      await world.say(kim, "Still there?");
      const tab = await world.open();
      const { page } = tab;
      await row(page, kim).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Home");
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain(kim.name);
      await page.keyboard.press("Enter");
      await composer(page).waitFor();
      for (let i = 0; i < 20; i++) {
        if (await hasFocus(composer(page))) break;
        await page.keyboard.press("Tab");
      }
      await page.keyboard.type("Always");
      await page.keyboard.press("Enter");
      await bubbles(page, "Always").waitFor();
      expectQuiet(tab, expect);
    });

    it("goes through the chats by letters, whatever the layout, and writes them in a text (UI-25)", async ({
      expect,
    }) => {
      const [first, second] = [await world.customer("Jo Erste"), await world.customer("Jo Zweite")];
      const tab = await world.open();
      const { page } = tab;
      // Meta's times are whole seconds: of one second the list would show them in the order in which they were stored.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await world.say(first, "One");
      await row(page, first, "One").waitFor();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await world.say(second, "Two");
      await row(page, second, "Two").waitFor();
      const heading = (name: string) => page.getByRole("heading", { level: 2, name });
      await page.keyboard.press("KeyJ");
      await heading("Jo Zweite").waitFor();
      // The same key under a Russian layout.
      await page.evaluate(() =>
        document.activeElement?.dispatchEvent(
          new KeyboardEvent("keydown", { code: "KeyJ", key: "о", bubbles: true, cancelable: true }),
        ),
      );
      await heading("Jo Erste").waitFor();
      await page.keyboard.press("KeyK");
      await heading("Jo Zweite").waitFor();
      await page.keyboard.press("KeyR");
      await page.keyboard.type("just j, k and ?");
      await expect.poll(() => composer(page).inputValue()).toBe("just j, k and ?");
      await heading("Jo Zweite").waitFor();
      await composer(page).fill("");
      await page.keyboard.press("ArrowUp");
      const menu = page.getByRole("button", { name: "Message actions" }).last();
      await tabTo(page, menu);
      await page.keyboard.press("Enter");
      const react = page.getByRole("menuitem", { name: "React with 👍" });
      await expect.poll(() => hasFocus(react)).toBe(true);
      await page.keyboard.press("Escape");
      await expect.poll(() => hasFocus(menu)).toBe(true);
      await page.keyboard.press("KeyR");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Alt+KeyR");
      await page.getByText("Reply to Jo Zweite").waitFor();
      await page.keyboard.press("Escape");
      await page.getByText("Reply to Jo Zweite").waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.textContent))
        .toContain("Jo Zweite");
      await page.keyboard.press("Shift+Slash");
      const table = page.getByRole("dialog", { name: "Keyboard" });
      await table.getByRole("row", { name: /J Next chat/ }).waitFor();
      await expectAccessible(tab, expect);
      await page.keyboard.press("Escape");
      await table.waitFor({ state: "detached" });
      await page.keyboard.press("KeyT");
      await page.getByRole("dialog", { name: "Templates" }).waitFor();
      expectQuiet(tab, expect);
    });

    it("does the whole task by keyboard: next unread, answer, give it away, close (UI-25)", async ({
      expect,
    }) => {
      const tess = await world.customer("Tess Tastatur");
      const tab = await world.open();
      const { page } = tab;
      await world.open("oleg");
      await world.say(tess, "By keys only, please");
      await row(page, tess, "1 unread message").waitFor();
      await page.keyboard.press("KeyU");
      await page.getByRole("heading", { level: 2, name: tess.name }).waitFor();
      await page.keyboard.press("KeyR");
      await page.keyboard.type("Here you are");
      await page.keyboard.press("Enter");
      await bubbles(page, "Here you are").getByRole("img", { name: ARRIVED }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("KeyA");
      await expect.poll(() => isInMenu(page)).toBe(true);
      const give = page.getByRole("menuitem", { name: "Give to oleg" });
      // After a pause, which a slow machine makes, the next letter begins another word.
      const find = async () => {
        if (await hasFocus(give)) return true;
        await page.keyboard.type("Give to oleg");
        return await hasFocus(give);
      };
      await expect.poll(find, { interval: 1_000 }).toBe(true);
      await page.keyboard.press("Enter");
      await thread(page).getByText("anna gave this chat to oleg").waitFor();
      await page.keyboard.press("KeyE");
      await row(page, tess).waitFor({ state: "detached" });
      await page.getByRole("heading", { level: 2, name: tess.name }).waitFor({ state: "detached" });
      expectQuiet(tab, expect);
    });

    it("sends a text, a picture and a template by touch on a phone, with targets that a finger hits (UI-29)", async ({
      expect,
    }) => {
      const finn = await world.customer("Finn Finger");
      await world.say(finn, "On my phone");
      await world.syncTemplates();
      const tab = await world.open("anna", "/inbox", {
        viewport: { width: 375, height: 667 },
        hasTouch: true,
        isMobile: true,
      });
      const { page } = tab;
      await row(page, finn).tap();
      // A long press is the ⋮ button.
      await bubbles(page, "On my phone").getByText("On my phone").dispatchEvent("contextmenu");
      await page.getByRole("menuitem", { name: "Reply" }).waitFor();
      await expect.poll(() => isInMenu(page)).toBe(true);
      await page.keyboard.press("Escape");
      await composer(page).tap();
      await page.keyboard.type("On mine too");
      await page.getByRole("button", { name: "Send", exact: true }).tap();
      await bubbles(page, "On mine too").getByRole("img", { name: ARRIVED }).waitFor();
      const small = await page.getByRole("button").evaluateAll((buttons) =>
        buttons
          .map((button) => ({
            name: button.getAttribute("aria-label"),
            ...button.getBoundingClientRect().toJSON(),
          }))
          .filter(({ width, height }) => width > 0 && (width < 44 || height < 44))
          .map(({ name, width, height }) => `${name}: ${width} × ${height}`),
      );
      expect(small).toEqual([]);
      await page
        .getByLabel("Attach files")
        .setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: DOT });
      await page.getByRole("button", { name: "Send", exact: true }).tap();
      await thread(page).getByRole("button", { name: "Open photo" }).waitFor();
      await page.getByRole("button", { name: "Send a template" }).tap();
      await page
        .getByRole("dialog", { name: "Templates" })
        .getByRole("button", { name: /hello_world/ })
        .first()
        .tap();
      await page.getByRole("dialog").getByRole("button", { name: "Send" }).tap();
      await expect
        .poll(async () => (await world.shownTo(finn)).map(({ type }) => type))
        .toEqual(["text", "image", "template"]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
      expectQuiet(tab, expect);
    });

    it.for(LOOKS)("is accessible: %s, %s (UI-28)", async ([colorScheme, locale], { expect }) => {
      const axel = await world.customer(`Axel ${colorScheme} ${locale}`);
      await world.say(axel, "See *this*: https://example.com/a");
      await world.say(axel, { type: "document", document: { filename: "offer.pdf" } });
      const tab = await world.open("anna", "/inbox", { colorScheme, locale });
      const { page } = tab;
      await expectAccessible(tab, expect);
      await openChat(page, axel);
      await choose(page, "See this", /^(Reply|Ответить)$/);
      await send(page, "I see");
      await bubbles(page, "I see").getByRole("img", { name: ARRIVED }).waitFor();
      await expectAccessible(tab, expect);
      await page.getByRole("button", { name: /^(Send a template|Отправить шаблон)$/ }).click();
      await page.getByRole("dialog").getByRole("searchbox").waitFor();
      await expectAccessible(tab, expect);
      expectQuiet(tab, expect);
    });
  });
}
