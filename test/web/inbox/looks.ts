import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { openTab } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { ARRIVED, bubbles, type InboxWorld, nextFrame, row, send } from "./world.ts";

/** What sticks out of the element that it is in, and of the page, though it is not meant to be cut. */
function overflows(): string[] {
  const found: string[] = [];
  const place = document.querySelector("[role=dialog]") ?? document.body;
  const page = document.scrollingElement;
  if (page && page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} px wide`);
  for (const element of place.querySelectorAll<HTMLElement>("*")) {
    const { clientWidth, scrollWidth } = element;
    // What is in a line has no width of its own. Bubbles and players draw themselves.
    if (clientWidth === 0 || scrollWidth <= clientWidth + 1 || element.closest("svg, audio, video")) continue;
    const style = getComputedStyle(element);
    const isForReaders = element.closest(".hidden-text") !== null || style.clipPath !== "none";
    const isCut = style.textOverflow === "ellipsis" && style.overflowX !== "visible";
    const isClamped = style.webkitLineClamp !== "none";
    if (isForReaders || isCut || isClamped) continue;
    const text = (element.ariaLabel ?? element.textContent ?? "").trim().slice(0, 50);
    found.push(`${element.tagName} ${element.className}: ${scrollWidth} > ${clientWidth}: ${text}`);
  }
  return found;
}

export function looksTests(world: InboxWorld): void {
  const DEVICES = {
    // The narrow one is a page of 1280 px at 400 %.
    desktop: { widths: [1280, 320], options: {} },
    phone: { widths: [375, 320], options: { hasTouch: true, isMobile: true } },
  } as const;

  describe("the room that there is", () => {
    it.for([
      ["en-US", "desktop"],
      ["en-US", "phone"],
      ["ru-RU", "desktop"],
      ["ru-RU", "phone"],
    ] as const)("is enough for all texts: %s, %s (UI-27, UI-28)", async ([locale, device], { expect }) => {
      const { widths, options } = DEVICES[device];
      const isRussian = locale === "ru-RU";
      const lang = <T>(english: T, russian: T) => (isRussian ? russian : english);
      const fits = async (page: Page) => {
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 });
          await nextFrame(page);
          await nextFrame(page);
          expect(await page.evaluate(overflows), `${page.url()} at ${width}`).toEqual([]);
        }
      };
      const first = { ...options, locale, viewport: { width: widths[0], height: 800 } };
      const signIn = await openTab(world.system.browser, world.system.origin, first);
      await signIn.page.goto("/sign-in");
      await signIn.page.getByRole("heading", { level: 1 }).waitFor();
      await fits(signIn.page);

      const name = `Константин Константинопольский-Преображенский ${locale} ${device}`;
      const kostya = await world.customer(name);
      await world.syncTemplates();
      await world.say(
        kostya,
        `${"Донаудампфшиффартсгезельшафт".repeat(4)} https://example.com/${"path/".repeat(30)}`,
      );
      await world.say(kostya, {
        type: "document",
        document: { filename: `${"very_long_name_".repeat(8)}.pdf` },
      });
      const address = await world.addressOf(kostya);
      const chat = address.replace("/inbox", "/chats");
      await world.api("anna", "POST", `${chat}/notes`, { body: "Примечание ".repeat(9), mentions: [] });
      const label = { name: `Перезвонить позже ${locale} ${device}`, color: "blue" };
      const { id } = await world.api("anna", "POST", "/labels", label);
      await world.api("anna", "PUT", `${chat}/labels/${id}`);
      await world.control("PUT", "/faults", { failed: { code: 131047, times: 1 } });
      const tab = await world.open("anna", "/inbox", first);
      const { page } = tab;
      await page.goto(address);
      await send(page, "Не дошло");
      await bubbles(page, "Не дошло").getByRole("button").first().waitFor();
      await world.control("DELETE", "/faults");
      await send(page, "Дошло");
      await bubbles(page, "Дошло").getByRole("img", { name: ARRIVED }).waitFor();
      await fits(page);

      const dialog = page.getByRole("dialog");
      await page.getByRole("button", { name: lang("Send a template", "Отправить шаблон") }).click();
      await dialog
        .getByRole("button", { name: /hello_world/ })
        .first()
        .waitFor();
      await fits(page);
      await dialog
        .getByRole("button", { name: /hello_world/ })
        .first()
        .click();
      await dialog
        .getByRole("button", { name: lang("Send", "Отправить"), exact: true, disabled: false })
        .waitFor();
      await fits(page);

      await page.goto("/inbox");
      await row(page, kostya).waitFor();
      await fits(page);
      await page.getByRole("button", { name: lang("New chat", "Новый чат") }).click();
      await dialog.waitFor();
      await fits(page);
      for (const path of ["/settings", "/settings/numbers", "/settings/numbers/new"]) {
        await page.goto(path);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page
          .getByRole("textbox")
          .or(page.getByRole("radio"))
          .or(page.getByRole("link"))
          .first()
          .waitFor();
        await fits(page);
      }
      expectQuiet(tab, expect);
    });
  });
}
