import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { ARRIVED, bubbles, choose, composer, type InboxWorld, nextFrame, row, send } from "./world.ts";

const SIZES = [
  { width: 1280, height: 800 },
  { width: 375, height: 667 },
];

/** A language that is written from the right, and needs half as much room again: brackets show where a text is cut. */
function mirror(): void {
  document.documentElement.dir = "rtl";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    const text = node.nodeValue?.trim() ?? "";
    if (/[a-z]{3}/.test(text) && !text.startsWith("⟦") && !node.parentElement?.closest("[data-message]"))
      node.nodeValue = `⟦${text}${"ں".repeat(text.length / 2)}⟧`;
  }
}

/** The controls that lie over one another, as far as they are in view; and those that stand outside the page. */
function faults(): string[] {
  const found: string[] = [];
  // A dialog covers the page on purpose.
  const place = document.querySelector("[role=dialog]") ?? document;
  const controls = [...place.querySelectorAll<HTMLElement>("button, a, input, select, textarea")];
  const boxOf = (element: HTMLElement) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const box = { left, top, right, bottom };
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflow === "visible") continue;
      const clip = parent.getBoundingClientRect();
      box.left = Math.max(box.left, clip.left);
      box.top = Math.max(box.top, clip.top);
      box.right = Math.min(box.right, clip.right);
      box.bottom = Math.min(box.bottom, clip.bottom);
    }
    return box;
  };
  const nameOf = (element: HTMLElement) =>
    `${element.tagName} ${element.ariaLabel ?? element.textContent}`.slice(0, 40).replaceAll("\n", " ");
  const shown = controls
    .map((element) => ({ element, name: nameOf(element), box: boxOf(element) }))
    .filter(({ element, box }) => {
      if (box.right - box.left < 2 || box.bottom - box.top < 2) return false;
      // What is only for screen readers, or shows once it has the focus, is clipped away.
      if (getComputedStyle(element).clipPath !== "none") return false;
      return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    });
  for (const [i, a] of shown.entries()) {
    if (a.box.left < -1 || a.box.right > innerWidth + 1) found.push(`${a.name} stands outside the page`);
    for (const b of shown.slice(i + 1)) {
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (width > 1 && height > 1) found.push(`${a.name} lies over ${b.name}`);
    }
  }
  return found;
}

export function mirroredTests(world: InboxWorld): void {
  describe("a language that is written from the right", () => {
    it.for(SIZES)("has no control over another at %s (UI-33)", async (viewport, { expect }) => {
      const rami = await world.customer(`Rami ${viewport.width}`);
      await world.say(rami, "Which way, please?");
      await world.syncTemplates();
      const tab = await world.open("anna", "/inbox", { viewport });
      const { page } = tab;
      await row(page, rami).waitFor();
      const expectSound = async (least: number) => {
        await page.evaluate(mirror);
        expect(await page.evaluate(() => document.querySelectorAll("button").length)).toBeGreaterThan(least);
        // Longer texts make rows higher, for which the lists find room in the next frames.
        await nextFrame(page);
        await expect.poll(() => page.evaluate(faults)).toEqual([]);
      };
      await expectSound(3);
      await page.goto(await world.addressOf(rami));
      await send(page, "That way");
      await bubbles(page, "That way").getByRole("img", { name: ARRIVED }).waitFor();
      await choose(page, "Which way", "Reply");
      await composer(page).fill("Or this way");
      await expectSound(6);
      await page.getByRole("button", { name: "Send a template" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /hello_world/ })
        .first()
        .waitFor();
      await expectSound(2);
      await page.goto("/settings");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expectSound(3);
      expectQuiet(tab, expect);
    });
  });
}
