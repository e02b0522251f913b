import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { bubbles, DOT, type InboxWorld, type Json, openChat } from "./world.ts";

const ACCOUNT = "123456789012345";

export function templateTests(world: InboxWorld): void {
  /** A template as Meta has it after its review. */
  const aTemplate = async (name: string, components: Json[], status: string, more: Json = {}) => {
    const answer = await fetch(`${world.system.simulator}/v25.0/${ACCOUNT}/message_templates`, {
      method: "POST",
      headers: { authorization: "Bearer EAAtest", "content-type": "application/json" },
      body: JSON.stringify({ name, language: "en_US", category: "UTILITY", components, ...more }),
    });
    const { id } = (await answer.json()) as { id: string };
    await world.control("POST", `/templates/${id}`, { status });
  };
  const sentComponents = async (customer: { phone: string }) =>
    (await world.sentTo(customer)).map(({ template }) => (template as Json).components);

  describe("templates", () => {
    it("are filled in with a picture and texts, and seen before they are sent (UI-10)", async ({
      expect,
    }) => {
      await aTemplate(
        "order_update",
        [
          { type: "HEADER", format: "IMAGE", example: { header_handle: ["https://example.com/a.png"] } },
          {
            type: "BODY",
            text: "Order {{1}} is on its way to {{2}}.",
            example: { body_text: [["12", "Berlin"]] },
          },
          {
            type: "BUTTONS",
            buttons: [
              {
                type: "URL",
                text: "Track",
                url: "https://example.com/t/{{1}}",
                example: ["https://example.com/t/1"],
              },
            ],
          },
        ],
        "APPROVED",
      );
      await aTemplate("black_friday", [{ type: "BODY", text: "Everything is cheaper." }], "PAUSED", {
        category: "MARKETING",
      });
      await world.syncTemplates();
      const karla = await world.customer("Karla Vorlage");
      await world.say(karla, "Any news?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, karla);
      await page.getByRole("button", { name: "Send a template" }).click();
      const dialog = page.getByRole("dialog", { name: "Templates" });
      await dialog.getByRole("combobox", { name: "Category" }).selectOption("Marketing");
      const paused = dialog.getByRole("button", { name: /black_friday.*Meta has paused it/ });
      await paused.waitFor();
      expect(await paused.isDisabled()).toBe(true);
      expect(await dialog.getByRole("button", { name: /order_update/ }).count()).toBe(0);
      await dialog.getByRole("combobox", { name: "Category" }).selectOption("");
      await dialog.getByRole("searchbox").fill("on its way order");
      await dialog.getByRole("button", { name: /order_update/ }).click();

      const form = page.getByRole("dialog", { name: "order_update" });
      const send = form.getByRole("button", { name: "Send" });
      const preview = form.getByRole("region", { name: "Preview" });
      const picture = form.getByLabel("Header: picture");
      await picture.setInputFiles({ name: "a.gif", mimeType: "image/gif", buffer: Buffer.from("GIF89a") });
      await form.getByRole("alert").getByText("WhatsApp does not take a.gif here").waitFor();
      await picture.setInputFiles({ name: "parcel.png", mimeType: "image/png", buffer: DOT });
      await preview.getByRole("img", { name: "picture" }).waitFor();
      await form.getByLabel("Text, {{1}}").fill("N 17");
      await preview.getByText("Order N 17 is on its way to {{2}}.").waitFor();
      await form.getByLabel("Text, {{2}}").fill("Graz");
      expect(await send.isDisabled()).toBe(true);
      await form.getByLabel("Button “Track”: end of the address").fill("n17");
      await preview.getByText("https://example.com/t/n17").waitFor();
      await expectAccessible(tab, expect);
      // What is sent is what was typed, although the preview is a key behind.
      await form.getByLabel("Text, {{2}}").fill("Graz, Austria");
      await page.keyboard.press("Enter");
      await form.waitFor({ state: "detached" });
      await bubbles(page, "Order N 17 is on its way to Graz, Austria.").waitFor();
      await expect
        .poll(() => sentComponents(karla))
        .toEqual([
          [
            {
              type: "header",
              parameters: [{ type: "image", image: { id: expect.stringMatching(/^\d+$/) } }],
            },
            {
              type: "body",
              parameters: [
                { type: "text", text: "N 17" },
                { type: "text", text: "Graz, Austria" },
              ],
            },
            {
              type: "button",
              sub_type: "url",
              index: "0",
              parameters: [{ type: "text", text: "n17" }],
            },
          ],
        ]);
      expectQuiet(tab, expect);
    });

    it("are filled in by the names of their variables, with a document (UI-10)", async ({ expect }) => {
      await aTemplate(
        "your_invoice",
        [
          { type: "HEADER", format: "DOCUMENT", example: { header_handle: ["https://example.com/a.pdf"] } },
          {
            type: "BODY",
            text: "Hello {{first_name}}, here it is.",
            example: { body_text_named_params: [{ param_name: "first_name", example: "Ann" }] },
          },
        ],
        "APPROVED",
        { parameter_format: "NAMED" },
      );
      await world.syncTemplates();
      const vito = await world.customer("Vito Rechnung");
      await world.say(vito, "The invoice?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, vito);
      await page.getByRole("button", { name: "Send a template" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /your_invoice/ })
        .click();
      const form = page.getByRole("dialog", { name: "your_invoice" });
      const send = form.getByRole("button", { name: "Send" });
      await form.getByLabel("Text, {{first_name}}").fill("Vito");
      await form.getByText("Hello Vito, here it is.").waitFor();
      expect(await send.isDisabled()).toBe(true);
      await form.getByLabel("Header: document").setInputFiles({
        name: "march.pdf",
        mimeType: "application/pdf",
        buffer: Buffer.from("%PDF-1.4\n%%EOF\n"),
      });
      await form.getByRole("region", { name: "Preview" }).getByText("march.pdf").waitFor();
      await send.click();
      await expect
        .poll(() => sentComponents(vito))
        .toEqual([
          [
            {
              type: "header",
              parameters: [
                { type: "document", document: { id: expect.stringMatching(/^\d+$/), filename: "march.pdf" } },
              ],
            },
            {
              type: "body",
              parameters: [{ type: "text", parameter_name: "first_name", text: "Vito" }],
            },
          ],
        ]);
      await bubbles(page, "Hello Vito, here it is.").waitFor();
      expectQuiet(tab, expect);
    });

    it("show the video of their header before it is sent (UI-10)", async ({ expect }) => {
      await aTemplate(
        "see_it_move",
        [
          { type: "HEADER", format: "VIDEO", example: { header_handle: ["https://example.com/a.mp4"] } },
          { type: "BODY", text: "See how it works." },
        ],
        "APPROVED",
      );
      await world.syncTemplates();
      const vida = await world.customer("Vida Film");
      await world.say(vida, "How does it work?");
      const tab = await world.open("anna", await world.addressOf(vida));
      const { page } = tab;
      await page.getByRole("button", { name: "Send a template" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /see_it_move/ })
        .click();
      const form = page.getByRole("dialog", { name: "see_it_move" });
      const send = form.getByRole("button", { name: "Send" });
      await form.getByRole("region", { name: "Preview" }).getByText("See how it works.").waitFor();
      expect(await send.isDisabled()).toBe(true);
      await form.getByLabel("Header: video").setInputFiles({
        name: "how.mp4",
        mimeType: "video/mp4",
        buffer: Buffer.from("00000018667479706d703432", "hex"),
      });
      await form.getByRole("region", { name: "Preview" }).locator("video").waitFor();
      await send.click();
      await expect
        .poll(() => sentComponents(vida))
        .toEqual([
          [
            {
              type: "header",
              parameters: [{ type: "video", video: { id: expect.stringMatching(/^\d+$/) } }],
            },
          ],
        ]);
      expectQuiet(tab, expect);
    });

    it("are found by their language, and say in that of the page what is wrong with a value (UI-10)", async ({
      expect,
    }) => {
      const text = (body: string) => [{ type: "BODY", text: body, example: { body_text: [["12"]] } }];
      await aTemplate("spoken_here", text("Your number is {{1}}, see you."), "APPROVED");
      await aTemplate("spoken_here", text("Ваш номер {{1}}, до встречи."), "APPROVED", { language: "ru" });
      await world.syncTemplates();
      const vika = await world.customer("Вика Шаблонова");
      await world.say(vika, "Добрый день");
      const tab = await world.open("anna", await world.addressOf(vika), { locale: "ru-RU" });
      const { page } = tab;
      await page.getByRole("button", { name: "Отправить шаблон" }).click();
      const dialog = page.getByRole("dialog", { name: "Шаблоны" });
      const found = dialog.getByRole("button", { name: /spoken_here/ });
      await expect.poll(() => found.count()).toBe(2);
      await dialog.getByRole("combobox", { name: "Язык" }).selectOption({ label: "русский" });
      await expect.poll(() => found.count()).toBe(1);
      expect(await found.textContent()).toContain("Ваш номер");
      await found.click();
      const form = page.getByRole("dialog", { name: "spoken_here" });
      await form.getByLabel("Текст, {{1}}").fill("12      34");
      await form.getByRole("alert").filter({ hasText: "Текст, {{1}}: без переносов строк" }).waitFor();
      expect(await form.getByRole("button", { name: "Отправить" }).isDisabled()).toBe(true);
      await form.getByLabel("Текст, {{1}}").fill("12 34");
      await form.getByRole("button", { name: "Отправить" }).click();
      await bubbles(page, "Ваш номер 12 34, до встречи.").waitFor();
      expectQuiet(tab, expect);
    });

    it("begin a chat with somebody new, and open the one that exists (UI-45)", async ({ expect }) => {
      const phone = "79163334455";
      // Their name may come with the first status.
      const begun = /916 333-44-55|Customer 4455/;
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
      await page.getByRole("heading", { level: 2, name: begun }).waitFor();
      for (const tab of [anna, oleg]) {
        const shown = tab.page.getByRole("link", { name: begun });
        await expect.poll(() => shown.count()).toBe(1);
      }
      const address = new URL(page.url()).pathname;
      await page.goto("/inbox");
      await begin("8 916 333 44 55");
      await expect.poll(() => new URL(page.url()).pathname).toBe(address);
      // The list of closed chats does not have it.
      await page.goto("/inbox?status=closed");
      await begin("+7 (916) 333-44-55");
      await expect.poll(() => new URL(page.url()).pathname).toBe(address);
      await expect.poll(() => world.shownTo({ phone })).toHaveLength(1);
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });
  });
}
