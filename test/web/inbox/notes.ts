import { describe, it } from "vitest";
import { bubbles, type InboxWorld, thread } from "./world.ts";

export function noteTests(world: InboxWorld): void {
  describe("a note", () => {
    it("says in the page's language when it could not be deleted, and goes at the next try (UI-35)", async ({
      expect,
    }) => {
      const nadja = await world.customer("Надя Заметкина");
      await world.say(nadja, "Добрый день");
      const address = await world.addressOf(nadja);
      await world.api("anna", "POST", `${address.replace("/inbox", "/chats")}/notes`, {
        body: "Сложный случай",
      });
      const tab = await world.open("anna", address, { locale: "ru-RU" });
      const { page } = tab;
      const note = thread(page).getByRole("listitem").filter({ hasText: "Сложный случай" });
      await page.route("**/api/waba/notes/*", (route) =>
        route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          json: { code: "unavailable", status: 503, title: "Unavailable", detail: "Try again in a minute." },
        }),
      );
      const remove = note.getByRole("button", { name: "Удалить заметку" });
      await remove.click();
      const said = "Заметка не удалена. Meta или база данных сейчас не отвечает";
      await note.getByRole("alert").filter({ hasText: said }).waitFor();
      await page.unrouteAll({ behavior: "wait" });
      await page.route("**/api/waba/notes/*", (route) => route.abort());
      await remove.click();
      await note.getByRole("alert").filter({ hasText: "Заметка не удалена. Сервер недоступен" }).waitFor();
      await page.unrouteAll({ behavior: "wait" });
      await remove.click();
      await note.waitFor({ state: "detached" });
      expect(await bubbles(page, "Добрый день").count()).toBe(1);
      expect(tab.foreign).toEqual([]);
    });
  });
}
