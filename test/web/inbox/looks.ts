import type { Locator, Page } from "playwright-core";
import { describe, it } from "vitest";
import { openTab } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  composer,
  type InboxWorld,
  nextFrame,
  openChat,
  row,
  send,
  thread,
} from "./world.ts";

/** How much of a picture is ink, and how much of its middle is the ground: shares from 0 to 1. */
type Ink = { ink: number; groundInside: number };

/** Of a small part of the page, as it is painted; the picture's corner is the ground. */
async function inkOf(part: Locator): Promise<Ink> {
  const picture = (await part.screenshot()).toString("base64");
  return await part.page().evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    if (!canvas) throw new Error("There is no canvas.");
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, width, height);
    const greyAt = (x: number, y: number) => {
      const [r = 0, g = 0, b = 0] = data.subarray((y * width + x) * 4);
      return 0.3 * r + 0.59 * g + 0.11 * b;
    };
    const ground = greyAt(0, 0);
    let [all, ink, inside, groundInside] = [0, 0, 0, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const isInk = Math.abs(greyAt(x, y) - ground) > 90;
        all++;
        if (isInk) ink++;
        if (x < width * 0.25 || x > width * 0.75 || y < height * 0.2 || y > height * 0.8) continue;
        inside++;
        if (!isInk) groundInside++;
      }
    return { ink: ink / all, groundInside: groundInside / inside };
  }, picture);
}

/** The contrast of two colours, as WCAG has it; or of a property of an element, or of what stands before or after it, and the page. */
async function contrastOf(
  element: Locator,
  property: "backgroundColor" | "outlineColor" | "borderBottomColor" | "color",
  { against = "page", pseudo = "" }: { against?: "page" | "own background"; pseudo?: string } = {},
): Promise<number> {
  return await element.evaluate(
    (one, { property, against, pseudo }) => {
      const luminanceOf = (color: string) => {
        const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const style = getComputedStyle(one, pseudo || null);
      const ground = against === "page" ? getComputedStyle(document.documentElement) : style;
      const [a, b] = [luminanceOf(style[property]), luminanceOf(ground.backgroundColor)];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    },
    { property, against, pseudo },
  );
}

/** What sticks out of the element that it is in, and of the page, though it is not meant to be cut. */
function overflows(): string[] {
  const found: string[] = [];
  const place = document.querySelector("[role=dialog]") ?? document.body;
  const page = document.scrollingElement;
  if (page && page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} px wide`);
  for (const element of place.querySelectorAll<HTMLElement>("*")) {
    const { clientWidth, scrollWidth } = element;
    // What is in a line has no width of its own; icons and players draw themselves.
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
  describe("in the system's own colours", () => {
    it.for(["light", "dark"] as const)(
      "shows states and the focus: %s (UI-28)",
      async (colorScheme, { expect }) => {
        const fred = await world.customer(`Fred Kontrast ${colorScheme}`);
        const reads = (isSo: boolean) =>
          world.control("PUT", `/customers/${fred.phone}`, { name: fred.name, reads: isSo });
        await reads(false);
        await world.say(fred, "Which colours?");
        const tab = await world.open("anna", "/inbox", { colorScheme, forcedColors: "active" });
        const { page } = tab;
        await openChat(page, fred);
        await send(page, "The system's");

        // Delivered and read differ in what is painted; the ticks in the disc are seen.
        const tick = (name: RegExp) => bubbles(page, "The system's").getByRole("img", { name });
        await tick(/^Delivered, /).waitFor();
        const delivered = await inkOf(tick(/^Delivered, /));
        await reads(true);
        await tick(/^Read, /).waitFor();
        const read = await inkOf(tick(/^Read, /));
        expect(delivered.ink).toBeGreaterThan(0.05);
        expect(delivered.ink).toBeLessThan(0.4);
        expect(read.ink).toBeGreaterThan(0.5);
        expect(read.groundInside).toBeGreaterThan(0.1);

        const views = page.getByRole("group", { name: "Views" });
        const unread = page.getByRole("button", { name: "Unread", exact: true });
        await unread.click();
        await unread.and(page.locator('[aria-pressed="true"]')).waitFor();
        for (const pressed of [
          views.getByRole("button", { name: /^All/ }),
          unread,
          thread(page).getByRole("button", { name: "Hide contact details" }),
          page.getByRole("link", { name: "Inbox", exact: true }),
        ]) {
          expect(await contrastOf(pressed, "backgroundColor")).toBeGreaterThan(3);
          expect(await contrastOf(pressed, "color", { against: "own background" })).toBeGreaterThan(4.5);
        }
        expect(
          await contrastOf(views.getByRole("button", { name: /^Mine/ }), "backgroundColor"),
        ).toBeLessThan(1.3);
        await unread.click();

        const status = page.getByRole("combobox", { name: "Status" });
        expect(await status.evaluate((select) => getComputedStyle(select).appearance)).toBe("auto");

        // The open chat has a bar, and the divider is a full line.
        const open = row(page, fred);
        await open.and(page.locator('[aria-current="page"]')).waitFor();
        expect(await contrastOf(open, "backgroundColor", { pseudo: "::before" })).toBeGreaterThan(3);
        const divider = thread(page).getByText("1 unread message");
        expect(await contrastOf(divider, "borderBottomColor", { pseudo: "::before" })).toBeGreaterThan(3);
        expect(await divider.evaluate((line) => getComputedStyle(line, "::before").opacity)).toBe("1");
        expect(
          await contrastOf(composer(page), "backgroundColor", { pseudo: "::selection" }),
        ).toBeGreaterThan(3);

        // The focus is an outline wherever it goes.
        const outlined = async (element: Locator) => {
          const { outlineStyle, outlineWidth } = await element.evaluate((one) => {
            const { outlineStyle, outlineWidth } = getComputedStyle(one);
            return { outlineStyle, outlineWidth };
          });
          expect(outlineStyle).toBe("solid");
          expect(Number.parseFloat(outlineWidth)).toBeGreaterThanOrEqual(2);
          expect(await contrastOf(element, "outlineColor")).toBeGreaterThan(3);
        };
        await composer(page).focus();
        await page.keyboard.press("ArrowUp");
        await outlined(bubbles(page, "The system's").locator("div > div").first());
        await page.keyboard.press("Tab");
        await outlined(page.locator(":focus"));
        await open.focus();
        await outlined(open);
        await page.keyboard.press("Shift+Tab");
        await outlined(page.locator(":focus"));
        // A menu shows which of its items has the focus.
        await page.getByRole("button", { name: "More actions" }).focus();
        await page.keyboard.press("Enter");
        const item = page.getByRole("menuitem", { name: "Contact details" });
        await item.and(page.locator("[data-highlighted]")).waitFor();
        await outlined(item);
        expectQuiet(tab, expect);
      },
    );
  });

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
          const message = `${page.url()} at ${width}`;
          await expect.poll(() => page.evaluate(overflows), { message }).toEqual([]);
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
      // Whose button is there before it is known that it failed.
      await bubbles(page, "Не дошло")
        .getByRole("button", { name: lang("Choose a template", "Выбрать шаблон") })
        .waitFor();
      await world.control("DELETE", "/faults");
      await send(page, "Дошло");
      await bubbles(page, /Дошло/).getByRole("img", { name: ARRIVED }).waitFor();
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
