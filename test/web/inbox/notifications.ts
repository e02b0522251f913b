import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { bubbles, type InboxWorld, nextFrame, openChat, row } from "./world.ts";

type Notified = {
  notes: { title: string; body: string; tag: string }[];
  sounds: number;
  asked: number;
  focused: number;
};
type Spied = typeof globalThis & { notified: Notified; click(): void };

/** A headless browser has nowhere to show a notification: what the system would show is recorded instead. */
function spy(): void {
  const notified: Notified = { notes: [], sounds: 0, asked: 0, focused: 0 };
  let last = new EventTarget();
  class SystemNotification extends EventTarget {
    static permission = localStorage.getItem("permission") ?? "default";
    static requestPermission = async () => {
      notified.asked++;
      localStorage.setItem("permission", "granted");
      SystemNotification.permission = "granted";
      return "granted";
    };
    constructor(title: string, { body, tag }: { body: string; tag: string }) {
      super();
      notified.notes.push({ title, body, tag });
      last = this;
    }
    close = () => undefined;
  }
  const { start } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.start = function (...when) {
    notified.sounds++;
    start.apply(this, when);
  };
  Object.assign(globalThis, {
    notified,
    focus: () => notified.focused++,
    Notification: SystemNotification,
    click: () => last.dispatchEvent(new Event("click")),
  });
}

