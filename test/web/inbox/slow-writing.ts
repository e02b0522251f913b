import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import {
  ARRIVED,
  bubbles,
  choose,
  composer,
  deafen,
  hasFocus,
  holdRequests,
  type InboxWorld,
  type Json,
  nextFrame,
  openChat,
  row,
  send,
} from "./world.ts";

const ACCOUNT = "123456789012345";
const PDF = { name: "plan.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF\n") };
const BROKEN = { status: 502, contentType: "text/html", body: "<h1>Gateway</h1>" };

export function slowWritingTests(world: InboxWorld): void {
  /** A template with one variable, chosen in a chat. */
  const openTemplate = async (page: Page, name: string) => {
    await page.getByRole("button", { name: "Send a template" }).click();
    await page.getByRole("dialog", { name: "Templates" }).getByRole("button", { name }).click();
    return page.getByRole("dialog", { name });
  };
  const aTemplate = async (name: string) => {
    const body = { type: "BODY", text: "Order {{1}} is here.", example: { body_text: [["12"]] } };
    const answer = await fetch(`${world.system.simulator}/v25.0/${ACCOUNT}/message_templates`, {
      method: "POST",
      headers: { authorization: "Bearer EAAtest", "content-type": "application/json" },
      body: JSON.stringify({ name, language: "en_US", category: "UTILITY", components: [body] }),
    });
    const { id } = (await answer.json()) as Json;
    await world.control("POST", `/templates/${id}`, { status: "APPROVED" });
    await world.syncTemplates();
  };

  describe("writing over a slow network", () => {
    it("closes a chat before it goes on, and leads nobody away who has gone on (UI-25)", async ({
      expect,
    }) => {
      const [vera, viola] = [await world.customer("Vera Schließen"), await world.customer("Viola Weiter")];
      for (const one of [viola, vera]) await world.say(one, "Hello");
      const tab = await world.open();
      const { page } = tab;
      const isChange = /\/chats\/\d+$/;
      await openChat(page, vera);
      const address = page.url();
      await page.route(isChange, (route) =>
        route.request().method() === "PATCH" ? route.fulfill(BROKEN) : route.fallback(),
      );
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      await page.keyboard.press("Escape");
      await page.keyboard.press("e");
      await page.getByRole("alert").getByText("an error that this page does not know").waitFor();
      expect(page.url()).toBe(address);
      await page.unroute(isChange);

      const slow = await holdRequests(page, isChange);
      await page.keyboard.press("e");
      await slow.asked;
      await page.goBack();
      await openChat(page, viola);
      const elsewhere = page.url();
      await slow.release();
      await row(page, vera).waitFor({ state: "detached" });
      await nextFrame(page);
      expect(page.url()).toBe(elsewhere);
      expect(tab.foreign).toEqual([]);
    });

    it("loses no word of a note, and gives the focus back (UI-35)", async ({ expect }) => {
      const vito = await world.customer("Vito Notiz");
      await world.say(vito, "Hello");
      const tab = await world.open();
      const { page } = tab;
      const note = page.getByRole("textbox", { name: "Note" });
      const write = () => page.getByRole("button", { name: "Write a note" }).click();
      await openChat(page, vito);
      const slow = await holdRequests(page, "**/notes");
      await write();
      await note.fill("The first one");
      await note.press("Enter");
      await slow.asked;
      await note.press("Escape");
      await write();
      await note.fill("The second one");
      await slow.release();
      await bubbles(page, "The first one").waitFor();
      await nextFrame(page);
      expect(await note.inputValue()).toBe("The second one");

      // The answer is lost, and the agent writes on.
      await page.route(
        "**/notes",
        async (route) => {
          await route.fetch();
          await route.abort();
        },
        { times: 1 },
      );
      await note.press("Enter");
      await page.getByRole("alert").getByText("The server cannot be reached").waitFor();
      await note.fill("The second one, longer");
      await note.press("Enter");
      await bubbles(page, "The second one, longer").waitFor();
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      await write();
      await note.press("Escape");
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      expect(tab.foreign).toEqual([]);
    });

    it("leaves the focus to who writes on, whatever is answered or comes meanwhile (UI-12)", async ({
      expect,
    }) => {
      const vanda = await world.customer("Vanda Fokus");
      await world.say(vanda, "Hello");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, vanda);
      const slow = await holdRequests(page, "**/contacts/*");
      await page.getByRole("button", { name: "Rename the contact" }).click();
      await page.getByRole("textbox", { name: "Name for your team" }).fill("Vanda Schnell");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await slow.asked;
      await composer(page).click();
      await page.keyboard.type("first ");
      await slow.release();
      await page.getByRole("button", { name: "Rename the contact" }).waitFor();
      await page.keyboard.type("second ");
      expect(await composer(page).inputValue()).toBe("first second ");

      await page.getByRole("button", { name: "Add label" }).click();
      await page.getByRole("menuitem", { name: "New label…" }).click();
      await page.getByRole("textbox", { name: "Name" }).waitFor();
      await composer(page).click();
      await world.say(vanda, "Are you still there?");
      await bubbles(page, "Are you still there?").waitFor();
      await page.keyboard.type("third");
      expect(await composer(page).inputValue()).toBe("first second third");
      expect(tab.foreign).toEqual([]);
    });

    it("sends a template once, and says when its form or its preview did not come (UI-10)", async ({
      expect,
    }) => {
      await aTemplate("slow_order");
      const vroni = await world.customer("Vroni Vorlage");
      await world.say(vroni, "Hello");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, vroni);
      const isForm = /\/templates\/\d+$/;
      await page.route(isForm, (route) => route.fulfill(BROKEN));
      const form = await openTemplate(page, "slow_order");
      await form.getByRole("alert").waitFor();
      await page.unroute(isForm);
      await form.getByRole("button", { name: "Try again" }).click();
      const field = form.getByLabel("Text, {{1}}");
      await field.waitFor();

      await page.route("**/preview", (route) => route.fulfill(BROKEN));
      await field.fill("N 17");
      await form.getByRole("alert").getByText("an error that this page does not know").waitFor();
      await page.unroute("**/preview");
      await form.getByRole("button", { name: "Try again" }).click();
      await form.getByRole("region", { name: "Preview" }).getByText("Order N 17 is here.").waitFor();

      const slow = await holdRequests(page, "**/preview");
      await field.fill("N 18");
      await field.press("Enter");
      await field.press("Enter");
      await slow.release();
      await form.waitFor({ state: "detached" });
      await bubbles(page, "Order N 18 is here.").getByRole("img", { name: ARRIVED }).first().waitFor();
      await send(page, "That was all");
      await bubbles(page, "That was all").getByRole("img", { name: ARRIVED }).waitFor();
      expect((await world.shownTo(vroni)).map(({ type }) => type)).toEqual(["template", "text"]);
      expect(tab.foreign).toEqual([]);
    });

    it("turns no file into its name when a colleague was faster (UI-18)", async ({ expect }) => {
      const volker = await world.customer("Volker Datei");
      await world.say(volker, "The plan, please");
      const [anna, oleg] = [await world.open(), await world.open("oleg")];
      const { page } = anna;
      await openChat(oleg.page, volker);
      await deafen(page);
      await openChat(page, volker);
      await send(oleg.page, "A moment");
      await bubbles(oleg.page, "A moment").getByRole("img", { name: ARRIVED }).waitFor();
      await page.getByLabel("Attach files").setInputFiles(PDF);
      await page.getByRole("button", { name: "Send", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "A colleague has answered already" });
      await dialog.getByText("plan.pdf").waitFor();
      // A file cannot be written on.
      expect(await dialog.getByRole("button", { name: "Edit" }).count()).toBe(0);
      await dialog.getByRole("button", { name: "Do not send" }).click();
      await dialog.waitFor({ state: "detached" });
      expect(await composer(page).inputValue()).toBe("");
      expect((await world.shownTo(volker)).map(({ type }) => type)).toEqual(["text"]);
      expect(anna.foreign).toEqual([]);
    });

    it("keeps the quote and the draft that were begun while a file goes out (UI-13, UI-15)", async ({
      expect,
    }) => {
      const [vincent, valerie] = [await world.customer("Vincent Zitat"), await world.customer("Valerie Neu")];
      for (const one of [valerie, vincent]) await world.say(one, "Hello");
      await world.say(vincent, "One more question");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, vincent);
      await choose(page, "Hello", "Reply");
      const slow = await holdRequests(page, "**/media?*");
      await page.getByLabel("Attach files").setInputFiles(PDF);
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await slow.asked;
      await choose(page, "One more question", "Reply");
      await slow.release();
      await bubbles(page, "plan.pdf").getByRole("img", { name: ARRIVED }).waitFor();
      await page.getByText("Reply to Vincent Zitat").waitFor();
      await send(page, "Which one?");
      await bubbles(page, "Which one?")
        .getByRole("button", { name: /One more question/ })
        .waitFor();

      const failing = await holdRequests(page, "**/media?*");
      await page.getByLabel("Attach files").setInputFiles(PDF);
      await composer(page).fill("The plan");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await failing.asked;
      await composer(page).fill("And a question");
      await openChat(page, valerie);
      await failing.abort();
      await nextFrame(page);
      await openChat(page, vincent);
      await expect.poll(() => composer(page).inputValue()).toBe("The plan\nAnd a question");
      // The file is there again too, with what became of it, and goes out at the next try.
      await page.getByText("plan.pdf could not be uploaded").waitFor();
      const slower = await holdRequests(page, "**/media?*");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await slower.asked;
      await expect.poll(() => composer(page).inputValue()).toBe("");
      await openChat(page, valerie);
      await openChat(page, vincent);
      await page.getByRole("heading", { level: 2, name: vincent.name }).waitFor();
      await composer(page).fill("By when?");
      await slower.abort();
      await expect.poll(() => composer(page).inputValue()).toBe("The plan\nAnd a question\nBy when?");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await bubbles(page, "And a question").getByRole("img", { name: ARRIVED }).waitFor();
      expect(tab.foreign).toEqual([]);
    });

    it("opens no chat once the dialog that looked for it is closed (UI-45)", async ({ expect }) => {
      const vlado = await world.customer("Vlado Doch");
      await world.say(vlado, "Hello");
      await world.addressOf(vlado);
      // The list has not loaded the chat.
      const tab = await world.open("anna", "/inbox?status=closed");
      const { page } = tab;
      const slow = await holdRequests(page, "**/search?*");
      await page.getByRole("button", { name: "New chat" }).click();
      const dialog = page.getByRole("dialog", { name: "New chat" });
      await dialog.getByRole("textbox", { name: "Phone number" }).fill(vlado.phone);
      await page.keyboard.press("Enter");
      await slow.asked;
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      const address = page.url();
      const answered = page.waitForResponse("**/search?*");
      await slow.release();
      await (await answered).finished();
      await nextFrame(page);
      expect(page.url()).toBe(address);
      expect(tab.foreign).toEqual([]);
    });
  });
}
