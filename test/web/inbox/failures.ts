import type { Route } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { failures } from "./failure-table.ts";
import {
  ARRIVED,
  bubbles,
  choose,
  composer,
  hasFocus,
  holdRequests,
  type InboxWorld,
  listenTo,
  openChat,
  row,
  send,
  thread,
  wheelTo,
} from "./world.ts";

/** So tall that all of them are in the page. */
const TALL = { viewport: { width: 1200, height: 12_000 } };

const OFFERS = {
  template: { en: "Choose a template", ru: "Выбрать шаблон" },
  again: { en: "Send again", ru: "Отправить ещё раз" },
};

export function failureTests(world: InboxWorld): void {
  describe("a message that did not arrive", () => {
    it("says why in its bubble, in both languages, and offers what helps (UI-07)", async ({ expect }) => {
      const faye = await world.customer("Faye Fehler");
      await world.say(faye, "Please answer");
      const chatId = Number((await world.addressOf(faye)).split("/").at(-1));
      // One after the other, as the messages of a chat are sent.
      const failed = failures.map(({ code }) => ({ code, times: 1 }));
      await world.control("PUT", "/faults", { failed });
      for (const { code } of failures)
        await world.api("anna", "POST", "/send", {
          organizationPhoneId: 1,
          chatId,
          type: "text",
          message: `Answer ${code};`,
        });
      const fates = `select distinct status from "Message" where "chatId" = $1 and "fromMe"`;
      await expect.poll(() => world.sql(fates, [chatId])).toEqual([{ status: "failed" }]);
      await world.control("DELETE", "/faults");
      const tab = await world.open("anna", `/inbox/${chatId}`, TALL);
      const { page } = tab;
      for (const language of ["en", "ru"] as const) {
        await page.evaluate((chosen) => localStorage.setItem("waba.language", chosen), language);
        await page.reload();
        for (const { code } of failures) await bubbles(page, `Answer ${code};`).waitFor();
        const shown = await page.locator("[data-message]").evaluateAll((all) =>
          all.map((one) => ({
            text: one.textContent ?? "",
            buttons: [...one.querySelectorAll("button")]
              .map(({ textContent }) => textContent)
              .filter(Boolean),
          })),
        );
        for (const { code, offer, ...titles } of failures) {
          const { text = "", buttons = [] } = shown.find((one) => one.text.includes(`Answer ${code};`)) ?? {};
          expect(text).toContain(titles[language]);
          expect(buttons, `${code}`).toEqual(offer === null ? [] : [OFFERS[offer][language]]);
        }
      }
      expect(tab.foreign).toEqual([]);
    });

    it.for([
      [131047, "template"],
      [131053, "again"],
    ] as const)("offers what helps to the keyboard too: %s (UI-07)", async ([code, offer], { expect }) => {
      const customer = await world.customer(`Fay ${code}`);
      await world.say(customer, "Please answer");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, customer);
      await world.control("PUT", "/faults", { failed: { code, times: 1 } });
      await send(page, "My answer");
      const button = bubbles(page, "My answer").getByRole("button", { name: OFFERS[offer].en });
      await button.waitFor();
      await world.control("DELETE", "/faults");
      await composer(page).focus();
      for (let i = 0; i < 30 && !(await hasFocus(button)); i++) await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Enter");
      if (offer === "template") await page.getByRole("dialog", { name: "Templates" }).waitFor();
      else await bubbles(page, "My answer").getByRole("img", { name: ARRIVED }).waitFor();
      expectQuiet(tab, expect);
    });

    it("says in the page's language why another try or a reaction was refused (UI-07, UI-15)", async ({
      expect,
    }) => {
      const lena = await world.customer("Лена Отказова");
      await world.say(lena, "Добрый день");
      const tab = await world.open("anna", "/inbox", { locale: "ru-RU" });
      const { page } = tab;
      await openChat(page, lena);
      await world.control("PUT", "/faults", { failed: { code: 131053, times: 1 } });
      await send(page, "Фото позже");
      const again = bubbles(page, "Фото позже").getByRole("button", { name: OFFERS.again.ru });
      await again.waitFor();
      await world.control("DELETE", "/faults");
      const isRefused = (route: Route) =>
        route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          json: { code: "unavailable", status: 503, title: "Unavailable", detail: "Try again in a minute." },
        });
      await page.route("**/api/waba/messages/*/resend", isRefused);
      await page.route("**/api/waba/send", isRefused);
      const refusal = { hasText: "Meta или база данных сейчас не отвечает" };
      await again.click();
      await bubbles(page, "Фото позже").getByRole("alert").filter(refusal).waitFor();
      await choose(page, "Добрый день", "Реакция 👍");
      await bubbles(page, "Добрый день").getByRole("alert").filter(refusal).waitFor();
      await page.unrouteAll({ behavior: "wait" });
      await choose(page, "Добрый день", "Реакция 👍");
      await bubbles(page, "Добрый день").getByRole("list", { name: "Реакции" }).getByText("👍").waitFor();
      expect(await bubbles(page, "Добрый день").getByRole("alert").count()).toBe(0);
      expect(tab.foreign).toEqual([]);
    });

    it("says the same as the composer when the service window is over (UI-09)", async ({ expect }) => {
      const otis = await world.customer("Otis Zuspät");
      await world.say(otis, "Any news?");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, otis);
      await row(page, otis, "unread").waitFor({ state: "detached" });
      const chatId = Number(page.url().split("/").at(-1));
      // The page does not know yet.
      const sent = await holdRequests(page, "**/api/waba/send");
      await send(page, "Here they are");
      await sent.asked;
      await world.sql(`update "Chat" set "lastInboundAt" = now() - interval '25 hours' where id = $1`, [
        chatId,
      ]);
      await sent.release();
      const refused = bubbles(page, "Here they are");
      await refused.getByText("24 hours have passed since the customer last wrote").waitFor();
      await refused.getByRole("button", { name: OFFERS.template.en }).click();
      await page.getByRole("dialog", { name: "Templates" }).waitFor();
      expect(tab.foreign).toEqual([]);
    });

    it.for([
      ["en-US", "Not sent. My answer. Meta did not accept free text for this customer"],
      ["ru-RU", "Не отправлено. My answer. Meta не приняла свободный текст для этого клиента"],
    ] as const)(
      "is said to a screen reader once, in %s (UI-07, UI-28)",
      async ([locale, said], { expect }) => {
        const customer = await world.customer(`Fanny Ansage ${locale}`);
        await world.say(customer, "Please answer");
        const tab = await world.open("anna", await world.addressOf(customer), { locale });
        const { page } = tab;
        await bubbles(page, "Please answer").waitFor();
        const spoken = await listenTo(page, "alert");
        await world.control("PUT", "/faults", { failed: { code: 131047, times: 1 } });
        await send(page, "My answer");
        await expect.poll(spoken).toEqual([said]);
        await world.control("DELETE", "/faults");

        // Once it is part of what the page loads, it is no news.
        await page.reload();
        await bubbles(page, "My answer").getByRole("button").first().waitFor();
        const spokenLater = await listenTo(page, "alert");
        await world.say(customer, "Anything else?");
        await bubbles(page, "Anything else?").waitFor();
        expect(await spokenLater()).toEqual([]);
        expectQuiet(tab, expect);
      },
    );

    it("is said once where the server refuses it, also when the thread scrolls past it (UI-28)", async ({
      expect,
    }) => {
      const fritz = await world.customer("Fritz Abgelehnt");
      await world.say(fritz, "Please answer");
      await world.wroteEarlier(
        fritz,
        Array.from({ length: 60 }, (_, n) => `older ${n};`),
      );
      const tab = await world.open("anna", await world.addressOf(fritz));
      const { page } = tab;
      await bubbles(page, "Please answer").waitFor();
      const spoken = await listenTo(page, "alert");
      await page.route("**/api/waba/send", (route) =>
        route.fulfill({
          status: 409,
          contentType: "application/problem+json",
          json: { code: "contact_blocked", status: 409, title: "Blocked", detail: "They are blocked." },
        }),
      );
      await send(page, "My answer");
      const again = bubbles(page, "My answer").getByRole("button", { name: OFFERS.again.en });
      await again.waitFor();
      await expect.poll(spoken).toEqual(["Not sent. My answer. They are blocked."]);
      expect(await bubbles(page, "My answer").getByRole("alert").count()).toBe(0);
      await thread(page).hover();
      await wheelTo(page, bubbles(page, "older 3;"), -500);
      await expect.poll(() => bubbles(page, "My answer").count()).toBe(0);
      await wheelTo(page, bubbles(page, "My answer"), 500);
      expect(await spoken()).toHaveLength(1);
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
      // Two minutes pass, and the schedule's next minute comes.
      await world.sql(`update "Message" set "nextAttemptAt" = now() where body = 'We did'`);
      await world.nextMinute();
      const old = bubbles(page, "We did").first();
      await old.getByText("Not confirmed").first().waitFor();
      await old.getByRole("button", { name: "Leave it" }).waitFor();
      await old.getByRole("button", { name: "Send again" }).click();
      await old.getByText("may get this message twice").waitFor();
      expect(await bubbles(page, "We did").count()).toBe(1);
      await old.getByRole("button", { name: "Send anyway" }).click();
      await expect.poll(() => bubbles(page, "We did").count()).toBe(2);
      const keys = `select distinct "idempotencyKey" from "Message" where body = 'We did'`;
      await expect.poll(() => world.sql(keys)).toHaveLength(2);
      await world.control("DELETE", "/faults");
      await expect.poll(() => bubbles(page, "We did").getByRole("img", { name: ARRIVED }).count()).toBe(2);
      expect(await world.shownTo(ugo)).toHaveLength(2);
      expectQuiet(tab, expect);
    });
  });
}
