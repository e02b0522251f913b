import { describe, it } from "vitest";
import { bubbles, type InboxWorld, openChat } from "./world.ts";

export function connectionTests(world: InboxWorld): void {
  describe("a lost connection", () => {
    it("shows what came in meanwhile, once and in order (UI-21)", async ({ expect }) => {
      const ole = await world.customer("Ole Offline");
      await world.say(ole, "before");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, ole);
      await page.context().setOffline(true);
      for (let i = 1; i <= 5; i++) await world.say(ole, `missed ${i}`);
      await page.context().setOffline(false);
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await bubbles(page, "missed 5").waitFor({ timeout: 40_000 });
      const texts = await bubbles(page, "missed").allTextContents();
      expect(texts.map((text) => /missed \d/.exec(text)?.[0])).toEqual(
        [1, 2, 3, 4, 5].map((i) => `missed ${i}`),
      );
      expect(tab.foreign).toEqual([]);
    });
  });
}
