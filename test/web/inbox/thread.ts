import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  atRest,
  bubbles,
  choose,
  composer,
  hasFocus,
  type InboxWorld,
  type Json,
  nextFrame,
  openChat,
  row,
  send,
  thread,
  wheelTo,
} from "./world.ts";

/** Keeps the texts of the messages that are marked from now on: a mark fades. */
async function keepMarked(page: Page): Promise<() => Promise<string[]>> {
  const kept = await thread(page).evaluateHandle((element) => {
    const texts = new Set<string>();
    const keep = () => {
      for (const row of element.querySelectorAll("[data-message]")) {
        const bubble = row.querySelector("div > div");
        if (bubble && getComputedStyle(bubble).outlineStyle === "solid") texts.add(row.textContent ?? "");
      }
    };
    new MutationObserver(keep).observe(element, { attributes: true, childList: true, subtree: true });
    return texts;
  });
  return () => kept.evaluate((texts) => [...texts]);
}

export function threadTests(world: InboxWorld): void {
  describe("a thread", () => {
    it("keeps a message at Read, whichever status comes after that (UI-05)", async ({ expect }) => {
      const rea = await world.customer("Rea Gelesen");
      await world.say(rea, "Are you there?");
      await world.control("PUT", "/faults", { hold: { events: "statuses" } });
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, rea);
      await send(page, "At your service");
      const bubble = bubbles(page, "At your service");
      await bubble.getByRole("img", { name: /^Accepted, / }).waitFor();
      const [message] = await world.shownTo(rea);
      const sentS = Math.floor(Date.now() / 1000);
      for (const [i, status] of ["read", "delivered", "sent"].entries()) {
        const timestamp = String(sentS + 3 - i);
        const one = { id: message?.wamid, status, timestamp, recipient_id: rea.phone };
        await world.hook("messages", { statuses: [one] });
        await expect
          .poll(() => world.sql(`select status from "MessageStatus" where wamid = $1`, [message?.wamid]))
          .toContainEqual({ status });
        // What the page shows of a later message it shows of an earlier status.
        await world.say(rea, `After ${status}`);
        await bubbles(page, `After ${status}`).waitFor();
        const time = await bubble.getByRole("time").textContent();
        expect(time).toMatch(/^\d{1,2}:\d{2}\s[AP]M$/);
        expect(await bubble.getByRole("img").getAttribute("aria-label")).toBe(`Read, ${time}`);
      }
      expectQuiet(tab, expect);
    });

    it("replies and reacts (UI-15)", async ({ expect }) => {
      const emil = await world.customer("Emil Reply");
      const { wamid } = await world.say(emil, "Is it open today?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, emil);
      await choose(page, "Is it open today?", "Reply");
      await page.getByText("Reply to Emil Reply").waitFor();
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      await page.keyboard.type("Until six");
      await page.keyboard.press("Enter");
      await bubbles(page, "Until six")
        .getByRole("button", { name: /Emil Reply/ })
        .waitFor();
      const question = bubbles(page, "Is it open today?").first();
      const reactions = question.getByRole("list", { name: "Reactions" });
      await choose(page, "Is it open today?", "React with 👍");
      await reactions.getByText("👍").waitFor();
      await choose(page, "Is it open today?", "React with 👎");
      await reactions.getByText("👎").waitFor();
      expect(await reactions.getByRole("listitem").count()).toBe(1);
      await choose(page, "Is it open today?", "Remove my reaction");
      await reactions.waitFor({ state: "detached" });
      const reactionsSent = async () => {
        const sent = (await world.sentTo(emil)).filter(({ type }) => type === "reaction");
        return sent.map(({ reaction }) => (reaction as Json).emoji);
      };
      // The page takes the reaction away before Meta has heard of it.
      await expect.poll(reactionsSent).toEqual(["👍", "👎", ""]);
      const calls = await world.sentTo(emil);
      const replied = calls.find(({ text }) => (text as Json | undefined)?.body === "Until six");
      expect((replied?.context as Json | undefined)?.message_id).toBe(wamid);

      // A quote far above: it is loaded, brought into view and marked.
      await world.wroteEarlier(
        emil,
        Array.from({ length: 120 }, (_, n) => `once ${n};`),
      );
      const context = { id: `wamid.early.${page.url().split("/").at(-1)}.3` };
      await world.say(emil, "As I said back then", { context });
      const marked = await keepMarked(page);
      await bubbles(page, "As I said back then").getByRole("button", { name: "An earlier message" }).click();
      const quoted = bubbles(page, "once 2;");
      await quoted.waitFor();
      await expect.poll(marked).toEqual([expect.stringContaining("once 2;")]);
      const frame = await thread(page).boundingBox();
      expect(await atRest(page, async () => (await quoted.boundingBox())?.y)).toBeGreaterThan(frame?.y ?? 0);
      expectQuiet(tab, expect);
    });

    it("has the phone in its header, also beside the details on a small laptop (UI-39)", async ({
      expect,
    }) => {
      const tim = await world.customer("Tim Kopfzeile");
      await world.say(tim, "Hello");
      const tab = await world.open("anna", await world.addressOf(tim), {
        viewport: { width: 1280, height: 720 },
      });
      const { page } = tab;
      await page.getByRole("complementary", { name: "Contact details" }).waitFor();
      const header = thread(page).locator("header");
      const phone = header.getByText(/^\+7 999/);
      const bottom = (box: Awaited<ReturnType<typeof phone.boundingBox>>) => (box ? box.y + box.height : 0);
      // What has no room is below the line, out of sight.
      expect(bottom(await phone.boundingBox())).toBeLessThan(bottom(await header.boundingBox()));
      await page.setViewportSize({ width: 768, height: 1024 });
      await page.getByRole("complementary", { name: "Contact details" }).waitFor({ state: "detached" });
      const name = header.getByRole("heading", { name: "Tim Kopfzeile" });
      expect(await name.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
      expectQuiet(tab, expect);
    });

    it("keeps the newest message in view while a note is written below it (UI-23, UI-35)", async ({
      expect,
    }) => {
      const tina = await world.customer("Tina Ende");
      await world.say(tina, "The newest one");
      await world.wroteEarlier(
        tina,
        Array.from({ length: 60 }, (_, n) => `once ${n};`),
      );
      const tab = await world.open("anna", await world.addressOf(tina));
      const { page } = tab;
      const newest = bubbles(page, "The newest one");
      await newest.waitFor();
      await page.getByRole("button", { name: "Write a note" }).click();
      const note = page.getByRole("textbox", { name: "Note" });
      await note.waitFor();
      const gap = async () => {
        const [above, below] = await Promise.all([newest.boundingBox(), note.boundingBox()]);
        return (below?.y ?? 0) - (above?.y ?? 0) - (above?.height ?? 0);
      };
      expect(await atRest(page, gap)).toBeGreaterThan(0);
      await note.press("Escape");
      await note.waitFor({ state: "detached" });
      await atRest(page, async () => (await newest.boundingBox())?.y);
      expect(await page.getByRole("button", { name: "To the newest message" }).count()).toBe(0);
      expectQuiet(tab, expect);
    });

    it("says what happened to a message, step by step (UI-41)", async ({ expect }) => {
      const thea = await world.customer("Thea Spur");
      const tab = await world.open();
      const { page } = tab;
      await world.say(thea, "Hello");
      await openChat(page, thea);
      await world.say(thea, "Where is my parcel?");
      await bubbles(page, "Where is my parcel?").waitFor();
      const chatId = page.url().split("/").at(-1);
      // That it was shown is persisted once it was.
      const knownSteps = async (text: string) => {
        const { data } = (await world.api("anna", "GET", `/chats/${chatId}/messages`)) as { data: Json[] };
        const id = data.find(({ body }) => body === text)?.id;
        const { steps = [] } = await world.api("anna", "GET", `/messages/${id}/trace`);
        return (steps as Json[]).map(({ step }) => step);
      };
      await expect.poll(() => knownSteps("Where is my parcel?")).toContain("published");
      await world.control("PUT", "/faults", { hold: { events: "statuses" } });
      await send(page, "On its way");
      await expect.poll(() => knownSteps("On its way")).toContain("published");
      await world.control("DELETE", "/faults");
      await bubbles(page, "On its way").getByRole("img", { name: ARRIVED }).waitFor();
      const dialog = page.getByRole("dialog", { name: "What happened to this message" });
      const stepsOf = async (text: string) => {
        await choose(page, text, "What happened");
        await dialog.getByRole("listitem").first().waitFor();
        const steps = await dialog.getByRole("listitem").locator("p:first-child").allTextContents();
        await expectAccessible(tab, expect);
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });
        return steps;
      };
      expect(await stepsOf("Where is my parcel?")).toEqual([
        "Written",
        "Received",
        "Stored",
        "Shown to the agents",
      ]);
      const sent = await stepsOf("On its way");
      // The status may be here before the answer to the send.
      const order = ["Received", "Stored", "Shown to the agents", "Sent", "Delivered"];
      expect(sent.filter((step) => order.includes(step))).toEqual(order);
      expect(sent).toContain("Taken by WhatsApp");
      expectQuiet(tab, expect);
    });

    it("counts and marks a message that came late, keeps it unread until it was in view, and moves nothing (UI-40)", async ({
      expect,
    }) => {
      const lars = await world.customer("Lars Verspätet");
      const startS = Math.floor(Date.now() / 1000) - 4 * 3_600;
      for (let n = 0; n < 25; n++) await world.say(lars, `earlier ${n};`, { timestamp: startS + n * 60 });
      await world.say(lars, "And now");
      // What comes while the chat is open would count as late.
      await world.stored(lars, 26);
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, lars);
      await bubbles(page, "And now").waitFor();
      await row(page, lars, "unread").waitFor({ state: "detached" });
      const place = async () => (await bubbles(page, "And now").boundingBox())?.y;
      const before = await atRest(page, place);
      await world.say(lars, "held up", { timestamp: startS + 330 });
      await page.getByRole("button", { name: "1 new message" }).waitFor();
      await row(page, lars, "1 unread message").waitFor();
      expect(await atRest(page, place)).toBe(before);
      // Also for whoever reads where neither that one nor the end is in view.
      await thread(page).hover();
      await page.mouse.wheel(0, -200);
      await expect.poll(place).toBeGreaterThan((before ?? 0) + 100);
      await nextFrame(page);
      expect(await page.getByRole("button", { name: "To the newest message" }).count()).toBe(0);
      await page.getByRole("button", { name: "1 new message" }).click();
      await bubbles(page, "held up").getByText("arrived 3 h late").waitFor();
      await page.getByRole("button", { name: "To the newest message" }).click();
      await row(page, lars, "unread").waitFor({ state: "detached" });
      expectQuiet(tab, expect);
    });

    it("keeps few of many messages in the page, and the place when a new one comes (UI-23)", async ({
      expect,
    }) => {
      const lena = await world.customer("Lena Lang");
      for (let i = 0; i < 120; i++) await world.say(lena, `line ${i};`);
      await world.stored(lena, 120);
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, lena);
      await bubbles(page, "line 119;").waitFor();
      expect(await thread(page).getByRole("listitem").count()).toBeLessThan(60);
      await thread(page).hover();
      await wheelTo(page, bubbles(page, "line 5;"), -700);
      expect(await thread(page).getByRole("listitem").count()).toBeLessThanOrEqual(80);
      const top = async () => (await bubbles(page, "line 5;").boundingBox())?.y;
      const before = await atRest(page, top);
      await world.say(lena, "one more");
      await page.getByRole("button", { name: "1 new message" }).waitFor();
      expect(await atRest(page, top)).toBe(before);
      await page.getByRole("button", { name: "1 new message" }).click();
      await bubbles(page, "one more").waitFor();
      expectQuiet(tab, expect);
    });

    it("of 50,000 messages keeps 80 bubbles at most, and opens at once (UI-23)", async ({ expect }) => {
      const viola = await world.customer("Viola Viel");
      await world.say(viola, "first of many");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, viola);
      const chatId = Number(page.url().split("/").at(-1));
      await world.sql(
        `insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
         select c."organizationPhoneId", c.id, 100 + n, 'wamid.many' || n, false, 'text', 'many ' || n || ';',
           json_build_object('type', 'text', 'text', json_build_object('body', 'many ' || n || ';')),
           now() - interval '1 hour' + n * interval '50 milliseconds'
         from "Chat" c, generate_series(1, 50000) n where c.id = $1`,
        [chatId],
      );
      await world.sql(`update "Chat" set head = 50100 where id = $1`, [chatId]);
      await page.reload();
      const bubble = thread(page).getByRole("listitem");
      await bubbles(page, "many 50000;").waitFor();
      await thread(page).hover();
      for (let i = 0; i < 30; i++) {
        await page.mouse.wheel(0, -2_000);
        expect(await bubble.count()).toBeLessThanOrEqual(80);
      }
      await expect.poll(() => bubbles(page, "many 50000;").count()).toBe(0);
      // An older page is inserted above, and the bubble under the pointer stays where it is.
      const held = Promise.withResolvers<void>();
      let isAsked = false;
      await page.route(/before=/, async (route) => {
        isAsked = true;
        await held.promise;
        await route.continue();
      });
      for (; !isAsked; await nextFrame(page)) await page.mouse.wheel(0, -2_000);
      const textAt5 = () => bubble.nth(5).textContent();
      const read = /many \d+;/.exec((await atRest(page, textAt5)) ?? "")?.[0] ?? "none";
      const placeOf = async () => (await bubbles(page, read).boundingBox())?.y ?? 0;
      const before = await atRest(page, placeOf);
      const answered = page.waitForResponse(/before=/);
      held.resolve();
      await answered;
      await page.unrouteAll({ behavior: "wait" });
      await expect.poll(async () => Math.abs((await placeOf()) - before)).toBeLessThanOrEqual(1);
      await page.getByRole("button", { name: "To the newest message" }).click();
      await bubbles(page, "many 50000;").waitFor();
      expect(tab.foreign).toEqual([]);
    });
  });
}
