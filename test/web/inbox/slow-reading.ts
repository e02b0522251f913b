import type { Page, WebSocketRoute } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  composer,
  holdRequests,
  type InboxWorld,
  nextFrame,
  openChat,
  restingPlace,
  row,
  send,
  thread,
  wheelTo,
} from "./world.ts";

const box = (page: Page) => page.getByRole("searchbox", { name: "Search chats and messages" });
const hit = (page: Page, text: string) =>
  page.getByRole("list", { name: "Messages" }).getByRole("listitem").filter({ hasText: text });
const lines = (count: number, text: string) => Array.from({ length: count }, (_, n) => `${text} ${n};`);
const idOf = async (page: Page, text: string) =>
  new URL((await hit(page, text).getByRole("link").getAttribute("href")) ?? "", page.url()).searchParams.get(
    "message",
  );
const isInView = async (page: Page, text: string) => {
  if ((await bubbles(page, text).count()) === 0) return false;
  const [shown, frame] = await Promise.all([bubbles(page, text).boundingBox(), thread(page).boundingBox()]);
  return shown !== null && frame !== null && shown.y > frame.y && shown.y < frame.y + frame.height;
};

export function slowReadingTests(world: InboxWorld): void {
  /** Pages of so few chats that a list has several of them. */
  const shortPages = (page: Page) =>
    page.route(/\/chats\?/, (route) =>
      route.fallback({ url: route.request().url().replace("limit=50", "limit=8") }),
    );

  describe("reading over a slow network", () => {
    it("shows the message that was asked for last, whichever answer comes first (UI-24)", async ({
      expect,
    }) => {
      const udo = await world.customer("Udo Eilig");
      await world.say(udo, "Good evening");
      await world.wroteEarlier(udo, [
        ...lines(70, "oldest"),
        "marmots: a heron",
        ...lines(70, "older"),
        "marmots: an otter",
        ...lines(100, "newer"),
      ]);
      const tab = await world.open("anna", await world.addressOf(udo));
      const { page } = tab;
      await bubbles(page, "Good evening").waitFor();
      await box(page).fill("marmots");
      const [heron, otter] = [await idOf(page, "a heron"), await idOf(page, "an otter")];
      // The second time the otter is loaded.
      for (const _ of [1, 2]) {
        const slow = await holdRequests(page, `**/messages?*around=${heron}`);
        await hit(page, "a heron").getByRole("link").click();
        await slow.asked;
        await hit(page, "an otter").getByRole("link").click();
        await expect.poll(() => isInView(page, "an otter")).toBe(true);
        await slow.release();
        for (let n = 0; n < 6; n++) await nextFrame(page);
        expect(await isInView(page, "an otter")).toBe(true);
        expect(await bubbles(page, "a heron").count()).toBe(0);
      }

      // The first one fails while the second is on its way.
      await page.reload();
      await bubbles(page, "an otter").waitFor();
      await box(page).fill("marmots");
      await page.getByRole("button", { name: "To the newest message" }).click();
      await bubbles(page, "Good evening").waitFor();
      const failing = await holdRequests(page, `**/messages?*around=${heron}`);
      const late = await holdRequests(page, `**/messages?*around=${otter}`);
      await hit(page, "a heron").getByRole("link").click();
      await failing.asked;
      await hit(page, "an otter").getByRole("link").click();
      await late.asked;
      await failing.abort();
      await nextFrame(page);
      await late.release();
      await expect.poll(() => isInView(page, "an otter")).toBe(true);
      expect(tab.foreign).toEqual([]);
    });

    it("reads on where one has jumped to while an older page was on its way (UI-23)", async ({ expect }) => {
      const ute = await world.customer("Ute Sprung");
      await world.say(ute, "Good evening");
      await world.wroteEarlier(ute, [...lines(70, "older"), "a dormouse", ...lines(150, "newer")]);
      const tab = await world.open("anna", await world.addressOf(ute));
      const { page } = tab;
      await bubbles(page, "Good evening").waitFor();
      await box(page).fill("dormouse");
      await hit(page, "a dormouse").waitFor();
      const slow = await holdRequests(page, "**/messages?*before=*");
      await thread(page).hover();
      await wheelTo(page, bubbles(page, "newer 73;"), -300);
      await slow.asked;
      await hit(page, "a dormouse").getByRole("link").click();
      await expect
        .poll(async () => Number(await bubbles(page, "a dormouse").getAttribute("data-index")))
        .toBeGreaterThan(40);
      await expect.poll(() => isInView(page, "a dormouse")).toBe(true);
      await slow.release();
      for (let n = 0; n < 6; n++) await nextFrame(page);
      expect(await isInView(page, "a dormouse")).toBe(true);
      expectQuiet(tab, expect);
    });

    it("says that older messages did not come, and asks for them again (UI-23)", async ({ expect }) => {
      const ulla = await world.customer("Ulla Lücke");
      await world.say(ulla, "Good evening");
      await world.wroteEarlier(ulla, lines(130, "older"));
      const tab = await world.open("anna", await world.addressOf(ulla));
      const { page } = tab;
      await bubbles(page, "Good evening").waitFor();
      await page.route("**/messages?*before=*", (route) => route.abort());
      await thread(page).hover();
      await wheelTo(page, bubbles(page, "older 53;"), -300);
      await thread(page).getByText("Older messages could not be loaded.").waitFor();
      await page.unroute("**/messages?*before=*");
      await thread(page).getByRole("button", { name: "Try again" }).click();
      await thread(page).getByText("Older messages could not be loaded.").waitFor({ state: "detached" });
      await thread(page).hover();
      await wheelTo(page, bubbles(page, "older 0;"), -300);
      expect(tab.foreign).toEqual([]);
    });

    it("shows what was sent at the end alone, also where one reads far above (UI-06)", async ({ expect }) => {
      const uwe = await world.customer("Uwe Geist");
      await world.say(uwe, "Good evening");
      await world.wroteEarlier(uwe, [...lines(10, "older"), "a badger", ...lines(90, "newer")]);
      const tab = await world.open("anna", await world.addressOf(uwe));
      const { page } = tab;
      await send(page, "Sent from the end");
      await bubbles(page, "Sent from the end").getByRole("img", { name: ARRIVED }).waitFor();
      await box(page).fill("badger");
      const slow = await holdRequests(page, "**/messages?*after=*");
      await hit(page, "a badger").getByRole("link").click();
      await slow.asked;
      await expect.poll(() => isInView(page, "a badger")).toBe(true);
      await thread(page).hover();
      await wheelTo(page, bubbles(page, "newer 18;"), 200);
      for (let n = 0; n < 20; n++) {
        await page.mouse.wheel(0, 200);
        await nextFrame(page);
      }
      expect(await bubbles(page, "Sent from the end").count()).toBe(0);
      await slow.release();
      // Writing leads to the end.
      await hit(page, "a badger").getByRole("link").click();
      await expect.poll(() => isInView(page, "a badger")).toBe(true);
      await send(page, "Sent from above");
      await bubbles(page, "Sent from above").getByRole("img", { name: ARRIVED }).waitFor();
      await expect.poll(() => isInView(page, "Sent from above")).toBe(true);
      expect(await bubbles(page, "Sent from above").count()).toBe(1);
      expectQuiet(tab, expect);
    });

    it("repeats that a chat is read when the first time was lost (UI-04)", async ({ expect }) => {
      const ursula = await world.customer("Ursula Lesen");
      await world.say(ursula, "Do you read me?");
      const tab = await world.open();
      const { page } = tab;
      await page.route("**/read", (route) => route.abort(), { times: 1 });
      await openChat(page, ursula);
      await row(page, ursula, "1 unread message").waitFor({ state: "detached" });
      expect(tab.foreign).toEqual([]);
    });

    it("keeps the place in the list over a lost connection, and reads on after a change of filters (UI-01, UI-21)", async ({
      expect,
    }) => {
      const people = await Promise.all(
        lines(26, "Zug").map((name) => world.customer(name.replace(";", "."))),
      );
      // One after the other: of one second the list shows them in the order in which they were stored.
      for (const one of people) {
        await world.say(one, "Hello");
        await world.addressOf(one);
      }
      const tab = await world.open();
      const { page } = tab;
      const sockets: WebSocketRoute[] = [];
      let isDeaf = false;
      await page.context().routeWebSocket(/\/inbox\/socket/, (socket) => {
        const isFirst = sockets.push(socket) === 1;
        socket.connectToServer().onMessage((frame) => (isFirst && isDeaf) || socket.send(frame));
      });
      await shortPages(page);
      await page.reload();
      const chats = page.getByRole("region", { name: "Chats" });
      await row(page, { name: "Zug 25\\." }).waitFor();
      await chats.hover();
      await wheelTo(page, row(page, { name: "Zug 3\\." }), 200);
      const third = row(page, { name: "Zug 3\\." });
      const before = await restingPlace(page, third);
      // What a colleague does meanwhile is not heard of.
      isDeaf = true;
      const closed = (await world.addressOf(people[1] ?? { phone: "" })).replace("/inbox", "/chats");
      await world.api("oleg", "PATCH", closed, { status: "closed" });
      const again = page.waitForResponse(/\/chats\?(?!.*cursor)/);
      await sockets[0]?.close({ code: 1012 });
      await again;
      for (let n = 0; n < 6; n++) await nextFrame(page);
      expect((await third.boundingBox())?.y).toBe(before);
      await row(page, { name: "Zug 1\\." }).waitFor({ state: "detached" });

      // The next page of another filter, while one of the filter before is still on its way.
      await page.goto("about:blank");
      const slow = await holdRequests(page, /\/chats\?.*cursor/);
      await page.goto("/inbox");
      await slow.asked;
      await page
        .getByRole("group", { name: "Views" })
        .getByRole("button", { name: /^Unassigned/ })
        .click();
      await chats.hover();
      await wheelTo(page, row(page, { name: "Zug 3\\." }), 200);
      await slow.release();

      // A page that does not come.
      await page.route(/\/chats\?.*cursor/, (route) => route.abort());
      let firstPages = 0;
      page.on("response", (answer) => /\/chats\?(?!.*cursor)/.test(answer.url()) && firstPages++);
      await page.reload();
      // The list is loaded again once its socket is open, and then its next page is asked for again too.
      await expect.poll(() => firstPages).toBeGreaterThanOrEqual(2);
      for (let n = 0; n < 6; n++) await nextFrame(page);
      await chats.getByText("More chats could not be loaded.").waitFor();
      await page.unroute(/\/chats\?.*cursor/);
      await chats.getByRole("button", { name: "Try again" }).click();
      await chats.hover();
      await wheelTo(page, row(page, { name: "Zug 3\\." }), 200);
      expect(tab.foreign).toEqual([]);
    });

    it("says on a phone too that the connection is lost, while a chat is open (UI-21, UI-29)", async ({
      expect,
    }) => {
      const ulf = await world.customer("Ulf Unterwegs");
      await world.say(ulf, "Are you there?");
      const tab = await world.open("anna", "/inbox", {
        viewport: { width: 375, height: 667 },
        hasTouch: true,
        isMobile: true,
      });
      const { page } = tab;
      await openChat(page, ulf);
      await page.context().setOffline(true);
      await page.getByText("No connection. What you write is sent when it is back.").waitFor();
      expect(await composer(page).isVisible()).toBe(true);
      await page.context().setOffline(false);
      await page.getByText("No connection.").waitFor({ state: "detached" });
      expect(tab.foreign).toEqual([]);
    });
  });
}
