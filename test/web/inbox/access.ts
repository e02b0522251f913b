import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { ARRIVED, bubbles, choose, composer, type InboxWorld, openChat, row, send } from "./world.ts";

const LOOKS = [
  ["light", "en-US"],
  ["dark", "en-US"],
  ["light", "ru-RU"],
  ["dark", "ru-RU"],
] as const;

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
        if (await composer(page).evaluate((box) => box === document.activeElement)) break;
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
      await world.say(first, "One");
      await world.say(second, "Two");
      const tab = await world.open();
      const { page } = tab;
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
      expect(await composer(page).inputValue()).toBe("just j, k and ?");
      await heading("Jo Zweite").waitFor();
      await composer(page).fill("");
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
      expectQuiet(tab, expect);
    });
  });
}
