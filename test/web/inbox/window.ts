import type { Locator } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { composer, type InboxWorld, row, thread } from "./world.ts";

const DAY_S = 24 * 3_600;

/** The colour of a text, and that of a token of the page's palette. */
const coloursOf = (text: Locator, token: string) =>
  text.evaluate((element, name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(${name})`;
    const wanted = getComputedStyle(probe).color;
    probe.remove();
    return { is: getComputedStyle(element).color, wanted };
  }, token);

export function windowTests(world: InboxWorld): void {
  describe("the time that is left to reply", () => {
    it.for([
      ["amber in its last two hours", 100, "1 h", "--warning"],
      ["red in its last minutes, with words that all can see", 14, /^1[0-4] min left to reply$/, "--danger"],
    ] as const)(
      "is %s, in the header and in the row (UI-08)",
      async ([, minutes, said, token], { expect }) => {
        const customer = await world.customer(`Frieda Frist ${minutes}`);
        await world.say(customer, "Still today?", {
          timestamp: Math.floor(Date.now() / 1000) - DAY_S + minutes * 60,
        });
        const tab = await world.open("anna", await world.addressOf(customer));
        const { page } = tab;
        await composer(page).waitFor();
        await page.getByRole("searchbox").fill(customer.name);
        await page
          .getByRole("status")
          .filter({ hasText: /^Found: 1 chat/ })
          .waitFor();
        for (const place of [thread(page).locator("header"), row(page, customer)]) {
          const text = place.getByText(said, { exact: true });
          await text.waitFor();
          // What only a screen reader has is clipped to a pixel.
          expect((await text.boundingBox())?.width).toBeGreaterThan(10);
          expect(await text.evaluate((element) => element.closest(".hidden-text"))).toBeNull();
          const { is, wanted } = await coloursOf(text, token);
          expect(is).toBe(wanted);
        }
        expectQuiet(tab, expect);
      },
    );
  });
}
