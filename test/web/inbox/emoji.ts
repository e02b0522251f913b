import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { composer, hasFocus, type InboxWorld, nextFrame, openChat } from "./world.ts";

/** A slow computer draws some time after it has worked, and keys come in between. */
function drawLate(): void {
  const draw = requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) => draw(() => setTimeout(() => draw(callback), 500));
}

export function emojiTests(world: InboxWorld): void {
  describe("the emoji", () => {
    it("are found by English and Russian words, and loaded when they are wanted (UI-14)", async ({
      expect,
    }) => {
      const eva = await world.customer("Eva Smiley");
      await world.say(eva, "Thanks!");
      const tab = await world.open();
      const { page } = tab;
      await page.evaluate(drawLate);
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await openChat(page, eva);
      await composer(page).fill("I you");
      await composer(page).press("Home");
      await composer(page).press("ArrowRight");
      expect(requests.filter((url) => url.includes("emoji"))).toEqual([]);
      await page.getByRole("button", { name: "Emoji" }).click();
      await page.getByRole("searchbox", { name: "Search emoji" }).fill("Сердце");
      await page.getByRole("button", { name: "❤️", exact: true }).click();
      await expect.poll(() => composer(page).inputValue()).toBe("I❤️ you");
      await page.keyboard.type("!");
      await expect.poll(() => composer(page).inputValue()).toBe("I❤️! you");
      await page.getByRole("button", { name: "Emoji" }).click();
      await page.getByRole("searchbox", { name: "Search emoji" }).fill("heart");
      await page.getByRole("button", { name: "❤️", exact: true }).waitFor();
      await expectAccessible(tab, expect);
      await page.keyboard.press("Escape");
      const search = page.getByRole("searchbox", { name: "Search emoji" });
      await search.waitFor({ state: "detached" });
      expect(requests.filter((url) => url.endsWith("/emoji.json"))).toHaveLength(1);
      expectQuiet(tab, expect);
    });

    it("leave the focus beside their button, or where it was pressed meanwhile (UI-14)", async ({
      expect,
    }) => {
      const emil = await world.customer("Emil Emoji");
      await world.say(emil, "Hi");
      const { page } = await world.open();
      await openChat(page, emil);
      const button = page.getByRole("button", { name: "Emoji" });
      const search = page.getByRole("searchbox", { name: "Search emoji" });
      await button.press("Enter");
      await search.press("Escape");
      await search.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(button)).toBe(true);

      await button.press("Enter");
      await page.getByRole("button", { name: "😀", exact: true }).waitFor();
      // The picker takes the focus once more in the frame after it opened.
      await nextFrame(page);
      await search.press("Tab");
      await page.keyboard.press("Tab");
      await search.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(page.getByRole("button", { name: "Send a template" }))).toBe(true);
      await button.press("Enter");
      await search.waitFor();
      await nextFrame(page);
      await search.press("Shift+Tab");
      await search.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(page.getByRole("button", { name: "Quick replies" }))).toBe(true);

      await button.click();
      await search.waitFor();
      await button.click();
      await search.waitFor({ state: "detached" });
      expect(await button.getAttribute("aria-expanded")).toBe("false");
      await button.click();
      await search.waitFor();
      await composer(page).click();
      await search.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
    });
  });
}
