import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { bubbles, composer, type InboxWorld, openChat, row, thread } from "./world.ts";

export function listTests(world: InboxWorld): void {
  describe("the list of chats", () => {
    it("shows a customer's message without a reload, and reads it for the team when it is opened (UI-02, UI-04)", async ({
      expect,
    }) => {
      const vera = await world.customer("Vera Blum");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      const { wamid } = await world.say(vera, "Good morning");
      for (const { page } of [anna, oleg]) {
        await row(page, vera, "Good morning.*1 unread message").waitFor();
        await expect.poll(() => page.title()).toMatch(/^\(\d+\) Inbox$/);
      }
      await openChat(anna.page, vera);
      await bubbles(anna.page, "Good morning").waitFor();
      // What was unread is divided from what was read, as long as the chat is open.
      await thread(anna.page).getByText("1 unread message").waitFor();
      await row(oleg.page, vera, "1 unread message").waitFor({ state: "detached" });
      await expect.poll(() => world.readsOf(wamid)).toHaveLength(1);
      await thread(anna.page).getByText("1 unread message").waitFor();
      await openChat(oleg.page, vera);
      await bubbles(oleg.page, "Good morning").waitFor();
      expect(await thread(oleg.page).getByText("1 unread message").count()).toBe(0);
      expect(await loadsBeforeSocket(anna.page)).toBe(1);
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("keeps a chat unread until its tab is in view, and makes it unread again (UI-04)", async ({
      expect,
    }) => {
      const hanna = await world.customer("Hanna Hinten");
      await world.say(hanna, "Morning");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      const show = (state: DocumentVisibilityState) =>
        anna.page.evaluate((now) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => now });
          document.dispatchEvent(new Event("visibilitychange"));
        }, state);
      await row(oleg.page, hanna, "1 unread message").waitFor();
      await openChat(anna.page, hanna);
      await row(oleg.page, hanna, "1 unread message").waitFor({ state: "detached" });
      await show("hidden");
      const { wamid } = await world.say(hanna, "Are you there?");
      await bubbles(anna.page, "Are you there?").waitFor();
      for (const { page } of [anna, oleg]) await row(page, hanna, "1 unread message").waitFor();
      expect(await world.readsOf(wamid)).toEqual([]);
      await show("visible");
      for (const { page } of [anna, oleg])
        await row(page, hanna, "1 unread message").waitFor({ state: "detached" });
      await expect.poll(() => world.readsOf(wamid)).toHaveLength(1);
      await anna.page.getByRole("button", { name: "More actions" }).click();
      await anna.page.getByRole("menuitem", { name: "Mark as unread" }).click();
      for (const { page } of [anna, oleg]) await row(page, hanna, "1 unread message").waitFor();
      expect(await world.readsOf(wamid)).toHaveLength(1);
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("reads what comes while it reads by one more request (UI-04)", async ({ expect }) => {
      const bea = await world.customer("Bea Schnell");
      await world.say(bea, "One");
      const tab = await world.open();
      const { page } = tab;
      const held = Promise.withResolvers<void>();
      let reads = 0;
      await page.route("**/api/waba/chats/*/read", async (route) => {
        reads++;
        await held.promise;
        await route.continue();
      });
      await openChat(page, bea);
      await expect.poll(() => reads).toBe(1);
      for (const text of ["Two", "Three", "Four"]) {
        await world.say(bea, text);
        await bubbles(page, text).waitFor();
      }
      expect(reads).toBe(1);
      held.resolve();
      await row(page, bea, "unread message").waitFor({ state: "detached" });
      await expect.poll(() => reads).toBe(2);
      expectQuiet(tab, expect);
    });

    it("names the kind of a file in its row, and says in words that an answer was not sent (UI-02)", async ({
      expect,
    }) => {
      const ida = await world.customer("Ida Foto");
      const tab = await world.open();
      await world.say(ida, { type: "image", image: { caption: "Is it this one?" } });
      const first = tab.page.getByRole("list", { name: "Chats" }).getByRole("listitem").first();
      await first.filter({ hasText: "📷 Is it this one?" }).waitFor();
      await row(tab.page, ida, "📷 Is it this one\\?.*2[34] h left to reply.*1 unread message").waitFor();
      await openChat(tab.page, ida);
      await world.control("PUT", "/faults", { failed: { code: 131026, times: 1 } });
      await composer(tab.page).fill("It is");
      await composer(tab.page).press("Enter");
      await row(tab.page, ida, "Not sent").waitFor();
      await world.control("DELETE", "/faults");
      expectQuiet(tab, expect);
    });

    it("names each of several numbers, filters by it, and begins a chat from it (UI-03, UI-45)", async ({
      expect,
    }) => {
      const [one, two] = [await world.customer("Ute Eins"), await world.customer("Udo Zwei")];
      const wabaPhoneNumberId = "554433221100998";
      await world.control("PATCH", `/phones/${wabaPhoneNumberId}`, { wabaId: "123456789012345" });
      await world.sql(
        `insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "connectionType", "wabaPhoneNumberId", "wabaId",
           "wabaApiVersion", "wabaVerifyToken")
         select "organizationId", 'Night desk', '79001234999', "connectionType", $1, "wabaId", "wabaApiVersion", 'other'
         from "OrganizationPhone" where id = 1`,
        [wabaPhoneNumberId],
      );
      await world.syncTemplates();
      await world.say(one, "By day");
      await world.control("POST", `/customers/${two.phone}/messages?phoneNumberId=${wabaPhoneNumberId}`, {
        type: "text",
        text: { body: "By night" },
      });
      const tab = await world.open();
      const { page } = tab;
      await row(page, one, "By day.*WhatsApp Business Official").waitFor();
      await row(page, two, "By night.*Night desk").waitFor();
      await page.getByRole("combobox", { name: "Number" }).selectOption("Night desk");
      await row(page, one).waitFor({ state: "detached" });
      await page.getByRole("button", { name: "All 1" }).waitFor();
      await page.reload();
      await openChat(page, two);
      await page.getByRole("complementary", { name: "Contact details" }).getByText("Night desk").waitFor();

      await page.getByRole("button", { name: "New chat" }).click();
      const dialog = page.getByRole("dialog", { name: "New chat" });
      await dialog.getByRole("combobox", { name: "From" }).selectOption("Night desk");
      await dialog.getByRole("textbox", { name: "Phone number" }).fill("+43 660 1234567");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: /hello_world/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
      await row(page, { name: "660 123 4567" }, "Night desk").waitFor();
      expectQuiet(tab, expect);
    });

    it("opens a chat by its address, goes back, and fits a phone (UI-01)", async ({ expect }) => {
      const nora = await world.customer("Nora Adresse");
      await world.say(nora, "Hello from a phone");
      const nils = await world.customer("Nils Nachbar");
      await world.say(nils, "Hello from next door");
      const tab = await world.open("anna", "/inbox", {
        viewport: { width: 375, height: 667 },
        hasTouch: true,
      });
      const { page } = tab;
      await openChat(page, nora);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
      expect(await row(page, nora).count()).toBe(0);
      const address = page.url();
      await page.goBack();
      await row(page, nora).waitFor();
      await page.goto(`${address}?status=open&view=all`);
      await bubbles(page, "Hello from a phone").waitFor();
      await page.setViewportSize({ width: 1300, height: 800 });
      await page.getByRole("button", { name: /^All/, pressed: true }).waitFor();
      await openChat(page, nils);
      await page.goBack();
      await page.getByRole("heading", { level: 2, name: nora.name }).waitFor();
      await page.setViewportSize({ width: 375, height: 667 });
      await page.goto(address);
      await bubbles(page, "Hello from a phone").waitFor();
      await page.getByRole("button", { name: "Back" }).tap();
      await row(page, nora).waitFor();
      expectQuiet(tab, expect);
    });

    it("cuts a text from right to left at its end (UI-33)", async ({ expect }) => {
      const zara = await world.customer("Zara Rechts");
      await world.say(zara, "مرحبا ".repeat(30));
      const { page } = await world.open();
      const preview = row(page, zara).getByText("مرحبا");
      const style = await preview.evaluate((text) => {
        const { direction, textOverflow } = getComputedStyle(text);
        return { direction, textOverflow, isCut: text.scrollWidth > text.clientWidth };
      });
      expect(style).toEqual({ direction: "rtl", textOverflow: "ellipsis", isCut: true });
    });
  });
}

/** How often the page had asked for the list by the time that it had a ticket for its socket, after which it loads the list anew. */
async function loadsBeforeSocket(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const asked = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const ticketAt = asked.find(({ name }) => name.endsWith("/socket-tickets"))?.responseEnd ?? 0;
    return asked.filter(({ name, startTime }) => name.includes("/chats?") && startTime < ticketAt).length;
  });
}
