import type { Locator } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { ARRIVED, bubbles, type InboxWorld, listenTo, openChat, row, send, thread } from "./world.ts";

/** What assistive technology is given, without times and numbers; of a message that has arrived it may also say that it is read. */
async function treeOf(part: Locator): Promise<string> {
  const tree = await part.ariaSnapshot();
  return tree
    .replace(/\d{1,2}:\d{2}(\s[AP]M)?/g, "TIME")
    .replace(/\d+/g, "N")
    .replace(/"(Read|Delivered), /g, '"Delivered, ')
    .replace(/"(Прочитано|Доставлено), /g, '"Доставлено, ');
}

export function treeTests(world: InboxWorld): void {
  describe("the accessibility tree", () => {
    it.for([["en-US"], ["ru-RU"]] as const)(
      "of list, thread, composer, templates and wizard in %s (UI-28)",
      async ([locale], { expect }) => {
        const iris = await world.customer(`Iris Baum ${locale}`);
        await world.say(iris, "Is it *ready*?");
        await world.syncTemplates();
        const tab = await world.open("vera", "/inbox", { locale });
        const { page } = tab;
        await row(page, iris, "Is it").waitFor();
        expect(await treeOf(row(page, iris))).toMatchSnapshot("row");
        const views = page.getByRole("group", { name: /^(Views|Разделы)$/ });
        await views.getByRole("button", { name: /\d/ }).first().waitFor();
        expect(await treeOf(views)).toMatchSnapshot("views");
        await openChat(page, iris);
        await send(page, "It is");
        await bubbles(page, "It is").getByRole("img", { name: ARRIVED }).waitFor();
        expect(await treeOf(thread(page))).toMatchSnapshot("thread");
        const spoken = await listenTo(page, "log");
        // Meta's times are whole seconds: one of the second of the answer would come before it.
        await world.say(iris, "Thank you", { timestamp: Math.ceil(Date.now() / 1000) });
        await expect.poll(spoken).toEqual(["Thank you"]);
        await page.getByRole("button", { name: /^(Send a template|Отправить шаблон)$/ }).click();
        const dialog = page.getByRole("dialog");
        await dialog
          .getByRole("button", { name: /hello_world/ })
          .first()
          .click();
        await dialog.getByRole("button", { name: /^(Send|Отправить)$/, disabled: false }).waitFor();
        expect(await treeOf(dialog)).toMatchSnapshot("template");
        await page.goto("/settings/numbers/new");
        await page
          .getByRole("textbox", { name: /^(Phone number ID|Идентификатор номера телефона)$/ })
          .waitFor();
        expect(await treeOf(page.getByRole("main"))).toMatchSnapshot("wizard");
        expectQuiet(tab, expect);
      },
    );
  });
}
