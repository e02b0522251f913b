import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { describe, it, onTestFinished } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  composer,
  hasFocus,
  type InboxWorld,
  type Json,
  openChat,
  row,
  send,
} from "./world.ts";

/** The address of a server that takes that many bytes of a request and then no more, until the test ends. */
async function startStalledServer(bytes: number): Promise<string> {
  const server = createServer((request) => {
    let taken = 0;
    request.on("data", (part: Buffer) => {
      taken += part.length;
      if (taken >= bytes) request.pause();
    });
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** All that the browser keeps for the page. */
const stored = (page: Page) =>
  page.evaluate(async () =>
    JSON.stringify({
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
    }),
  );

export function sendingTests(world: InboxWorld): void {
  const textsAt = async (customer: { phone: string }) =>
    (await world.shownTo(customer)).map(({ text }) => (text as Json).body);

  describe("sending", () => {
    it("sends once, whatever happens to the network and the page (UI-05, UI-06)", async ({ expect }) => {
      const paul = await world.customer("Paul Once");
      await world.say(paul, "Where is my order?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, paul);
      await send(page, "On its way");
      await page.getByRole("img", { name: ARRIVED }).waitFor();
      await expect.poll(() => composer(page).inputValue()).toBe("");

      // The row is here before the answer to its request: never two bubbles.
      const late = Promise.withResolvers<void>();
      await page.route("**/api/waba/send", async (route) => {
        const answer = await route.fetch();
        await late.promise;
        await route.fulfill({ response: answer });
      });
      await send(page, "Tomorrow");
      await bubbles(page, "Tomorrow").getByRole("img", { name: ARRIVED }).waitFor();
      expect(await bubbles(page, "Tomorrow").count()).toBe(1);
      late.resolve();
      await page.unrouteAll({ behavior: "wait" });
      expect(await bubbles(page, "Tomorrow").count()).toBe(1);

      // The answer is lost after Enter, and the page is loaded again before it is sent once more.
      await page.route("**/api/waba/send", (route) => route.abort());
      await send(page, "Out of stock");
      await page.getByRole("img", { name: /^Waiting to be sent, / }).waitFor();
      await page.unroute("**/api/waba/send");
      await page.reload();
      await expect.poll(() => textsAt(paul)).toEqual(["On its way", "Tomorrow", "Out of stock"]);
      await page.getByRole("img", { name: ARRIVED }).nth(2).waitFor();
      expect(await bubbles(page, "Out of stock").count()).toBe(1);
      expect(tab.foreign).toEqual([]);
    });

    it("keeps drafts, and minds input methods and the limit (UI-12)", async ({ expect }) => {
      const [leo, mia] = [await world.customer("Leo Entwurf"), await world.customer("Mia Entwurf")];
      for (const customer of [leo, mia]) await world.say(customer, "Hi");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, mia);
      await composer(page).fill("half a sen");
      await composer(page).dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
      await page.reload();
      await expect.poll(() => composer(page).inputValue()).toBe("half a sen");
      await composer(page).press("Shift+Enter");
      await expect.poll(() => composer(page).inputValue()).toContain("\n");
      await composer(page).fill("x".repeat(4097));
      await page.getByText("4097 of 4096 characters").waitFor();
      expect(await page.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true);
      await composer(page).fill("for Mia");
      await openChat(page, leo);
      await expect.poll(() => composer(page).inputValue()).toBe("");
      await composer(page).fill("for Leo");
      await page.reload();
      await expect.poll(() => composer(page).inputValue()).toBe("for Leo");
      await openChat(page, mia);
      await expect.poll(() => composer(page).inputValue()).toBe("for Mia");
      expect(await textsAt(mia)).toEqual([]);

      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("switch", { name: "Enter begins a new line" }).check();
      await page.goBack();
      await composer(page).press("End");
      await composer(page).press("Enter");
      await page.keyboard.type("and more");
      await page.keyboard.press("Control+Enter");
      await expect.poll(() => textsAt(mia)).toEqual(["for Mia\nand more"]);

      // A sign-in that ends leaves the draft to the same agent, and signing out nothing to anybody.
      await composer(page).fill("still to be said");
      await page.route("**/api/waba/chats/*/messages*", (route) => route.fulfill({ status: 401, json: {} }));
      await row(page, leo).click();
      const cover = page.getByRole("dialog", { name: "Your sign-in has expired" });
      await cover.waitFor();
      await page.unrouteAll({ behavior: "wait" });
      await cover.getByRole("textbox", { name: "Token" }).fill(await world.system.tokenFor("anna"));
      await page.keyboard.press("Enter");
      await cover.waitFor({ state: "detached" });
      await openChat(page, mia);
      await expect.poll(() => composer(page).inputValue()).toBe("still to be said");
      await expect.poll(() => stored(page)).toContain("still to be said");
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await expect.poll(() => stored(page)).toBe('{"local":{},"session":{},"databases":[],"caches":[]}');
      expect(tab.foreign).toEqual([]);
    });

    it("inserts a quick reply, filled in, and asks before what is open goes out (UI-11)", async ({
      expect,
    }) => {
      const sue = await world.customer("Sue Schnell");
      await world.say(sue, "Hi there");
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      await page.getByRole("textbox", { name: "Shortcut" }).fill("/helpful");
      await page
        .getByRole("textbox", { name: "Text" })
        .fill("Hello {{contact.name}}, order {{order}} is ready");
      await page.getByRole("button", { name: "Add" }).click();
      await page.getByRole("button", { name: "Delete /helpful" }).waitFor();
      await expectAccessible(tab, expect);
      await page.getByRole("link", { name: "Inbox" }).click();
      await openChat(page, sue);
      const box = page.getByLabel("Message", { exact: true });
      await box.fill("and/or");
      expect(await page.getByRole("listbox").count()).toBe(0);
      await box.fill("/hel");
      await page.getByRole("option", { name: /helpful/ }).waitFor();
      await box.press("Escape");
      await page.getByRole("listbox").waitFor({ state: "detached" });
      await box.fill("");
      await page.getByRole("button", { name: "Quick replies" }).click();
      await page.getByRole("option", { name: /helpful/ }).waitFor();
      await box.fill("");
      await page.keyboard.press("Control+Slash");
      await page.keyboard.type("help");
      await page.getByRole("option", { name: /helpful/ }).waitFor();
      await expectAccessible(tab, expect);
      await page.keyboard.press("Enter");
      await expect.poll(() => box.inputValue()).toBe("Hello Sue Schnell, order {{order}} is ready");
      await box.press("Enter");
      await page.getByRole("alert").getByText("{{order}} is still to be filled in").waitFor();
      expect(await world.shownTo(sue)).toEqual([]);
      // In the middle of what is written, too.
      await box.fill("Before. After.");
      await box.evaluate((area) => (area as HTMLTextAreaElement).setSelectionRange(8, 8));
      await page.keyboard.press("Control+Slash");
      await page.getByRole("option", { name: /helpful/ }).waitFor();
      await page.keyboard.press("Enter");
      await expect
        .poll(() => box.inputValue())
        .toBe("Before. Hello Sue Schnell, order {{order}} is readyAfter.");
      await page.getByRole("listbox").waitFor({ state: "detached" });
      await send(page, "Hello Sue Schnell, order 17 is ready");
      await bubbles(page, "order 17 is ready").getByRole("img", { name: ARRIVED }).waitFor();
      expectQuiet(tab, expect);
    });

    it("refuses a file that is too large, and sends several in order (UI-13)", async ({ expect }) => {
      const ugo = await world.customer("Ugo Papiere");
      await world.say(ugo, "The contract, please");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, ugo);
      const input = page.getByLabel("Attach files");
      await input.setInputFiles({
        name: "large.jpg",
        mimeType: "image/jpeg",
        buffer: Buffer.alloc(6_000_000),
      });
      await page.getByText("large.jpg is larger than 5 MB").waitFor();
      await input.setInputFiles(
        ["one", "two"].map((name) => ({
          name: `${name}.png`,
          mimeType: "image/png",
          buffer: Buffer.alloc(5_100_000),
        })),
      );
      await page
        .getByRole("alert")
        .getByText(/one\.png is larger.*two\.png is larger/)
        .waitFor();
      const pdf = (title: string) => ({
        name: `${title}.pdf`,
        mimeType: "application/pdf",
        buffer: Buffer.from(`%PDF-1.4\n% ${title}\n%%EOF\n`),
      });
      // Dropped, pasted, or chosen: all the same.
      await input.setInputFiles([pdf("first")]);
      for (const [type, name] of [
        ["drop", "second.pdf"],
        ["paste", "third.pdf"],
      ] as const)
        await composer(page).evaluate(
          (box, { type, name }) => {
            const data = new DataTransfer();
            data.items.add(new File([`%PDF-1.4\n% ${name}\n%%EOF\n`], name, { type: "application/pdf" }));
            const event =
              type === "drop"
                ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
                : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            box.dispatchEvent(event);
          },
          { type, name },
        );
      await composer(page).fill("All papers");
      // A call that Meta did not confirm may have been carried out; a file that was uploaded twice harms nobody.
      await page.route("**/api/waba/media?*", (route) =>
        route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          body: JSON.stringify({ code: "unavailable", detail: "Check before you repeat it." }),
        }),
      );
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByText("first.pdf could not be uploaded. Nothing was sent: try again.").waitFor();
      await expect.poll(() => composer(page).inputValue()).toBe("All papers");
      await page.unrouteAll();
      // Chromium itself writes down a refused request.
      expect(tab.logged.splice(0)).toEqual([expect.stringContaining("503")]);
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await bubbles(page, "All papers")
        .getByRole("link", { name: /first\.pdf/ })
        .waitFor();
      for (const name of ["second.pdf", "third.pdf"])
        await bubbles(page, name)
          .getByRole("link", { name: new RegExp(name) })
          .waitFor();
      await expect
        .poll(async () => (await world.shownTo(ugo)).map(({ document }) => (document as Json).filename))
        .toEqual(["first.pdf", "second.pdf", "third.pdf"]);
      expectQuiet(tab, expect);
    });

    it("shows how far a file has come, and sends nothing when it is cancelled at half (UI-13)", async ({
      expect,
    }) => {
      const hal = await world.customer("Hal Halb");
      await world.say(hal, "The plans?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, hal);
      const size = 20_000_000;
      const stalled = await startStalledServer(size / 2);
      await page.route("**/api/waba/media?*", (route) => route.continue({ url: stalled }));
      await page.getByLabel("Attach files").setInputFiles({
        name: "plans.pdf",
        mimeType: "application/pdf",
        buffer: Buffer.alloc(size, "%PDF-1.4\n"),
      });
      await composer(page).fill("Here they are");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      const progress = page.getByRole("progressbar", { name: "Uploading plans.pdf" });
      await expect
        .poll(() => progress.evaluate((bar) => (bar as HTMLProgressElement).value))
        .toBeGreaterThan(0.4);
      await page.getByRole("button", { name: "Cancel the upload of plans.pdf" }).click();
      await progress.waitFor({ state: "detached" });
      await expect.poll(() => composer(page).inputValue()).toBe("Here they are");
      await page.unrouteAll({ behavior: "wait" });
      await send(page, "Tomorrow, sorry");
      await bubbles(page, "Tomorrow, sorry").getByRole("img", { name: ARRIVED }).waitFor();
      expect((await world.shownTo(hal)).map(({ type }) => type)).toEqual(["text"]);
      expectQuiet(tab, expect);
    });

    it("shows the customer that an answer is written, if the agent wants it (UI-36)", async ({ expect }) => {
      const tilo = await world.customer("Tilo Tipp");
      const { wamid } = await world.say(tilo, "Hello?");
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      // A clock that stands still between the keys: a busy machine makes the minute no longer.
      let nowMs = Date.now();
      const typeForAMinute = async () => {
        await page.clock.setFixedTime(nowMs);
        await page.goto(await world.addressOf(tilo));
        await composer(page).waitFor();
        for (let second = 0; second < 60; second += 10) {
          await composer(page).press("a");
          nowMs += 10_000;
          await page.clock.setFixedTime(nowMs);
        }
        await composer(page).fill("");
      };
      const shown = async () =>
        (await world.readsOf(wamid)).filter(({ body }) => "typing_indicator" in (body as Json)).length;
      await typeForAMinute();
      await page.goto("/settings");
      await page.getByRole("switch", { name: "Show customers that you are writing" }).check();
      expect(await shown()).toBe(0);
      await typeForAMinute();
      await expect.poll(shown).toBeGreaterThan(1);
      expect(await shown()).toBeLessThanOrEqual(3);
      expect(tab.foreign).toEqual([]);
    });

    it("locks at the end of the service window, and keeps the draft and the focus (UI-08, UI-09)", async ({
      expect,
    }) => {
      const karl = await world.customer("Karl Abend");
      const endS = Math.floor(Date.now() / 1000) + 3_600;
      await world.say(karl, "Anybody there?", { timestamp: endS - 24 * 3_600 });
      const tab = await world.open();
      const { page } = tab;
      // A clock that stands still: the window is over when the test says so.
      await page.clock.setFixedTime((endS - 1_800) * 1_000);
      await page.goto(await world.addressOf(karl));
      await composer(page).fill("We are");
      await page.clock.setFixedTime((endS - 90) * 1_000);
      await expect.poll(() => composer(page).inputValue()).toBe("We are");
      await composer(page).focus();
      await page
        .getByRole("region", { name: /^Messages with/ })
        .getByText(/^[12] min left to reply/)
        .waitFor();
      await page.clock.setFixedTime((endS + 10) * 1_000);
      await page.getByText("24 hours have passed since the customer last wrote").waitFor();
      await page.getByRole("button", { name: "Send a template" }).waitFor();
      expect(await composer(page).count()).toBe(0);
      await world.say(karl, "Hello?");
      await composer(page).waitFor();
      await expect.poll(() => composer(page).inputValue()).toBe("We are");
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      expectQuiet(tab, expect);
    });

    it("is not locked for a customer who has never written, and asks for a template first (UI-09)", async ({
      expect,
    }) => {
      const nemo = await world.customer("Nemo Still");
      await world.say(nemo, "seen once");
      const chatId = (await world.addressOf(nemo)).split("/").at(-1);
      await world.sql(`update "Chat" set "lastInboundAt" = null where id = $1`, [chatId]);
      const tab = await world.open("anna", `/inbox/${chatId}`);
      const { page } = tab;
      await page.getByText("The customer has not written first: use a template message.").waitFor();
      await composer(page).waitFor();
      await page.getByRole("button", { name: "Send a template" }).first().click();
      await page.getByRole("dialog", { name: "Templates" }).waitFor();
      expectQuiet(tab, expect);
    });
  });
}