export function notificationTests(world: InboxWorld): void {
  const notifiedIn = (page: Page) => page.evaluate(() => (globalThis as Spied).notified);
  const togetherIn = async (pages: Page[]) => {
    const all = await Promise.all(pages.map(notifiedIn));
    return {
      notes: all.flatMap(({ notes }) => notes),
      sounds: all.reduce((sum, { sounds }) => sum + sounds, 0),
    };
  };

  describe("a notification", () => {
    it("comes once for all tabs, only for a chat that is not in front, and opens it (UI-20)", async ({
      expect,
    }) => {
      const [nils, nina] = [await world.customer("Nils Glocke"), await world.customer("Nina Zuvor")];
      await world.say(nina, "Earlier");
      await world.addressOf(nina);
      const tab = await world.open("anna", "/settings");
      const first = tab.page;
      await first.context().addInitScript(spy);
      await first.reload();
      expect((await notifiedIn(first)).asked).toBe(0);
      await first.getByRole("button", { name: "Allow notifications…" }).click();
      await first.getByRole("switch", { name: "Notifications of the system" }).waitFor();
      expect((await notifiedIn(first)).asked).toBe(1);
      await first.getByRole("link", { name: "Inbox" }).click();
      const second = await first.context().newPage();
      await second.goto("/inbox");
      // A browser lets a page sound once it was used.
      await second.getByRole("heading", { level: 1 }).click();
      const pages = [first, second];
      // News is what comes once a page has its list.
      for (const page of pages) await row(page, nina, "Earlier").waitFor();

      await world.say(nils, "Is anybody there?");
      for (const page of pages) await row(page, nils, "Is anybody there").waitFor();
      await expect
        .poll(() => togetherIn(pages))
        .toEqual({
          notes: [{ title: "Nils Glocke", body: "Is anybody there?", tag: expect.anything() }],
          sounds: 1,
        });
      await expect.poll(() => first.getAttribute("link[rel=icon]", "href")).toBe("/icon-unread.svg");

      const speaking = (await notifiedIn(first)).notes.length > 0 ? first : second;
      await speaking.evaluate(() => (globalThis as Spied).click());
      await bubbles(speaking, "Is anybody there?").waitFor();
      expect((await notifiedIn(speaking)).focused).toBe(1);
      await openChat(second, nils);
      await world.say(nils, "Hello?");
      await bubbles(second, "Hello?").waitFor();
      await bubbles(speaking, "Hello?").waitFor();
      expect((await togetherIn(pages)).notes).toHaveLength(1);

      // A notice that nobody wrote is no news, to hear or to count.
      const olga = await world.customer("Olga Stille");
      await world.say(olga, "Good evening");
      await expect.poll(async () => (await togetherIn(pages)).notes).toHaveLength(2);
      const path = (await world.addressOf(olga)).replace("/inbox", "/chats");
      await world.api("anna", "POST", `${path}/read`);
      await world.say(olga, {
        type: "system",
        system: { body: "Security code changed", type: "user_identity_changed" },
      });
      for (const page of pages) await row(page, olga, "Security code changed").waitFor();
      await world.say(nils, "Still there?");
      await bubbles(second, "Still there?").waitFor();
      expect(await world.api("anna", "GET", path)).toMatchObject({ unreadCount: 0 });
      expect((await togetherIn(pages)).notes).toHaveLength(2);

      // Without its text, and by the tab that is left once the other one is closed.
      const left = speaking === first ? second : first;
      await speaking.close();
      await left.goto("/settings");
      await left.getByRole("switch", { name: "Hide what the customer wrote" }).check();
      await left.getByRole("link", { name: "Inbox" }).click();
      await row(left, nils).waitFor();
      await world.say(nils, "My card number is secret");
      await expect
        .poll(async () => (await notifiedIn(left)).notes.map(({ title, body }) => [title, body]))
        .toEqual([["WABA Edge", "New message"]]);

      // A colleague's note is nothing to hear of, unless it mentions the agent.
      const chat = (await world.addressOf(nils)).replace("/inbox", "/chats");
      const me = (await world.api("anna", "GET", "/me")).agent as { id: number };
      await world.api("oleg", "POST", `${chat}/notes`, { body: "A hard one" });
      await world.api("oleg", "POST", `${chat}/notes`, { body: "Yours, @anna", mentions: [me.id] });
      await row(left, nils, "A note mentions you").waitFor();
      await expect
        .poll(async () => (await notifiedIn(left)).notes.slice(1).map(({ title, body }) => [title, body]))
        .toEqual([["WABA Edge", "A note mentions you"]]);
      // She has not read it yet, and there is another one.
      await world.api("oleg", "POST", `${chat}/notes`, { body: "Still yours, @anna", mentions: [me.id] });
      await expect.poll(async () => (await notifiedIn(left)).notes.slice(1).length).toBe(2);
      expectQuiet(tab, expect);
    });
  });

  describe("the settings", () => {
    it("are no place where a message goes unheard or unseen (UI-20)", async ({ expect }) => {
      const ruth = await world.customer("Ruth Klingel");
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      await page.context().addInitScript(spy);
      const listed = page.waitForResponse(/\/chats\?/);
      await page.reload();
      await page.getByRole("button", { name: "Allow notifications…" }).click();
      await page.getByRole("switch", { name: "Notifications of the system" }).waitFor();
      // News is what comes once the page has its list.
      await (await listed).finished();
      await nextFrame(page);
      await world.say(ruth, "Do you hear me?");
      const note = { title: "Ruth Klingel", body: "Do you hear me?", tag: expect.anything() };
      await expect.poll(() => togetherIn([page])).toEqual({ notes: [note], sounds: 1 });
      await expect.poll(() => page.title()).toMatch(/^\(\d+\) Settings/);

      // Each of them can be switched off there.
      await page.getByRole("switch", { name: "Sound" }).uncheck();
      await world.say(ruth, "And now?");
      await expect.poll(async () => (await togetherIn([page])).notes).toHaveLength(2);
      expect((await togetherIn([page])).sounds).toBe(1);
      await page.evaluate(() => (globalThis as Spied).click());
      await bubbles(page, "And now?").waitFor();
      const path = (await world.addressOf(ruth)).replace("/inbox", "/chats");
      await expect.poll(async () => (await world.api("anna", "GET", path)).unreadCount).toBe(0);
      expectQuiet(tab, expect);
    });
  });

  describe("the title", () => {
    /** As the server counts what waits for Anna. */
    const waiting = async () => {
      const counts = (await world.api("anna", "GET", "/chat-counts?status=open")) as WaitingCounts;
      return counts.mine.unread + counts.unassigned.unread + counts.mentioned;
    };

    it("counts what waits, whatever the list shows (UI-20)", async ({ expect }) => {
      const lars = await world.customer("Lars Titel");
      const tab = await world.open("anna", "/inbox?status=closed");
      const { page } = tab;
      const before = await waiting();
      await world.say(lars, "Are you closed?");
      await expect.poll(waiting).toBe(before + 1);
      await expect.poll(() => page.title()).toBe(`(${before + 1}) Inbox`);
      await expect.poll(() => page.getAttribute("link[rel=icon]", "href")).toBe("/icon-unread.svg");
      expect(await row(page, lars).count()).toBe(0);
      expectQuiet(tab, expect);
    });

    it("counts what waits also in the settings (UI-20)", async ({ expect }) => {
      const siri = await world.customer("Siri Einstellung");
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      const before = await waiting();
      await world.say(siri, "Are you looking?");
      await expect.poll(waiting).toBe(before + 1);
      await expect.poll(() => page.title()).toBe(`(${before + 1}) Settings · WABA Edge`);
      await expect.poll(() => page.getAttribute("link[rel=icon]", "href")).toBe("/icon-unread.svg");
      await page.getByRole("link", { name: "Inbox" }).click();
      await row(page, siri).waitFor();
      await expect.poll(() => page.title()).toBe(`(${before + 1}) Inbox`);
      expectQuiet(tab, expect);
    });
  });
}

type WaitingCounts = { mine: { unread: number }; unassigned: { unread: number }; mentioned: number };
