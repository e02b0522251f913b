import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { ARRIVED, bubbles, composer, type InboxWorld, openChat, send } from "./world.ts";

export function failureTests(world: InboxWorld): void {
  describe("a message that did not arrive", () => {
    it.for([
      [131047, "Meta did not accept free text", "Meta не приняла свободный текст", "template"],
      [131026, "Message cannot be delivered", "Сообщение нельзя доставить", null],
      [131049, "Meta is limiting marketing", "Meta ограничила рассылки", null],
      [131053, "File not accepted", "Файл не принят", "again"],
      [131042, "Payment problem", "Проблема с оплатой", "again"],
      [999_999, "Meta error 999999", "Ошибка Meta 999999", "again"],
    ] as const)("says why in its bubble, and offers what helps: %s (UI-07)", async (row, { expect }) => {
      const [code, english, russian, offer] = row;
      const buttons = {
        template: /^(Choose a template|Выбрать шаблон)$/,
        again: /^(Send again|Отправить ещё раз)$/,
      };
      const customer = await world.customer(`Fay ${code}`);
      await world.say(customer, "Please answer");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, customer);
      await world.control("PUT", "/faults", { failed: { code, times: 1 } });
      await send(page, "My answer");
      for (const title of [english, russian]) {
        const bubble = bubbles(page, "My answer");
        await bubble.getByText(title).waitFor();
        await bubble.getByRole("img", { name: /^(Not sent|Не отправлено), / }).waitFor();
        for (const [name, label] of Object.entries(buttons))
          expect(await bubble.getByRole("button", { name: label }).count(), name).toBe(
            name === offer ? 1 : 0,
          );
        if (title === russian) break;
        await page.evaluate(() => localStorage.setItem("waba.language", "ru"));
        await page.reload();
      }
      await world.control("DELETE", "/faults");
      if (offer === null) return;
      const button = bubbles(page, "My answer").getByRole("button", { name: buttons[offer] });
      await composer(page).focus();
      for (let i = 0; i < 30 && !(await button.evaluate((one) => one === document.activeElement)); i++)
        await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Enter");
      if (offer === "template") await page.getByRole("dialog", { name: "Шаблоны" }).waitFor();
      else await bubbles(page, "My answer").getByRole("img", { name: ARRIVED }).waitFor();
      expect(tab.foreign).toEqual([]);
    });

    it("is checked with WhatsApp while its fate is unknown, and a status that comes later wins (UI-38)", async ({
      expect,
    }) => {
      const uma = await world.customer("Uma Unklar");
      await world.say(uma, "Is it mine?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, uma);
      await world.control("PUT", "/faults", { dropAnswer: { times: 1 }, hold: { events: "statuses" } });
      await send(page, "It is yours");
      const bubble = bubbles(page, "It is yours");
      await bubble.getByText("Checking with WhatsApp…").first().waitFor();
      expect(await bubble.getByRole("button", { name: /Send again|Leave it/ }).count()).toBe(0);
      await world.control("DELETE", "/faults");
      await bubble.getByRole("img", { name: ARRIVED }).waitFor();
      expect(await world.shownTo(uma)).toHaveLength(1);
      expectQuiet(tab, expect);
    });

    it("asks before it sends an unconfirmed one again, which then is a message of its own (UI-38)", async ({
      expect,
    }) => {
      const ugo = await world.customer("Ugo Unbestätigt");
      await world.say(ugo, "Did you get it?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, ugo);
      await world.control("PUT", "/faults", { dropAnswer: { times: 1 }, hold: { events: "statuses" } });
      await send(page, "We did");
      await bubbles(page, "We did").getByText("Checking with WhatsApp…").first().waitFor();
      // The two minutes after which the sender gives up waiting are over.
      await world.sql(`update "Message" set status = 'unconfirmed' where body = 'We did'`);
      await page.reload();
      const old = bubbles(page, "We did").first();
      await old.getByText("Not confirmed").first().waitFor();
      await old.getByRole("button", { name: "Send again" }).click();
      await old.getByText("may get this message twice").waitFor();
      expect(await bubbles(page, "We did").count()).toBe(1);
      await old.getByRole("button", { name: "Send anyway" }).click();
      await expect.poll(() => bubbles(page, "We did").count()).toBe(2);
      await world.control("DELETE", "/faults");
      await expect.poll(() => bubbles(page, "We did").getByRole("img", { name: ARRIVED }).count()).toBe(2);
      expect(await world.shownTo(ugo)).toHaveLength(2);
      expect(tab.foreign).toEqual([]);
    });
  });
}
