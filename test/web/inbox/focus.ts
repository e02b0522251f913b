import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import {
  bubbles,
  type Customer,
  composer,
  hasFocus,
  holdRequests,
  type InboxWorld,
  nextFrame,
  openChat,
  row,
  thread,
  wheelTo,
} from "./world.ts";

const box = (page: Page) => page.getByRole("searchbox", { name: "Search chats and messages" });

export function focusTests(world: InboxWorld): void {
  describe("the focus", () => {
    it("stays where one writes, whatever the mouse is clicked on (UI-25)", async ({ expect }) => {
      const [bea, ada] = [await world.customer("Bea Danach"), await world.customer("Ada Davor")];
      await world.say(bea, "Hello");
      await world.stored(bea, 1);
      await world.say(ada, "Good evening");
      await world.wroteEarlier(
        ada,
        Array.from({ length: 60 }, (_, n) => `older ${n};`),
      );
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, ada);
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      await row(page, ada).click();
      await expect.poll(() => hasFocus(composer(page))).toBe(true);

      const toEnd = thread(page).getByRole("button", { name: "To the newest message" });
      await thread(page).hover();
      await wheelTo(page, toEnd, -300);
      await toEnd.click();
      await toEnd.waitFor({ state: "detached" });
      await page.keyboard.type("just so");
      await expect.poll(() => composer(page).inputValue()).toBe("just so");
      await thread(page).hover();
      await wheelTo(page, toEnd, -300);
      await toEnd.press("Enter");
      await toEnd.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(composer(page))).toBe(true);

      // A chat that is opened by a key leaves the focus in the list.
      await page.keyboard.press("Escape");
      await expect.poll(() => hasFocus(row(page, ada))).toBe(true);
      await page.keyboard.press("KeyJ");
      await thread(page).and(page.getByRole("region", bea)).waitFor();
      await composer(page).waitFor();
      await nextFrame(page);
      expect(await hasFocus(row(page, bea))).toBe(true);
      await row(page, ada).dblclick();
      await thread(page).and(page.getByRole("region", ada)).waitFor();
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      expectQuiet(tab, expect);
    });

    it("passes to the next row when a chat is closed, and from what was found to the search (UI-25)", async ({
      expect,
    }) => {
      const crowd: Customer[] = [];
      for (const name of ["Erle Vier", "Erle Drei", "Erle Zwei", "Erle Eins"]) {
        const one = await world.customer(name);
        await world.say(one, "Hello");
        const chat = (await world.addressOf(one)).replace("/inbox", "/chats");
        await world.api("frida", "PATCH", chat, { assigneeId: "me" });
        crowd.unshift(one);
      }
      const [first, second, third, last] = crowd as [Customer, Customer, Customer, Customer];
      const tab = await world.open("frida", "/inbox?view=mine");
      const { page } = tab;
      const heading = ({ name }: Customer) => page.getByRole("heading", { level: 2, name });
      await row(page, first).press("Enter");
      await heading(first).waitFor();
      await page.keyboard.press("KeyE");
      await heading(second).waitFor();
      await row(page, first).waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(row(page, second))).toBe(true);
      await page.keyboard.press("ArrowDown");
      await expect.poll(() => hasFocus(row(page, third))).toBe(true);
      const chat = (await world.addressOf(third)).replace("/inbox", "/chats");
      await world.api("anna", "PATCH", chat, { status: "closed" });
      await row(page, third).waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(row(page, last))).toBe(true);

      await box(page).fill("Erle");
      const found = page.getByRole("list", { name: "Chats" }).getByRole("listitem");
      await expect.poll(() => found.count()).toBe(4);
      const slow = await holdRequests(page, "**/api/waba/search?q=Erle+Z*");
      await box(page).fill("Erle Zwei");
      await box(page).press("Enter");
      await slow.asked;
      await box(page).press("Enter");
      expect(await hasFocus(box(page))).toBe(true);
      await slow.release();
      await expect.poll(() => found.count()).toBe(1);
      await box(page).press("Enter");
      await expect.poll(() => hasFocus(row(page, second))).toBe(true);
      await page.keyboard.press("Escape");
      await expect.poll(() => hasFocus(box(page))).toBe(true);
      expect(await box(page).inputValue()).toBe("");
      expectQuiet(tab, expect);
    });

    it("comes back from a form of the details, and stays on the last photo's arrow (UI-14, UI-28)", async ({
      expect,
    }) => {
      const fara = await world.customer("Fara Formular");
      for (const caption of ["photo one", "photo two"])
        await world.say(fara, { type: "image", image: { caption } });
      await world.stored(fara, 2);
      const tab = await world.open("anna", await world.addressOf(fara), {
        viewport: { width: 1000, height: 700 },
      });
      const { page } = tab;
      await bubbles(page, "photo two").getByRole("button", { name: "Open photo" }).click();
      const viewer = page.getByRole("dialog");
      await viewer.getByText("Photo 2 of 2").waitFor();
      await viewer.getByRole("button", { name: "Previous photo" }).press("Enter");
      await viewer.getByText("Photo 1 of 2").waitFor();
      await page.keyboard.press("ArrowRight");
      await viewer.getByText("Photo 2 of 2").waitFor();
      await page.keyboard.press("Escape");
      await viewer.waitFor({ state: "detached" });

      await page.getByRole("button", { name: "Show contact details" }).click();
      const drawer = page.getByRole("dialog", { name: "Contact details" });
      const rename = drawer.getByRole("button", { name: "Rename the contact" });
      await rename.click();
      await drawer.getByRole("textbox").press("Escape");
      await expect.poll(() => hasFocus(rename)).toBe(true);
      const addLabel = drawer.getByRole("button", { name: "Add label" });
      await addLabel.click();
      await page.getByRole("menuitem", { name: "New label…" }).click();
      await expect.poll(() => hasFocus(drawer.getByRole("textbox"))).toBe(true);
      await page.keyboard.press("Escape");
      await expect.poll(() => hasFocus(addLabel)).toBe(true);
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
      expectQuiet(tab, expect);
    });

    it("that a box takes with it leaves no letters to the shortcuts (UI-25)", async ({ expect }) => {
      const wanda = await world.customer("Wanda Weg");
      await world.say(wanda, "Hello");
      const tab = await world.open("anna", await world.addressOf(wanda));
      const { page } = tab;
      await composer(page).waitFor();
      // In one turn of the page, which may be slow.
      const searches = await page.evaluate(() => {
        const isSearching = () => document.activeElement?.matches("[data-search]");
        const press = (target: Element, key: string, code: string) =>
          target.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true }));
        const typeInto = (box: Element) => {
          document.body.append(box);
          press(box, "o", "KeyO");
        };
        const [gone, there] = [document.createElement("textarea"), document.createElement("textarea")];
        typeInto(gone);
        gone.remove();
        press(document.body, "r", "KeyR");
        press(document.body, "/", "Slash");
        const afterGone = isSearching();
        typeInto(there);
        press(document.body, "/", "Slash");
        there.remove();
        return [afterGone, isSearching()];
      });
      expect(searches).toEqual([false, true]);
      expectQuiet(tab, expect);
    });
  });
}
