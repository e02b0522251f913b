import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { bubbles, type InboxWorld, openChat } from "./world.ts";

const ACCOUNT = "123456789012345";

export function templateTests(world: InboxWorld): void {
  const aTemplate = async (name: string, text: string, status: string) => {
    const example = { body_text: [["12", "Berlin"]] };
    const body = { type: "BODY", text, ...(text.includes("{{") && { example }) };
    const answer = await fetch(`${world.system.simulator}/v25.0/${ACCOUNT}/message_templates`, {
      method: "POST",
      headers: { authorization: "Bearer EAAtest", "content-type": "application/json" },
      body: JSON.stringify({ name, language: "en_US", category: "UTILITY", components: [body] }),
    });
    const { id } = (await answer.json()) as { id: string };
    await world.control("POST", `/templates/${id}`, { status });
  };

  describe("templates", () => {
    it("are filled in and seen before they are sent (UI-10)", async ({ expect }) => {
      await aTemplate("order_update", "Order {{1}} is on its way to {{2}}.", "APPROVED");
      await aTemplate("black_friday", "Everything is cheaper.", "PAUSED");
      await world.syncTemplates();
      const karla = await world.customer("Karla Vorlage");
      await world.say(karla, "Any news?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, karla);
      await page.getByRole("button", { name: "Send a template" }).click();
      const dialog = page.getByRole("dialog", { name: "Templates" });
      await dialog.getByRole("searchbox").fill("black_friday");
      const found = dialog.getByRole("listitem").getByRole("button", { name: /black_friday/ });
      await found.waitFor();
      expect(await found.isDisabled()).toBe(true);
      await dialog.getByRole("searchbox").fill("order_update");
      await dialog
        .getByRole("button", { name: /order_update/ })
        .first()
        .click();
      const form = page.getByRole("dialog");
      const send = form.getByRole("button", { name: "Send" });
      const fields = form.getByRole("textbox");
      await fields.nth(1).waitFor();
      expect(await send.isDisabled()).toBe(true);
      await fields.nth(0).fill("N 17");
      await fields.nth(1).fill("Graz");
      await form
        .getByRole("region", { name: "Preview" })
        .getByText("Order N 17 is on its way to Graz.")
        .waitFor();
      await expectAccessible(tab, expect);
      await send.click();
      await form.waitFor({ state: "detached" });
      await bubbles(page, "Order N 17 is on its way to Graz.").waitFor();
      await expect
        .poll(async () => (await world.sentTo(karla)).map(({ template }) => template))
        .toMatchObject([
          {
            name: "order_update",
            components: [
              {
                type: "body",
                parameters: [
                  { type: "text", text: "N 17" },
                  { type: "text", text: "Graz" },
                ],
              },
            ],
          },
        ]);
      expectQuiet(tab, expect);
    });

    it("begin a chat with somebody new, and open the one that exists (UI-45)", async ({ expect }) => {
      const phone = "79163334455";
      await world.syncTemplates();
      const anna = await world.open();
      const oleg = await world.open("oleg");
      const { page } = anna;
      const begin = async (typed: string) => {
        await page.getByRole("button", { name: "New chat" }).click();
        const dialog = page.getByRole("dialog", { name: "New chat" });
        await dialog.getByRole("textbox", { name: "Phone number" }).fill(typed);
        await dialog.getByRole("button", { name: "Choose a template" }).click();
        return dialog;
      };
      const refused = await begin("call me");
      await refused.getByRole("alert").getByText("not a phone number").waitFor();
      await expectAccessible(anna, expect);
      await page.keyboard.press("Escape");
      await begin("+7 (916) 333-44-55");
      await page
        .getByRole("dialog", { name: "Templates" })
        .getByRole("button", { name: /hello_world/ })
        .first()
        .click();
      await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
      await page.getByRole("heading", { level: 2, name: "+7 916 333-44-55" }).waitFor();
      for (const tab of [anna, oleg]) {
        const shown = tab.page.getByRole("link", { name: /916 333-44-55|Customer 4455/ });
        await expect.poll(() => shown.count()).toBe(1);
      }
      const address = page.url();
      await page.goto("/inbox");
      await begin("8 916 333 44 55");
      await expect.poll(() => page.url()).toBe(address);
      await expect.poll(() => world.shownTo({ phone })).toHaveLength(1);
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });
  });
}
