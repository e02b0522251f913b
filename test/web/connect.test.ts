import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { stringsOf } from "../../src/web/strings/strings.ts";
import { expectAccessible, hasNoBrowser, openTab } from "./browser.ts";
import { expectQuiet, pageSystem } from "./page-system.ts";

const ACCOUNT = "123456789012345";
const NUMBER = "987654321098799";

describe.skipIf(hasNoBrowser)("connecting a number in the page", { timeout: 90_000 }, () => {
  const system = pageSystem();
  const simulator = async (method: string, path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${system.simulator}/simulator${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  /** The number as it is before anybody connects it. */
  const disconnect = async () => {
    const headers = { authorization: `Bearer ${await system.tokenFor("anna")}` };
    const answer = await fetch(`${system.origin}/api/waba/phones`, { headers });
    const { data } = (await answer.json()) as { data: { id: number; wabaPhoneNumberId: string }[] };
    for (const { id, wabaPhoneNumberId } of data)
      if (wabaPhoneNumberId === NUMBER)
        await fetch(`${system.origin}/api/waba/phones/${id}`, { method: "DELETE", headers });
  };
  /** Where the token could be left behind. */
  const remains = (page: Page) =>
    page.evaluate(
      () => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }),
    );

  it.for(["en", "ru"] as const)(
    "goes by keyboard alone, over a reload, to a message both ways: %s",
    async (language, { expect }) => {
      const { numbers, app } = stringsOf(language);
      const tab = await openTab(system.browser, system.origin, { locale: language });
      const { page } = tab;
      const answers: string[] = [];
      page.on("response", async (response) => {
        if (response.url().includes("/phones")) answers.push(await response.text().catch(() => ""));
      });
      const token = `EAAbrowser${language}0123456789abcdef`;
      await disconnect();
      await simulator("PATCH", `/wabas/${ACCOUNT}`, { subscribed: false });
      const press = async (name: string) => {
        const button = page.getByRole("button", { name, exact: true });
        await expect.poll(() => button.isEnabled(), { timeout: 15_000 }).toBe(true);
        await button.focus();
        await page.keyboard.press("Enter");
      };

      await page.goto(`/settings/numbers#token=${await system.tokenFor("anna")}`);
      await press(numbers.add);
      // The two ids stand in each other's place, and the page says so.
      for (const [label, value] of [
        [numbers.wabaId, NUMBER],
        [numbers.phoneNumberId, ACCOUNT],
        [numbers.token, token],
      ] as const) {
        await page.getByLabel(label).focus();
        await page.keyboard.insertText(value);
      }
      await page.getByText(numbers.status.fail).first().waitFor();
      expect(await page.getByRole("button", { name: numbers.connect, exact: true }).isDisabled()).toBe(true);
      await page.getByLabel(numbers.wabaId).fill(ACCOUNT);
      await page.getByLabel(numbers.phoneNumberId).fill(NUMBER);
      await expectAccessible(tab, expect);
      await press(numbers.connect);

      await page.getByText(numbers.answersHere).waitFor();
      await page.getByText(numbers.webhookDone).waitFor();
      expect(await remains(page)).not.toContain(token);
      await page.reload();
      await page.getByText(numbers.webhookDone).waitFor();
      await press(numbers.next);
      await press(numbers.subscribe);
      await page.getByText(numbers.subscribed).waitFor();
      await press(numbers.next);
      await page.getByRole("img", { name: numbers.qr }).waitFor();
      await simulator(
        "POST",
        `/customers/7916000000${language === "en" ? 1 : 2}/messages?phoneNumberId=${NUMBER}`,
        {
          type: "text",
          text: { body: "Does it work?" },
        },
      );
      await page.getByText(numbers.messageIn).waitFor();
      await press(numbers.answer);
      await page.getByText(numbers.messageOut).waitFor();
      await expectAccessible(tab, expect);
      await press(numbers.next);
      await press(app.toInbox);
      await page
        .getByRole("link", { name: new RegExp(numbers.answerText) })
        .first()
        .waitFor();
      expect(answers.length).toBeGreaterThan(5);
      expect(answers.filter((answer) => answer.includes(token))).toEqual([]);
      expect(await remains(page)).not.toContain(token);
      expectQuiet(tab, expect);
    },
  );

  it("shows what is wrong with a number, and that it is mended", async ({ expect }) => {
    const { numbers } = stringsOf("en");
    const tab = await openTab(system.browser, system.origin, { colorScheme: "dark" });
    const { page } = tab;
    await page.goto(`/settings/numbers#token=${await system.tokenFor("anna")}`);
    const card = page.getByRole("region", { name: "WhatsApp Business Official" });
    await simulator("PATCH", `/wabas/${ACCOUNT}`, { subscribed: false });
    await card.getByRole("button", { name: numbers.checkNow }).click();
    await card.getByText(numbers.health.fail).waitFor();
    await card.getByText(`${numbers.fix}:`).first().waitFor();
    await expectAccessible(tab, expect);
    await simulator("PATCH", `/wabas/${ACCOUNT}`, { subscribed: true });
    await card.getByRole("button", { name: numbers.checkNow }).click();
    await card.getByText(numbers.health.fail).waitFor({ state: "detached" });
    expectQuiet(tab, expect);
  });

  it("is for administrators: an agent sees whom to ask, and nothing is requested (UI-46)", async ({
    expect,
  }) => {
    const { numbers } = stringsOf("en");
    const tab = await openTab(system.browser, system.origin);
    const { page } = tab;
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const token = await system.tokenFor("oleg", ["--role", "agent"]);
    for (const path of ["/settings/numbers", "/settings/numbers/new"]) {
      await page.goto(`${path}#token=${token}`);
      await page.getByText(numbers.askAdmin).waitFor();
      expect(await page.getByRole("textbox").count()).toBe(0);
    }
    expect(requests.filter((url) => url.includes("/api/"))).toEqual([]);
    expectQuiet(tab, expect);
  });
});
