import type { Route } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { ARRIVED, bubbles, composer, DOT, hasFocus, type InboxWorld, type Json, thread } from "./world.ts";

/** So tall that all pictures are in view at once. */
const TALL = { viewport: { width: 1200, height: 6_600 } };
const PICTURES = 20;
const DAY_S = 24 * 3_600;

type Measured = typeof globalThis & { moved: number };

export function mediaTests(world: InboxWorld): void {
  describe("a file", () => {
    it("moves nothing when its bytes come, and opens over the page (UI-30)", async ({ expect }) => {
      const pia = await world.customer("Pia Bild");
      const startS = Math.floor(Date.now() / 1000) - 60;
      for (let i = 1; i <= PICTURES; i++)
        await world.say(pia, { type: "image", image: { caption: `photo ${i};` } }, { timestamp: startS + i });
      await world.stored(pia, PICTURES);
      const tab = await world.open("anna", "/settings", TALL);
      const { page } = tab;
      const held: Route[] = [];
      await page.route(/\/media\/\d+\?/, (route) => {
        held.push(route);
      });
      await page.goto(await world.addressOf(pia));
      await expect.poll(() => held.length).toBe(PICTURES);
      await page.evaluate(() => {
        Object.assign(globalThis, { moved: 0 });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            (globalThis as Measured).moved += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: "layout-shift", buffered: false });
      });
      await Promise.all(held.map((route) => route.continue()));
      await page.unroute(/\/media\/\d+\?/);
      const pictures = thread(page).getByRole("button", { name: "Open photo" }).getByRole("img");
      const loaded = () =>
        pictures.evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length);
      await expect.poll(loaded).toBe(PICTURES);
      expect(await page.evaluate(() => (globalThis as Measured).moved)).toBeLessThan(0.02);

      const picture = bubbles(page, "photo 20;").getByRole("button", { name: "Open photo" });
      await picture.click();
      const viewer = page.getByRole("dialog");
      await viewer.getByText("Photo 20 of 20").waitFor();
      await expect.poll(() => viewer.evaluate((one) => one.contains(document.activeElement))).toBe(true);
      await page.keyboard.press("ArrowLeft");
      await viewer.getByRole("heading", { name: "photo 19;" }).waitFor();
      await viewer.getByRole("button", { name: "Zoom in" }).click();
      await viewer.getByRole("button", { name: "Zoom out" }).waitFor();
      await page.keyboard.press("Escape");
      await viewer.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(picture)).toBe(true);
      const source = await picture.getByRole("img").getAttribute("src");
      expect((await fetch(new URL(new URL(source ?? "", page.url()).pathname, page.url()))).status).toBe(401);
      expectQuiet(tab, expect);
    });

    it("has a caption of at most 1,024 letters (UI-13)", async ({ expect }) => {
      const cora = await world.customer("Cora Untertitel");
      await world.say(cora, "The picture, please");
      const tab = await world.open("anna", await world.addressOf(cora));
      const { page } = tab;
      const send = page.getByRole("button", { name: "Send", exact: true });
      await composer(page).fill("x".repeat(1_025));
      await expect.poll(() => send.isEnabled()).toBe(true);
      await page
        .getByLabel("Attach files")
        .setInputFiles({ name: "a.png", mimeType: "image/png", buffer: DOT });
      await page.getByText("1025 of 1024 characters").waitFor();
      expect(await send.isDisabled()).toBe(true);
      await composer(page).press("Enter");
      await composer(page).fill("y".repeat(1_024));
      await expect.poll(() => send.isEnabled()).toBe(true);
      await send.click();
      await bubbles(page, "y".repeat(1_024)).getByRole("img", { name: ARRIVED }).waitFor();
      expect((await world.sentTo(cora)).map(({ image }) => (image as Json).caption)).toEqual([
        "y".repeat(1_024),
      ]);
      expectQuiet(tab, expect);
    });

    it("is asked for anew when its address has run out (UI-30)", async ({ expect }) => {
      const runa = await world.customer("Runa Ablauf");
      await world.say(runa, { type: "image", image: { caption: "still there" } });
      const tab = await world.open("anna", "/settings");
      const { page } = tab;
      let addresses = 0;
      await page.route("**/media/*/address", async (route) => {
        const answer = await route.fetch();
        const { url, ...more } = (await answer.json()) as { url: string };
        const ended = new URL(url);
        ended.searchParams.set("until", "1");
        await route.fulfill({ json: { ...more, url: addresses++ === 0 ? ended.href : url } });
      });
      await page.goto(await world.addressOf(runa));
      const picture = bubbles(page, "still there").getByRole("img", { name: "still there" });
      await expect
        .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
        .toBeGreaterThan(0);
      await expect.poll(() => addresses).toBe(2);
      expect(tab.foreign).toEqual([]);
    });

    it("says that it has expired, under a caption that stays readable (UI-30)", async ({ expect }) => {
      const max = await world.customer("Max Verfall");
      await world.control("PUT", "/faults", { expiredMedia: { of: "id" } });
      // Meta keeps a customer's file for a week.
      const timestamp = Math.floor(Date.now() / 1000) - 8 * DAY_S;
      await world.say(max, { type: "image", image: { caption: "the torn page" } }, { timestamp });
      const tab = await world.open("anna", await world.addressOf(max));
      await bubbles(tab.page, "the torn page").getByText("Ask the customer to send it again").waitFor();
      await world.control("DELETE", "/faults");
      expectQuiet(tab, expect);
    });
  });
}
