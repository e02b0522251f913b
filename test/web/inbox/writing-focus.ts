import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import {
  choose,
  composer,
  hasFocus,
  holdRequests,
  type InboxWorld,
  nextFrame,
  openChat,
  row,
} from "./world.ts";

const PDF = { name: "plan.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF\n") };

/** What the keyboard writes into is nothing but the page. */
const blur = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).blur());

const drop = (page: Page, name: string) =>
  composer(page).evaluate((box, name) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["%PDF-1.4\n%%EOF\n"], name, { type: "application/pdf" }));
    box.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, name);

export function writingFocusTests(world: InboxWorld): void {
  describe("the focus of who writes", () => {
    it("goes to the text once a file is chosen, dropped or removed, or a reply begins or is given up (UI-13, UI-15)", async ({
      expect,
    }) => {
      const fanny = await world.customer("Fanny Fokus");
      await world.say(fanny, "The plan, please");
      const late = await world.customer("Spencer Spät");
      await world.say(late, "Is it too late?", { timestamp: Math.floor(Date.now() / 1000) - 100_000 });
      const tab = await world.open();
      const { page } = tab;
      const typeOn = async (text: string) => {
        await expect.poll(() => hasFocus(composer(page))).toBe(true);
        await page.keyboard.type(text);
      };
      await openChat(page, fanny);
      const chooser = page.waitForEvent("filechooser");
      await page.getByLabel("Attach files").click();
      await (await chooser).setFiles(PDF);
      await page.getByText(PDF.name).waitFor();
      await typeOn("chosen ");
      await blur(page);
      await drop(page, "more.pdf");
      await page.getByText("more.pdf").waitFor();
      await typeOn("dropped ");
      for (const name of [PDF.name, "more.pdf"]) {
        await page.getByRole("button", { name: `Remove ${name}` }).click();
        await page.getByText(name).waitFor({ state: "detached" });
        await typeOn("removed ");
      }

      const preview = page.getByText(`Reply to ${fanny.name}`);
      // The same message again is a reply again.
      for (const time of ["begun ", "again "]) {
        await choose(page, "The plan, please", "Reply");
        await preview.waitFor();
        await typeOn(time);
      }
      await page.getByRole("button", { name: "Do not reply to it" }).click();
      await preview.waitFor({ state: "detached" });
      await typeOn("given up");
      expect(await composer(page).inputValue()).toBe("chosen dropped removed removed begun again given up");

      // Where there is no box, in what stands in its place.
      await page.getByRole("button", { name: "Write a note" }).click();
      await choose(page, "The plan, please", "Reply");
      await expect.poll(() => hasFocus(page.getByRole("textbox", { name: "Note" }))).toBe(true);
      await page.keyboard.press("Escape");
      await preview.waitFor();
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      await page.goto(await world.addressOf(late));
      await page.getByText("24 hours have passed").waitFor();
      await choose(page, "Is it too late?", "Reply");
      await expect.poll(() => hasFocus(page.getByRole("button", { name: "Send a template" }))).toBe(true);
      expect(tab.foreign).toEqual([]);
    });

    it("begins behind a draft whose box is made anew (UI-12)", async ({ expect }) => {
      const [dora, emil] = [await world.customer("Dora Draft"), await world.customer("Emil Draft")];
      for (const customer of [dora, emil]) await world.say(customer, "Hello");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, dora);
      await composer(page).fill("Two\nlines");
      await openChat(page, emil);
      await openChat(page, dora);
      await composer(page).focus();
      await page.keyboard.type(", more");
      expect(await composer(page).inputValue()).toBe("Two\nlines, more");

      await page.getByRole("button", { name: "Write a note" }).press("Enter");
      await composer(page).waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      await page.keyboard.type("!");
      expect(await composer(page).inputValue()).toBe("Two\nlines, more!");
      expect(tab.foreign).toEqual([]);
    });

    it("stays in another text while a chat loads that was opened to be answered (UI-12)", async ({
      expect,
    }) => {
      const slava = await world.customer("Slava Such");
      await world.say(slava, "Hello");
      const tab = await world.open();
      const { page } = tab;
      const slow = await holdRequests(page, /\/chats\/\d+\/messages/);
      await row(page, slava).click();
      await slow.asked;
      const search = page.getByRole("searchbox");
      await search.click();
      await page.keyboard.type("Sla");
      await slow.release();
      await composer(page).waitFor();
      await nextFrame(page);
      await page.keyboard.type("va");
      expect(await search.inputValue()).toBe("Slava");
      expect(tab.foreign).toEqual([]);
    });
  });
}
