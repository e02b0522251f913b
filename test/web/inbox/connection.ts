import type { WebSocketRoute } from "playwright-core";
import { describe, it } from "vitest";
import { findListener } from "../../../src/local/ports.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  cuttable,
  type InboxWorld,
  openChat,
  restingPlace,
  row,
  send,
  thread,
  wheelTo,
} from "./world.ts";

/** So tall that a whole thread is in the page. */
const TALL = { viewport: { width: 1200, height: 4_000 } };

const sendOf = (chatId: number, message: string) => ({
  organizationPhoneId: 1,
  chatId,
  type: "text",
  message,
});

const UNKNOWN = "The server answered with an error that this page does not know.";

/** What stands instead of a chat that could not be loaded. */
const FAILED_LOADS = [
  { status: 403, problem: { code: "forbidden", detail: "Not for you." }, shown: "Not for you." },
  {
    status: 500,
    problem: { code: "internal", detail: "It is logged.", requestId: "r-1" },
    shown: "It is logged. requestId: r-1",
  },
  // Not ours: the chat may be there all the same.
  { status: 404, problem: null, shown: UNKNOWN },
];

type Counted = typeof globalThis & { banners: number };

export function connectionTests(world: InboxWorld): void {
  describe("a lost connection", () => {
    it("brings all that customers wrote in 20 seconds, and says once that it is lost (UI-21)", async ({
      expect,
    }) => {
      const ines = await world.customer("Ines Stillstand");
      await world.say(ines, "before", { timestamp: Math.floor(Date.now() / 1000) - 90 });
      const tab = await world.open("anna", "/inbox", TALL);
      const { page } = tab;
      const { sockets } = await cuttable(page);
      await page.goto("/inbox");
      await openChat(page, ines);
      // On a slow machine the page takes so long to connect that it says so.
      await world.say(ines, "connected", { timestamp: Math.floor(Date.now() / 1000) - 80 });
      await bubbles(page, "connected").waitFor();
      await row(page, ines, "connected").waitFor();
      await page.getByText("Reconnecting…").first().waitFor({ state: "detached" });
      await page.evaluate(() => {
        Object.assign(globalThis, { banners: 0 });
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes)
            for (const node of addedNodes)
              if (node.textContent?.includes("Reconnecting…")) (globalThis as Counted).banners++;
        }).observe(document.body, { subtree: true, childList: true });
      });
      const worker = await findListener(Number(new URL(world.system.origin).port));
      if (!worker) throw new Error("Nobody listens where the Worker should.");
      process.kill(worker.pid, "SIGSTOP");
      const stoppedAt = Date.now();
      try {
        for (const socket of sockets.splice(0)) await socket.close({ code: 1012 });
        // Meta's times are whole seconds: of two messages of one second that comes first which was stored first.
        const startS = Math.floor(Date.now() / 1000) - 60;
        for (let i = 1; i <= 50; i++) await world.say(ines, `stopped ${i};`, { timestamp: startS + i });
        await send(page, "Are you there?");
        await page.getByText("Reconnecting…").first().waitFor();
        await new Promise((resolve) => setTimeout(resolve, stoppedAt + 20_000 - Date.now()));
      } finally {
        process.kill(worker.pid, "SIGCONT");
      }
      const expected = Array.from({ length: 50 }, (_, i) => `stopped ${i + 1};`);
      const stopped = async () =>
        (await bubbles(page, /stopped \d+;/).allTextContents()).map((text) => /stopped \d+;/.exec(text)?.[0]);
      await expect.poll(stopped, { timeout: 120_000 }).toEqual(expected);
      await bubbles(page, "Are you there?").getByRole("img", { name: ARRIVED }).waitFor();
      expect(await world.shownTo(ines)).toHaveLength(1);
      await page.getByText("Reconnecting…").first().waitFor({ state: "detached" });
      expect(await page.evaluate(() => (globalThis as Counted).banners)).toBe(1);
      expect(tab.foreign).toEqual([]);
    });

    it("is seen as lost as soon as the network is, and replaced once the network is back (UI-21)", async ({
      expect,
    }) => {
      const olga = await world.customer("Olga Funkloch");
      await world.say(olga, "before");
      const tab = await world.open();
      const { page } = tab;
      let isDead = false;
      await page.context().routeWebSocket(/\/socket/, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((frame) => isDead || server.send(frame));
        server.onMessage((frame) => isDead || socket.send(frame));
      });
      await page.reload();
      await openChat(page, olga);
      await bubbles(page, "before").waitFor();
      await page.context().setOffline(true);
      await page.getByText("No connection. What you write is sent when it is back.").first().waitFor();
      await send(page, "written without a network");
      await page.getByRole("img", { name: /^Waiting to be sent, / }).waitFor();
      // What the sockets of before carry is lost, as behind a router that has forgotten them.
      isDead = true;
      await world.say(olga, "in the dark");
      await page.context().routeWebSocket(/\/socket/, (socket) => void socket.connectToServer());
      await page.context().setOffline(false);
      await bubbles(page, "in the dark").waitFor();
      await bubbles(page, "written without a network").getByRole("img", { name: ARRIVED }).waitFor();
      await page.getByText("No connection.").first().waitFor({ state: "detached" });
      // A list that is still being loaded would fail too.
      await page.getByRole("navigation", { name: "Main navigation" }).getByText("Connected").waitFor();

      // Another chat, which nothing is known of but its row.
      const otto = await world.customer("Otto Offen");
      await world.say(otto, "not read yet");
      await row(page, otto).waitFor();
      await page.context().setOffline(true);
      await row(page, otto).click();
      await page.getByText("The server cannot be reached. Check your connection.").waitFor();
      await page.context().setOffline(false);
      await bubbles(page, "not read yet").waitFor();
      for (const { status, problem, shown } of FAILED_LOADS) {
        await row(page, olga).click();
        await bubbles(page, "in the dark").waitFor();
        await page.route(/\/chats\/\d+$/, (route) =>
          route.fulfill(
            problem
              ? { status, contentType: "application/problem+json", body: JSON.stringify(problem) }
              : { status, contentType: "text/html", body: "<h1>Gateway</h1>" },
          ),
        );
        await row(page, otto).click();
        await page.getByText(shown).waitFor();
        await page.unroute(/\/chats\/\d+$/);
        await page.getByRole("button", { name: "Try again" }).click();
        await bubbles(page, "not read yet").waitFor();
      }
      expect(tab.foreign).toEqual([]);
    });

    it("does not keep back what was sent once the agent is in the settings (UI-06)", async ({ expect }) => {
      const ella = await world.customer("Ella Umweg");
      await world.say(ella, "before");
      const { page, foreign } = await world.open("anna", "/settings");
      await page.getByRole("link", { name: "Inbox" }).click();
      await openChat(page, ella);
      await page.context().setOffline(true);
      await send(page, "written before I left");
      await page.getByRole("img", { name: /^Waiting to be sent, / }).waitFor();
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
      expect(await world.shownTo(ella)).toEqual([]);
      await page.context().setOffline(false);
      await expect.poll(async () => (await world.shownTo(ella)).length).toBe(1);
      expect(new URL(page.url()).pathname).toBe("/settings");
      expect(foreign).toEqual([]);
    });

    it("of the chat alone is found by the list, which goes on (UI-22)", async ({ expect }) => {
      const hein = await world.customer("Hein Halb");
      await world.say(hein, "before");
      const tab = await world.open();
      const { page } = tab;
      let rooms = 0;
      // Nothing passes through the first one, and nobody hears that it is dead.
      await page.context().routeWebSocket(/\/chats\/\d+\/socket/, (socket) => {
        const isDead = rooms++ === 0;
        const room = socket.connectToServer();
        if (isDead) socket.onMessage(() => undefined);
        if (isDead) room.onMessage((frame) => String(frame).includes("hello") && socket.send(frame));
      });
      await page.reload();
      await openChat(page, hein);
      await bubbles(page, "before").waitFor();
      await expect.poll(() => rooms).toBe(1);
      await world.say(hein, "unheard");
      await bubbles(page, "unheard").waitFor();
      expect(rooms).toBe(2);
      expectQuiet(tab, expect);
    });

    it("leaves the place where one reads when the whole chat is read anew (UI-22)", async ({ expect }) => {
      const rita = await world.customer("Rita Rückblick");
      await world.say(rita, "first");
      await world.wroteEarlier(
        rita,
        Array.from({ length: 150 }, (_, n) => `page ${n};`),
      );
      const tab = await world.open("anna", await world.addressOf(rita));
      const { page } = tab;
      const sockets: WebSocketRoute[] = [];
      await page.context().routeWebSocket(/\/chats\/\d+\/socket/, (socket) => {
        const isFirst = sockets.push(socket) === 1;
        const room = socket.connectToServer();
        // As if more had happened than the room replays.
        room.onMessage((frame) =>
          socket.send(isFirst ? frame : String(frame).replace(/"resume":"\w+"/, '"resume":"reset"')),
        );
      });
      await page.reload();
      await bubbles(page, "first").waitFor();
      await thread(page).hover();
      const read = bubbles(page, "page 90;");
      await wheelTo(page, read, -300);
      const before = await restingPlace(page, read);
      const place = async () => (await read.boundingBox())?.y ?? 0;
      const again = page.waitForResponse(/\/messages\?.*around=/);
      await sockets[0]?.close({ code: 1012 });
      await again;
      await page.getByText("Reconnecting…").first().waitFor({ state: "detached" });
      await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThanOrEqual(1);
      await page.getByRole("button", { name: "To the newest message" }).click();
      await bubbles(page, "first").waitFor();
      expectQuiet({ foreign: tab.foreign, logged: [] }, expect);
    });

    it("leaves the page as a fresh one, wherever it was cut (UI-22)", async ({ expect }) => {
      const cora = await world.customer("Cora Schnitt");
      await world.say(cora, "first");
      const tab = await world.open("anna", "/inbox", TALL);
      const { page } = tab;
      const { sockets } = await cuttable(page);
      await page.goto("/inbox");
      await openChat(page, cora);
      const chatId = Number(page.url().split("/").at(-1));
      for (let round = 0; round < 12; round++) {
        const { wamid } = await world.say(cora, `round ${round}`);
        if (round % 3 === 0) await world.api("oleg", "POST", "/send", sendOf(chatId, `answer ${round}`));
        if (round % 4 === 1)
          await world.say(cora, { type: "revoke", revoke: { original_message_id: wamid } });
        // Some of the cuts come while the page is still catching up from the one before.
        for (const socket of sockets.splice(0)) await socket.close({ code: 1012 });
        await new Promise((resolve) => setTimeout(resolve, (round * 137) % 400));
      }
      await world.say(cora, "last");
      const fresh = await world.open("anna", `/inbox/${chatId}`, TALL);
      await bubbles(fresh.page, "last").waitFor();
      const shown = async ({ page }: typeof tab) =>
        (await page.locator("[data-message]").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
      // Some of what was said may still be on its way to both.
      await expect.poll(async () => (await shown(fresh)).length).toBe(18);
      // After many cuts in a row the page waits for up to 30 seconds before it connects again.
      await expect
        .poll(async () => JSON.stringify(await shown(tab)) === JSON.stringify(await shown(fresh)), {
          timeout: 90_000,
        })
        .toBe(true);
    });
  });
}
