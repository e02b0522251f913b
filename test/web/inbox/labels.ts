import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { hasFocus, type InboxWorld, openChat, row } from "./world.ts";

const labels = (page: Page) => page.getByRole("region", { name: /^(Labels|Метки)$/ });

export function labelTests(world: InboxWorld): void {
  describe("labels", () => {
    it("are made, put on, seen by colleagues at once, filtered by and taken off (UI-35)", async ({
      expect,
    }) => {
      const [lola, max] = [await world.customer("Lola Marke"), await world.customer("Max Blank")];
      for (const customer of [lola, max]) await world.say(customer, "Hello");
      const [anna, oleg] = [await world.open(), await world.open("oleg")];
      const { page } = anna;
      await openChat(page, lola);
      await labels(page).getByText("No labels").waitFor();
      await labels(page).getByRole("button", { name: "Add label" }).click();
      await page.getByRole("menuitem", { name: "New label…" }).click();
      await expect.poll(() => hasFocus(labels(page).getByRole("textbox", { name: "Name" }))).toBe(true);
      await page.keyboard.type("Wholesale");
      await labels(page).getByRole("button", { name: "Purple" }).click();
      await labels(page).getByRole("button", { name: "Create" }).click();
      for (const tab of [anna, oleg]) await row(tab.page, lola, "Wholesale").waitFor();
      await page.getByText("anna added the label “Wholesale”").waitFor();
      await expectAccessible(anna, expect);

      // By keyboard alone: a second one from the menu.
      await world.api("oleg", "POST", "/labels", { name: "Returns", color: "red" });
      await page.reload();
      await labels(page).getByRole("button", { name: "Add label" }).press("Enter");
      await page.getByRole("menuitemcheckbox", { name: "Returns" }).press("Enter");
      await row(page, lola, "Returns").waitFor();
      await page.keyboard.press("Escape");

      const filter = oleg.page.getByRole("combobox", { name: "Label" });
      await oleg.page.reload();
      await filter.selectOption("Wholesale");
      await row(oleg.page, lola).waitFor();
      await row(oleg.page, max).waitFor({ state: "detached" });
      await oleg.page.getByRole("button", { name: "All 1" }).waitFor();
      expect(oleg.page.url()).toContain("label=");
      await labels(page).getByRole("button", { name: "Take off the label Wholesale" }).click();
      await oleg.page.getByText("No chat matches these filters").waitFor();
      await oleg.page.getByRole("button", { name: "All 0" }).waitFor();

      await oleg.page.goto("/settings");
      const own = oleg.page.getByRole("region", { name: "Labels" });
      await own.getByRole("button", { name: "Rename the label Returns" }).click();
      await expect.poll(() => hasFocus(own.getByRole("textbox", { name: "Name" }))).toBe(true);
      await oleg.page.keyboard.press("ControlOrMeta+A");
      await oleg.page.keyboard.type("Sent back");
      await own.getByRole("button", { name: "Rename", exact: true }).click();
      await own.getByRole("button", { name: "Delete the label Wholesale" }).click();
      await own.getByText("Delete “Wholesale” from all chats?").waitFor();
      await expectAccessible(oleg, expect);
      await own.getByRole("button", { name: "Delete", exact: true }).click();
      await own.getByText("Wholesale").waitFor({ state: "detached" });
      // Without a reload: the socket says so.
      await row(page, lola, "Sent back").waitFor();
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });
  });
}
