import type { Page } from "playwright-core";
import { describe, it, onTestFinished } from "vitest";
import { launchBrowser, openTab } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { bubbles, composer, type InboxWorld, openChat, row, thread, typeUntil } from "./world.ts";

/** What the open chat says of a colleague who writes there; the chat's row says it too. */
const replying = (page: Page, colleague: string) => thread(page).getByText(`${colleague} is replying…`);

/** When a colleague gave the signs that a page has received. */
function signsOf(page: Page, colleague: string): number[] {
  const moments: number[] = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const frame = String(payload);
      const age = new RegExp(`"name":"${colleague}","ageMs":(\\d+)`).exec(frame)?.[1];
      if (frame.includes('"presence"') && age) moments.push(Date.now() - Number(age));
    }),
  );
  return moments;
}

/** What a tab sends and is sent from now on can be cut off, while its connections stay: as when its laptop is shut. */
async function shuttable(page: Page): Promise<() => void> {
  let isShut = false;
  await page.context().routeWebSocket(/\/socket/, (socket) => {
    if (isShut) return;
    const server = socket.connectToServer();
    socket.onMessage((frame) => isShut || server.send(frame));
    server.onMessage((frame) => isShut || socket.send(frame));
    // The page closes one that has been silent for long.
    socket.onClose(
      (code, reason) => isShut || server.close({ ...(code && { code }), ...(reason && { reason }) }),
    );
  });
  return () => {
    isShut = true;
  };
}

/** The page's connections wait, from its next load on, until the function that it returns is called. */
async function holdConnections(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(/\/socket-tickets$/, async (route) => {
    await promise;
    // Of a page that is no more.
    await route.fallback().catch(() => undefined);
  });
  return resolve;
}

/** From here on no time passes in a page, so nothing fades there. It waits for no timer that is due within five minutes. */
const stopClock = (page: Page) => page.clock.pauseAt(Date.now() + 300_000);

