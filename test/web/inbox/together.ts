import { describe, it } from "vitest";
import { expectAccessible, type Tab } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  composer,
  deafen,
  hasFocus,
  holdRequests,
  type InboxWorld,
  type Json,
  openChat,
  row,
  send,
  thread,
} from "./world.ts";

export function togetherTests(world: InboxWorld): void {
  describe("working together", () => {
    it("counts mine, nobody's and all chats by the server, for everybody at once (UI-03)", async ({
      expect,
    }) => {
      const people = await Promise.all(["Vi Eins", "Vi Zwei", "Vi Drei"].map((name) => world.customer(name)));
      for (const one of people) await world.say(one, `I am ${one.name}`);
      for (const one of people) await world.addressOf(one);
      const anna = await world.open();
      const oleg = await world.open("oleg");
      const [first] = people;
      if (!first) throw new Error("There is nobody.");
      await row(anna.page, first).waitFor();
      const counts = async ({ page }: Tab) => {
        const texts = await page.getByRole("group", { name: "Views" }).getByRole("button").allInnerTexts();
        return texts.map((text) => Number(/\d+/.exec(text)?.[0]));
      };
      const asServerCounts = async (sub: string) => {
        const { mine, unassigned, all } = await world.api(sub, "GET", "/chat-counts?status=open");
        return [mine, unassigned, all].map((view) => (view as { chats: number }).chats);
      };
      for (const [tab, sub] of [
        [anna, "anna"],
        [oleg, "oleg"],
      ] as const)
        await expect.poll(() => counts(tab)).toEqual(await asServerCounts(sub));
      const [mine = 0, unassigned = 0, all = 0] = await counts(anna);
      const [ofOleg] = await counts(oleg);

      await openChat(anna.page, first);
      await anna.page.getByRole("button", { name: "Unassigned", exact: true }).click();
      await anna.page.getByRole("menuitem", { name: "Take it" }).click();
      await expect.poll(() => counts(anna)).toEqual([mine + 1, unassigned - 1, all]);
      await expect.poll(() => counts(oleg)).toEqual([ofOleg, unassigned - 1, all]);

      const views = anna.page.getByRole("group", { name: "Views" });
      await views.getByRole("button", { name: /^Mine/ }).click();
      await row(anna.page, first).waitFor();
      await row(anna.page, { name: "Vi Zwei" }).waitFor({ state: "detached" });
      await anna.page.reload();
      expect(await views.getByRole("button", { name: /^Mine/ }).getAttribute("aria-pressed")).toBe("true");
      await views.getByRole("button", { name: /^Unassigned/ }).click();
      await row(anna.page, { name: "Vi Zwei" }).waitFor();
      await row(anna.page, first).waitFor({ state: "detached" });
      for (const tab of [anna, oleg]) expectQuiet({ foreign: tab.foreign, logged: [] }, expect);
    });

    it("gives a chat from one to the other, with a line in the thread; of two takers one wins (UI-19)", async ({
      expect,
    }) => {
      const gabi = await world.customer("Gabi Weiter");
      await world.say(gabi, "Who helps me?");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      for (const { page } of [anna, oleg]) await openChat(page, gabi);
      const assignee = ({ page }: Tab) => page.getByRole("button", { name: /^(Unassigned|Assigned to .*)$/ });
      await assignee(anna).click();
      await anna.page.getByRole("menuitem", { name: "Give to oleg" }).click();
      for (const { page } of [anna, oleg]) {
        await thread(page).getByText("anna gave this chat to oleg").waitFor();
        await page.getByRole("button", { name: "Assigned to oleg" }).waitFor();
      }
      await row(anna.page, gabi, "").getByRole("img", { name: "Assigned to oleg" }).waitFor();
      await assignee(oleg).click();
      await oleg.page.getByRole("menuitem", { name: "Release it" }).click();
      await thread(anna.page).getByText("oleg released this chat").waitFor();

      // Oleg takes it while Anna's page has not heard of that.
      await assignee(anna).click();
      const take = anna.page.getByRole("menuitem", { name: "Take it" });
      await take.waitFor();
      const chatId = anna.page.url().split("/").at(-1);
      await anna.page.route(
        "**/api/waba/chats/*",
        async (route) => {
          await world.api("oleg", "PATCH", `/chats/${chatId}`, { assigneeId: "me" });
          await route.continue();
        },
        { times: 1 },
      );
      await take.click();
      await anna.page.getByRole("alert").getByText("oleg was faster and has this chat.").waitFor();
      await thread(anna.page).getByText("oleg took this chat").waitFor();
      expect(oleg.foreign).toEqual([]);
    });

    it("is taken by who replies, where an admin wants that (UI-19)", async ({ expect }) => {
      const rolf = await world.customer("Rolf Niemand");
      await world.say(rolf, "Who takes me?");
      const anna = await world.open("anna", "/settings");
      const oleg = await world.open("oleg");
      const setting = anna.page.getByRole("switch", { name: "Replying takes an unassigned chat" });
      const saved = anna.page.waitForResponse("**/api/waba/me/organization");
      await setting.check();
      await saved;
      try {
        await openChat(oleg.page, rolf);
        await send(oleg.page, "I do");
        await anna.page.goto("/inbox");
        for (const tab of [anna, oleg])
          await row(tab.page, rolf).getByRole("img", { name: "Assigned to oleg" }).waitFor();
      } finally {
        await world.api("anna", "PATCH", "/me/organization", { replyTakesChat: false });
      }
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("marks a chat as unread for everybody, and closes and snoozes it (UI-04, UI-35)", async ({
      expect,
    }) => {
      const zoe = await world.customer("Zoe Zurück");
      await world.say(zoe, "Later is fine");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      const { page } = anna;
      await openChat(page, zoe);
      await row(oleg.page, zoe, "Later is fine").waitFor();
      await row(oleg.page, zoe, "1 unread message").waitFor({ state: "detached" });
      const choose = async (item: string) => {
        await page.getByRole("button", { name: "More actions" }).click();
        await page.getByRole("menuitem", { name: item }).click();
      };
      await choose("Mark as unread");
      for (const tab of [anna, oleg]) await row(tab.page, zoe, "1 unread message").waitFor();
      await openChat(page, zoe);
      await page.getByRole("button", { name: "Close chat" }).click();
      await thread(page).getByText("anna closed this chat").waitFor();
      await row(oleg.page, zoe).waitFor({ state: "detached" });
      await world.say(zoe, "One more thing");
      await row(oleg.page, zoe, "One more thing").waitFor();
      await choose("Snooze for an hour");
      await thread(page)
        .getByText(/anna snoozed this chat until/)
        .waitFor();
      await row(oleg.page, zoe).waitFor({ state: "detached" });
      await world.say(zoe, "Are you asleep?");
      await row(oleg.page, zoe, "Are you asleep").waitFor();
      await choose("Snooze for an hour");
      await row(oleg.page, zoe).waitFor({ state: "detached" });
      // An hour later the Worker's next minute opens it.
      await world.sql(
        `update "Chat" c set "snoozedUntil" = now() from "Contact" k where k.id = c."contactId" and k.phone = $1`,
        [zoe.phone],
      );
      await world.nextMinute();
      await row(oleg.page, zoe, "Are you asleep").waitFor();
      await thread(page).getByText("Open again: its time has come").waitFor();
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("asks before an answer goes out beside a colleague's (UI-18)", async ({ expect }) => {
      const ron = await world.customer("Ron Rennen");
      await world.say(ron, "Is it ready?");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      const { page } = anna;
      await openChat(oleg.page, ron);
      // What happens in the chat reaches Anna's page late.
      await deafen(page);
      await openChat(page, ron);
      await send(oleg.page, "It is ready");
      await bubbles(oleg.page, "It is ready").getByRole("img", { name: ARRIVED }).waitFor();
      const sends: { key: string | undefined; seenSeq: number; message: string }[] = [];
      page.on("request", (request) => {
        if (!request.url().endsWith("/send")) return;
        const { seenSeq, message } = request.postDataJSON() as Json & { seenSeq: number; message: string };
        sends.push({ key: request.headers()["idempotency-key"], seenSeq, message });
      });
      const slow = await holdRequests(page, "**/send");
      await send(page, "Yes, it is");
      await slow.asked;
      const search = page.getByRole("searchbox");
      await search.click();
      await slow.release();
      const dialog = page.getByRole("dialog", { name: "A colleague has answered already" });
      const lead = dialog.getByText("This was sent while you were writing:");
      await expect.poll(() => hasFocus(lead)).toBe(true);
      // Whoever wrote on presses no button of it.
      await page.keyboard.type("ron ");
      await page.keyboard.press("Enter");
      await dialog.getByText("It is ready").waitFor();
      await dialog.getByText("oleg", { exact: true }).waitFor();
      expect(await world.shownTo(ron)).toHaveLength(1);
      await expectAccessible(anna, expect);
      await dialog.getByRole("button", { name: "Edit" }).click();
      await expect.poll(() => composer(page).inputValue()).toBe("Yes, it is");
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      const refused = page.waitForResponse(
        (answer) => answer.url().endsWith("/send") && answer.status() === 409,
      );
      await composer(page).press("Enter");
      const { head } = (await (await refused).json()) as { head: number };
      await dialog.getByRole("button", { name: "Send anyway" }).click();
      await expect.poll(async () => (await world.shownTo(ron)).length).toBe(2);
      await dialog.waitFor({ state: "detached" });
      const [first, edited, anyway] = sends;
      expect(sends).toHaveLength(3);
      expect(new Set(sends.map(({ key }) => key)).size).toBe(3);
      expect(edited?.seenSeq).toBe(first?.seenSeq);
      expect(head).toBeGreaterThan(edited?.seenSeq ?? head);
      expect(anyway).toEqual({ key: expect.stringMatching(/.{20}/), seenSeq: head, message: "Yes, it is" });
      expect(anna.foreign).toEqual([]);
    });

    it("keeps notes among colleagues, whatever the window (UI-35)", async ({ expect }) => {
      const lou = await world.customer("Lou Notiz");
      await world.say(lou, "I want a refund", { timestamp: Math.floor(Date.now() / 1000) - 100_000 });
      const address = await world.addressOf(lou);
      const anna = await world.open("anna", address);
      const oleg = await world.open("oleg", address);
      for (const { page } of [anna, oleg]) await page.getByText("24 hours have passed").waitFor();
      await anna.page.getByRole("button", { name: "Write a note" }).click();
      await anna.page.getByRole("textbox", { name: "Note" }).fill("A *difficult* one, @oleg");
      await anna.page.keyboard.press("Enter");
      for (const { page } of [anna, oleg]) {
        const note = thread(page)
          .getByRole("listitem")
          .filter({ hasText: "Note by anna, for colleagues only" });
        await note.getByText("difficult").waitFor();
      }
      expect(await oleg.page.getByRole("button", { name: "Delete note" }).count()).toBe(0);
      // It mentions him, and nobody else.
      const agents = (await world.api("anna", "GET", "/agents?limit=100")).data as {
        id: number;
        sub: string;
      }[];
      const notes = (await world.api("oleg", "GET", `/chats/${address.split("/").at(-1)}/notes`)).data;
      const olegs = agents.find(({ sub }) => sub === "oleg")?.id;
      expect(notes).toMatchObject([{ body: "A *difficult* one, @oleg", mentions: [olegs] }]);
      await expectAccessible(anna, expect);
      await anna.page.getByRole("button", { name: "Delete note" }).click();
      for (const { page } of [anna, oleg])
        await thread(page).getByText("Note by anna").waitFor({ state: "detached" });
      expect(await world.sentTo(lou)).toEqual([]);
      expect(await world.shownTo(lou)).toEqual([]);
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("marks a chat for the colleague whom a note mentions, until they read it (UI-35)", async ({
      expect,
    }) => {
      const mia = await world.customer("Mia Meldung");
      await world.say(mia, "Is this for you?");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      await row(oleg.page, mia, "1 unread message").waitFor();
      await openChat(anna.page, mia);
      await row(oleg.page, mia, "1 unread message").waitFor({ state: "detached" });
      await anna.page.getByRole("button", { name: "Write a note" }).click();
      await anna.page.getByRole("textbox", { name: "Note" }).fill("Yours, @Oleg?");
      await anna.page.keyboard.press("Enter");
      const mark = "A note mentions you";
      await row(oleg.page, mia, mark).waitFor();
      expect(await row(anna.page, mia, mark).count()).toBe(0);
      await expectAccessible(oleg, expect);

      // He finds it wherever it is, also later.
      await oleg.page.goto("/inbox?view=mine");
      await oleg.page.getByRole("button", { name: "Notes that mention you 1" }).click();
      await openChat(oleg.page, mia);
      await thread(oleg.page).getByText("Yours, @Oleg?").waitFor();
      await row(oleg.page, mia).waitFor({ state: "detached" });
      await oleg.page.getByRole("button", { name: /^All/ }).click();
      await row(oleg.page, mia).waitFor();
      expect(await row(oleg.page, mia, mark).count()).toBe(0);
      await oleg.page.getByRole("button", { name: /^Notes that mention you/ }).waitFor({ state: "detached" });
      for (const tab of [anna, oleg]) expectQuiet({ foreign: tab.foreign, logged: [] }, expect);
    });

    it("does not read a chat in a hidden tab, and reads it once the tab is in view (UI-04)", async ({
      expect,
    }) => {
      const hans = await world.customer("Hans Verborgen");
      const { wamid } = await world.say(hans, "Look at me");
      const tab = await world.open();
      const { page } = tab;
      const show = (state: "hidden" | "visible") =>
        page.evaluate((now) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => now });
          document.dispatchEvent(new Event("visibilitychange"));
        }, state);
      await row(page, hans).waitFor();
      await show("hidden");
      await openChat(page, hans);
      await bubbles(page, "Look at me").waitFor();
      await row(page, hans, "1 unread message").waitFor();
      expect(await world.readsOf(wamid)).toEqual([]);
      await show("visible");
      await row(page, hans, "1 unread message").waitFor({ state: "detached" });
      await expect.poll(() => world.readsOf(wamid)).toHaveLength(1);
      expectQuiet(tab, expect);
    });

    it("names the colleague or the program that wrote a message (UI-47)", async ({ expect }) => {
      const otto = await world.customer("Otto Herkunft");
      await world.say(otto, "Who are you?");
      const anna = await world.open();
      await openChat(anna.page, otto);
      const chatId = Number(anna.page.url().split("/").at(-1));
      const content = { organizationPhoneId: 1, chatId, type: "text" };
      await world.api("billing-bot", "POST", "/send", { ...content, message: "Your invoice is ready" });
      await bubbles(anna.page, "Your invoice is ready").getByText("billing-bot").waitFor();
      await send(anna.page, "And I am Anna");
      await bubbles(anna.page, "And I am Anna").waitFor();
      expect(await bubbles(anna.page, "And I am Anna").getByText("anna", { exact: true }).count()).toBe(0);
      await world.control("POST", `/customers/${otto.phone}/echoes`, { text: { body: "From my pocket" } });
      await bubbles(anna.page, "From my pocket").getByText("Phone app").waitFor();
      expectQuiet(anna, expect);
    });
  });
}
