import { it } from "vitest";
import { openTab, takePicture } from "./browser.ts";
import { ARRIVED, bubbles, composer, openChat, send, thread } from "./inbox/world.ts";
import { expectQuiet, type Running } from "./page-system.ts";

const LAPTOP = { viewport: { width: 1280, height: 760 } };
const PHONE = { viewport: { width: 375, height: 667 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** What somebody who has just started local mode does, with nothing but the page; it also takes the README's pictures. */
export function newcomerTests(system: Running): void {
  it("finds a chat, answers it, writes to a new number with a template, and hands a chat over", async ({
    expect,
  }) => {
    const tab = await openTab(system.browser, system.origin, LAPTOP);
    const { page } = tab;
    await page.goto("/");
    await page.getByRole("button", { name: "Anna admin" }).click();
    const rows = page.getByRole("list", { name: "Chats" }).getByRole("listitem");
    await expect.poll(() => rows.count()).toBeGreaterThan(7);

    await openChat(page, { name: "Grace Miller" });
    expect(await page.getByText(/ late$/).count()).toBe(0);
    await send(page, "It is on its way and arrives on Friday.");
    await bubbles(page, "It is on its way").getByRole("img", { name: ARRIVED }).waitFor();
    await page.getByRole("button", { name: "Unassigned", exact: true }).click();
    await page.getByRole("menuitem", { name: "Give to Oleg" }).click();
    await thread(page).getByText("Anna gave this chat to Oleg").waitFor();

    await page.getByRole("button", { name: "New chat" }).click();
    // Whoever opens a dialog to type into it can type.
    const focused = page.locator(":focus");
    await page.getByRole("textbox", { name: "Phone number" }).and(focused).waitFor();
    await page.keyboard.type("+49 151 2345 6789");
    await page.keyboard.press("Enter");
    const templates = page.getByRole("dialog", { name: "Templates" });
    await templates.getByRole("searchbox").and(focused).waitFor();
    await page.keyboard.type("on its way");
    await templates.getByRole("button", { name: /order_shipped/ }).click();
    const form = page.getByRole("dialog", { name: "order_shipped" });
    for (const [label, value] of [
      ["Text, {{1}}", "Jonas"],
      ["Text, {{2}}", "A-12398"],
      ["Text, {{3}}", "Tuesday"],
      [/end of the address/, "A-12398"],
    ] as const)
      await form.getByLabel(label).fill(value);
    await form.getByText("Hello Jonas, order A-12398 is on its way and arrives on Tuesday.").waitFor();
    await takePicture(tab, "templates");
    await form.getByRole("button", { name: "Send" }).click();
    await bubbles(page, "Hello Jonas").getByRole("img", { name: ARRIVED }).waitFor();

    await openChat(page, { name: "Jonas Weber" });
    await thread(page).getByRole("button", { name: "Open photo" }).locator("img").waitFor();
    await send(page, "You are welcome! It arrives on Tuesday.");
    await bubbles(page, "You are welcome")
      .getByRole("img", { name: /^Read, / })
      .waitFor();
    await takePicture(tab, "inbox");

    const phone = await openTab(system.browser, system.simulator, { viewport: { width: 900, height: 860 } });
    await phone.page.goto("/");
    await phone.page.getByRole("button", { name: /Jonas Weber/ }).click();
    await phone.page.getByRole("listitem").filter({ hasText: "It arrives on Tuesday." }).waitFor();
    await takePicture(phone, "customer-phone");
    for (const one of [tab, phone]) expectQuiet(one, expect);
  });

  it("finds last week's order on a phone, in Russian", async ({ expect }) => {
    const tab = await openTab(system.browser, system.origin, { ...PHONE, locale: "ru-RU" });
    const { page } = tab;
    await page.goto("/");
    await page.getByRole("button", { name: /Anna/ }).tap();
    await page.getByRole("searchbox").fill("заказа 48213");
    // Not the chat's row, which is there until something is found.
    const hits = page.getByRole("list", { name: "Сообщения" });
    await hits.getByRole("link", { name: /Ольга Петрова/ }).tap();
    await bubbles(page, "Да, заказ № 48213 у нас").waitFor();
    await page.getByText("Прошло 24 часа").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    expectQuiet(tab, expect);
  });

  it.runIf(process.env.PICTURES)("looks as the README shows it", async () => {
    const dark = { ...LAPTOP, colorScheme: "dark", locale: "ru-RU" } as const;
    for (const [name, options, customer] of [
      ["inbox-dark-ru", dark, "Мария Соколова"],
      ["inbox-phone", PHONE, "Игорь Лебедев"],
    ] as const) {
      const tab = await openTab(system.browser, system.origin, options);
      await tab.page.goto("/");
      await tab.page.getByRole("button", { name: /Anna/ }).click();
      await openChat(tab.page, { name: customer });
      await composer(tab.page).waitFor();
      await bubbles(tab.page, /./).last().waitFor();
      await takePicture(tab, name);
    }
  });
}
