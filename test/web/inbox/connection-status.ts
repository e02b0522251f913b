import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { ARRIVED, bubbles, cuttable, holdRequests, type InboxWorld, openChat, row, send } from "./world.ts";

const isTicket = /\/socket-tickets$/;
const navigation = (page: Page) => page.getByRole("navigation", { name: "Main navigation" });
const banner = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });

export function connectionStatusTests(world: InboxWorld): void {
  describe("the connection of the page", () => {
    it("is offline, then comes back, then catches up, and all of that is read aloud once (UI-21)", async ({
      expect,
    }) => {
      const nina = await world.customer("Nina Netz");
      await world.say(nina, "before");
      const tab = await world.open();
      const { page } = tab;
      const { sockets, greeted } = await cuttable(page);
      await page.goto("/inbox");
      await openChat(page, nina);
      await bubbles(page, "before").waitFor();
      await expect.poll(greeted).toBe(2);
      await navigation(page).getByText("Connected").waitFor();

      await page.route(isTicket, (route) => route.abort());
      await page.context().setOffline(true);
      for (const socket of sockets.splice(0)) await socket.close({ code: 1012 });
      await banner(page, "No connection. What you write is sent when it is back.").waitFor();
      await navigation(page).getByText("Offline").waitFor();
      const live = (text: string) => banner(page, text).getAttribute("aria-live");
      await expect.poll(() => live("No connection.")).toBe("off");

      await page.context().setOffline(false);
      await banner(page, "Reconnecting…").waitFor();
      await navigation(page).getByText("Reconnecting").waitFor();
      expect(await live("Reconnecting…")).toBe("off");
      await expectAccessible(tab, expect);

      const slow = await holdRequests(page, /\/chats\?/);
      await page.unroute(isTicket);
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await slow.asked;
      await banner(page, "Connected again. Loading what has come meanwhile…").waitFor();
      await navigation(page).getByText("Catching up").waitFor();
      expect(await live("Connected again.")).toBe("off");

      await slow.release();
      await navigation(page).getByText("Connected").waitFor();
      await page.getByText("Connected again.").waitFor({ state: "detached" });
      expect(tab.foreign).toEqual([]);
    });

    it("is being made on a slow first load, not made again (UI-21)", async ({ expect }) => {
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      const tickets = await holdRequests(page, isTicket);
      await page.goto("/inbox");
      await tickets.asked;
      await banner(page, /^Connecting…$/).waitFor();
      await navigation(page).getByText("Connecting", { exact: true }).waitFor();
      expect(await page.getByText("Reconnecting").count()).toBe(0);
      await tickets.release();
      await navigation(page).getByText("Connected").waitFor();
      await banner(page, /^Connecting…$/).waitFor({ state: "detached" });
      expect(tab.foreign).toEqual([]);
    });

    it("is lost when the open chat alone is not connected (UI-21)", async ({ expect }) => {
      const nora = await world.customer("Nora Allein");
      await world.say(nora, "before");
      const tab = await world.open();
      const { page } = tab;
      const isOfChat = (json: unknown) => typeof json === "object" && json !== null && "chatId" in json;
      await page.route(isTicket, (route) =>
        isOfChat(route.request().postDataJSON()) ? route.abort() : route.fallback(),
      );
      await openChat(page, nora);
      await banner(page, "Reconnecting…").waitFor();
      await navigation(page).getByText("Reconnecting").waitFor();
      // The list is connected all the while.
      await world.say(nora, "to the list");
      await row(page, nora, "to the list").waitFor();
      await page.unroute(isTicket);
      await bubbles(page, "to the list").waitFor();
      await banner(page, "Reconnecting…").waitFor({ state: "detached" });
      await navigation(page).getByText("Connected").waitFor();

      // A chat that is not there has nothing to wait for.
      await page.goto("/inbox/2000000000");
      await page.getByText("There is no such chat").waitFor();
      await navigation(page).getByText("Connected").waitFor();
      expect(tab.foreign).toEqual([]);
    });

    it("asks every 15 seconds where sockets are blocked, and no longer than that (UI-21, UI-22)", async ({
      expect,
    }) => {
      const [nele, niko] = [await world.customer("Nele Sperre"), await world.customer("Niko Sperre")];
      await world.say(nele, "before");
      const address = await world.addressOf(nele);
      const label = (await world.api("oleg", "POST", "/labels", { name: "Slow", color: "red" })) as {
        id: number;
      };
      await world.api("oleg", "PUT", `${address.replace("/inbox", "/chats")}/labels/${label.id}`);
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      let isBlocked = true;
      await page.context().routeWebSocket(/\/socket/, (socket) => {
        if (isBlocked) void socket.close({ code: 1011 });
        else socket.connectToServer();
      });
      const asked: string[] = [];
      page.on("request", (request) =>
        asked.push(new URL(request.url()).pathname + new URL(request.url()).search),
      );
      await page.clock.install();
      await page.goto(address);
      const notice = banner(page, "Live connections are blocked in this network.");
      await notice.waitFor();
      await navigation(page).getByText("No live news").waitFor();
      await bubbles(page, "before").waitFor();
      await world.say(nele, "while blocked");
      await world.say(niko, "also while blocked");
      await world.addressOf(niko);
      await row(page, nele, "Slow").waitFor();
      await world.api("oleg", "PUT", `/labels/${label.id}`, { name: "Without sockets", color: "red" });
      await page.clock.fastForward(15_000);
      await bubbles(page, "while blocked").waitFor();
      await row(page, niko, "also while blocked").waitFor();
      await row(page, nele, "Without sockets").waitFor();
      await send(page, "Heard you");
      await expect.poll(async () => (await world.shownTo(nele)).length).toBe(1);
      await world.api("oleg", "PATCH", address.replace("/inbox", "/chats"), { status: "closed" });
      await page.clock.fastForward(15_000);
      await bubbles(page, "Heard you").getByRole("img", { name: ARRIVED }).waitFor();
      await page.getByText("oleg closed this chat").waitFor();
      await row(page, nele).waitFor({ state: "detached" });
      expect(await notice.count()).toBe(1);

      isBlocked = false;
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await navigation(page).getByText("Connected").waitFor();
      await notice.waitFor({ state: "detached" });
      await world.say(nele, "live again");
      await bubbles(page, "live again").waitFor();
      const chat = address.replace("/inbox", "/api/waba/chats");
      const polls = () => asked.filter((path) => path === chat || path.startsWith(`${chat}/events`)).length;
      const before = polls();
      for (let round = 0; round < 3; round++) await page.clock.fastForward(15_000);
      await world.say(nele, "and still");
      await bubbles(page, "and still").waitFor();
      expect(polls()).toBe(before);
      expect(before).toBeGreaterThan(2);
      expect(tab.foreign).toEqual([]);
    });

    it("asks soon for what becomes of an own message where sockets are blocked (UI-06, UI-22)", async ({
      expect,
    }) => {
      const nils = await world.customer("Nils Sperre");
      await world.say(nils, "before");
      const address = await world.addressOf(nils);
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      await page.context().routeWebSocket(/\/socket/, (socket) => void socket.close({ code: 1011 }));
      await page.clock.install();
      await page.goto(address);
      await banner(page, "Live connections are blocked in this network.").waitFor();
      await bubbles(page, "before").waitFor();
      // The next regular look is some 15 seconds of the page's clock away, which stands still.
      await page.clock.fastForward(15_000);
      await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 500);
      const sent = page.waitForResponse(/\/send$/);
      await send(page, "Heard at once");
      await sent;
      const statusOf = `select status from "Message" where body = 'Heard at once'`;
      await expect.poll(async () => (await world.sql(statusOf))[0]?.status).toMatch(/^(delivered|read)$/);
      let leftMs = 10_000;
      const arrived = bubbles(page, "Heard at once").getByRole("img", { name: ARRIVED });
      await expect
        .poll(async () => {
          if (leftMs > 0) await page.clock.runFor(250);
          leftMs -= 250;
          return await arrived.count();
        })
        .toBe(1);
      expect(tab.foreign).toEqual([]);
    });
  });
}