export function presenceTests(world: InboxWorld): void {
  /** A chat in a browser of its own, and what ends that as a crash does. */
  const openToCrash = async (sub: string, address: string) => {
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const { page } = await openTab(browser, world.system.origin);
    await page.goto(`${address}#token=${await world.system.tokenFor(sub)}`);
    const crash = async () => {
      const session = await browser.newBrowserCDPSession();
      const isGone = new Promise((resolve) => browser.once("disconnected", resolve));
      session.send("Browser.crash").catch(() => undefined);
      await isGone;
    };
    return { page, crash };
  };

  describe("the colleagues in a chat", () => {
    it("shows who else is here and who is writing (UI-17)", async ({ expect }) => {
      const tom = await world.customer("Tom Zusammen");
      await world.say(tom, "Who answers?");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      await openChat(anna.page, tom);
      await openChat(oleg.page, tom);
      await anna.page.getByText("Also here: oleg").waitFor();
      const show = (state: DocumentVisibilityState) =>
        oleg.page.evaluate((now) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => now });
          document.dispatchEvent(new Event("visibilitychange"));
        }, state);
      await show("hidden");
      await anna.page.getByText("Also here: oleg").waitFor({ state: "detached" });
      await show("visible");
      await anna.page.getByText("Also here: oleg").waitFor();
      await typeUntil(oleg.page, replying(anna.page, "oleg"));
      await oleg.page.context().close();
      await anna.page.getByText("Also here: oleg").waitFor({ state: "detached" });
      await replying(anna.page, "oleg").waitFor({ state: "detached" });
      expectQuiet(anna, expect);
    });

    it("shows a colleague who has the agent's own name (UI-17)", async ({ expect }) => {
      const uwe = await world.customer("Uwe Doppelt");
      await world.say(uwe, "Which of you?");
      const [one, other] = await Promise.all(
        ["sasha-1", "sasha-2"].map(async (sub) => {
          const tab = await world.open(sub, "/settings");
          await tab.page.goto(`/inbox#token=${await world.system.tokenFor(sub, ["--name", "Sasha"])}`);
          await openChat(tab.page, uwe);
          return tab;
        }),
      );
      if (!one || !other) throw new Error("There are two.");
      for (const { page } of [one, other])
        await page.getByText("Also here: Sasha", { exact: true }).waitFor();
      await typeUntil(other.page, replying(one.page, "Sasha"));
      expect(await other.page.getByText("Sasha is replying…").count()).toBe(0);
      for (const tab of [one, other]) expectQuiet(tab, expect);
    });

    it("are there for as long as they look, and for half a minute once their laptop is shut (UI-17)", async ({
      expect,
    }) => {
      const tim = await world.customer("Tim Zugeklappt");
      await world.say(tim, "Who is there?");
      const anna = await world.open("anna", "/settings");
      const oleg = await world.open("oleg", "/settings");
      const signs = signsOf(anna.page, "oleg");
      const shut = await shuttable(oleg.page);
      await anna.page.clock.install();
      for (const { page } of [anna, oleg]) await page.goto(await world.addressOf(tim));
      const mark = anna.page.getByText("Also here: oleg");
      await mark.waitFor();
      const lookedForMs = () => Math.max(...signs) - Math.min(...signs);
      await expect.poll(lookedForMs, { timeout: 100_000 }).toBeGreaterThan(31_000);
      await mark.waitFor();
      const typing = replying(anna.page, "oleg");
      await typeUntil(oleg.page, typing);
      shut();
      await anna.page.clock.fastForward(6_000);
      await typing.waitFor({ state: "detached" });
      await anna.page.clock.fastForward(30_000);
      await mark.waitFor({ state: "detached" });
      expectQuiet(anna, expect);
    });

    it("are gone with their browser, and so is what they were writing (UI-17)", async ({ expect }) => {
      const tea = await world.customer("Tea Absturz");
      await world.say(tea, "Who is there?");
      const address = await world.addressOf(tea);
      const anna = await world.open("anna", address);
      const oleg = await openToCrash("oleg", address);
      const typing = replying(anna.page, "oleg");
      await typeUntil(oleg.page, typing);
      await anna.page.getByText("Also here: oleg").waitFor();
      await oleg.crash();
      await anna.page.getByText("Also here: oleg").waitFor({ state: "detached" });
      await typing.waitFor({ state: "detached" });
      expectQuiet(anna, expect);
    });

    it("are in the row of the chat too, and leave it with their browser (UI-17)", async ({ expect }) => {
      const tia = await world.customer("Tia Liste");
      await world.say(tia, "Who reads the list?");
      const address = await world.addressOf(tia);
      const anna = await world.open();
      const shown = row(anna.page, tia, "Now in this chat: oleg");
      const typing = row(anna.page, tia, "oleg is replying…");
      await row(anna.page, tia, "Who reads the list").waitFor();
      expect((await shown.count()) + (await typing.count())).toBe(0);
      const oleg = await openToCrash("oleg", address);
      await shown.waitFor();
      await typeUntil(oleg.page, typing);
      expect(await row(oleg.page, tia, "Now in this chat").count()).toBe(0);
      await oleg.crash();
      await shown.waitFor({ state: "detached" });
      await typing.waitFor({ state: "detached" });
      expectQuiet(anna, expect);
    });

    it("fade in the row of the chat when nothing more is heard of them (UI-17)", async ({ expect }) => {
      const tad = await world.customer("Tad Liste");
      await world.say(tad, "Who reads the list now?");
      const address = await world.addressOf(tad);
      const anna = await world.open("anna", "/settings");
      await anna.page.clock.install();
      await anna.page.goto("/inbox");
      const shown = row(anna.page, tad, "Now in this chat: oleg");
      const typing = row(anna.page, tad, "oleg is replying…");
      const oleg = await world.open("oleg", "/settings");
      const shut = await shuttable(oleg.page);
      await oleg.page.goto(address);
      await shown.waitFor();
      await typeUntil(oleg.page, typing);
      shut();
      await anna.page.clock.fastForward(6_000);
      await typing.waitFor({ state: "detached" });
      await shown.waitFor();
      await anna.page.clock.fastForward(90_000);
      await shown.waitFor({ state: "detached" });
      expectQuiet(anna, expect);
    });

    it("write no longer once they have written (UI-17)", async ({ expect }) => {
      const ted = await world.customer("Ted Fertig");
      await world.say(ted, "And?");
      const address = await world.addressOf(ted);
      const anna = await world.open("anna", "/settings");
      await anna.page.clock.install();
      await anna.page.goto(address);
      const oleg = await world.open("oleg", address);
      await anna.page.getByText("Also here: oleg").waitFor();
      await stopClock(anna.page);
      await composer(oleg.page).fill("Done");
      const typing = replying(anna.page, "oleg");
      await typing.waitFor();
      await composer(oleg.page).press("Enter");
      await typing.waitFor({ state: "detached" });
      expectQuiet(anna, expect);
    });

    it("write also where they began before their page was connected (UI-17)", async ({ expect }) => {
      const tami = await world.customer("Tami Voreilig");
      await world.say(tami, "Quick?");
      const address = await world.addressOf(tami);
      const anna = await world.open("anna", "/settings");
      await anna.page.clock.install();
      await anna.page.goto(address);
      const oleg = await world.open("oleg", address);
      const here = anna.page.getByText("Also here: oleg");
      const [inThread, inRow] = [replying(anna.page, "oleg"), row(anna.page, tami, "oleg is replying…")];
      await here.waitFor();
      await row(anna.page, tami, "Now in this chat: oleg").waitFor();
      await stopClock(anna.page);
      // However long the connection takes, no time has passed since he typed.
      await oleg.page.clock.setFixedTime(Date.now());
      const connect = await holdConnections(oleg.page);
      await oleg.page.reload();
      await composer(oleg.page).fill("I am on it");
      connect();
      await inThread.waitFor();
      await inRow.waitFor();

      // Not where it is sent by the time that it is.
      await anna.page.clock.resume();
      const connectAgain = await holdConnections(oleg.page);
      await oleg.page.reload();
      await here.waitFor({ state: "detached" });
      await row(anna.page, tami, "Now in this chat").waitFor({ state: "detached" });
      await composer(oleg.page).press("Enter");
      await bubbles(anna.page, "I am on it").waitFor();
      connectAgain();
      await here.waitFor();
      expect(await inThread.count()).toBe(0);
      await row(anna.page, tami, "Now in this chat: oleg").waitFor();
      expect(await inRow.count()).toBe(0);
      expectQuiet(anna, expect);
    });
  });
}
