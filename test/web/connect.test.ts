import type { Page } from "playwright-core";
import { beforeEach, describe, it } from "vitest";
import { withClient } from "../../src/local/with-client.ts";
import { numbersStringsOf } from "../../src/web/strings/numbers-strings.ts";
import {
  expectAccessible,
  expectAccessibleInLightAndDark,
  hasNoBrowser,
  openTab,
  TEST_MS,
  tabTo,
  takePicture,
} from "./browser.ts";
import { expectQuiet, pageSystem } from "./page-system.ts";

const ACCOUNT = "123456789012345";
const FIRST = "987654321098765";
const NUMBER = "987654321098799";

describe.skipIf(hasNoBrowser)("connecting a number in the page", { timeout: TEST_MS }, () => {
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
  const authorization = async () => ({ authorization: `Bearer ${await system.tokenFor("anna")}` });
  /** The number as it is before anybody connects it. */
  const disconnect = async () => {
    const headers = await authorization();
    const answer = await fetch(`${system.origin}/api/waba/phones`, { headers });
    const { data } = (await answer.json()) as { data: { id: number; wabaPhoneNumberId: string }[] };
    for (const { id, wabaPhoneNumberId } of data)
      if (wabaPhoneNumberId === NUMBER)
        await fetch(`${system.origin}/api/waba/phones/${id}`, { method: "DELETE", headers });
  };
  const codeOnThePhone = async () => {
    const answer = await fetch(`${system.simulator}/simulator/phones`);
    const { data } = (await answer.json()) as { data: { id: string; code: string }[] };
    return data.find(({ id }) => id === FIRST)?.code ?? "";
  };
  /** Where the token could be left behind. */
  const remains = (page: Page) =>
    page.evaluate(
      () => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }),
    );

  beforeEach(() => simulator("DELETE", "/accounts", {}));

  it.for(["en", "ru"] as const)(
    "goes by keyboard alone, over a reload, to a message both ways: %s",
    async (language, { expect }) => {
      const { numbers, app } = numbersStringsOf(language);
      const suffix = language === "en" ? "" : `-${language}`;
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
        await expect.poll(() => button.isEnabled()).toBe(true);
        await tabTo(page, button);
        await page.keyboard.press("Enter");
      };
      const type = async (label: string, text: string) => {
        await tabTo(page, page.getByLabel(label));
        await page.keyboard.press("ControlOrMeta+a");
        await page.keyboard.insertText(text);
      };

      await page.goto(`/settings/numbers#token=${await system.tokenFor("anna")}`);
      await press(numbers.add);
      // The two ids stand in each other's place: the page says so, and swaps them.
      await type(numbers.wabaId, NUMBER);
      await type(numbers.phoneNumberId, ACCOUNT);
      await type(numbers.token, token);
      await page.getByText(numbers.status.fail).first().waitFor();
      await takePicture(tab, `connect-values${suffix}`);
      expect(await page.getByRole("button", { name: numbers.connect, exact: true }).isDisabled()).toBe(true);
      await press(numbers.swapIds);
      await expect.poll(() => page.getByLabel(numbers.wabaId).inputValue()).toBe(ACCOUNT);
      await press(numbers.connect);

      await page.getByText(numbers.answersHere).waitFor();
      await page.getByText(numbers.webhookDone).waitFor();
      expect(await remains(page)).not.toContain(token);
      await page.reload();
      await page.getByText(numbers.webhookDone).waitFor();
      await takePicture(tab, `connect-webhook${suffix}`);
      await press(numbers.next);
      await press(numbers.subscribe);
      await page.getByText(numbers.subscribed).waitFor();
      await press(numbers.next);
      await page.getByRole("img", { name: numbers.qr }).waitFor();
      const customer = `7916000000${language === "en" ? 1 : 2}`;
      await simulator("POST", `/customers/${customer}/messages?phoneNumberId=${NUMBER}`, {
        type: "text",
        text: { body: "Does it work?" },
      });
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
      expect(system.logged().filter((line) => line.includes(token))).toEqual([]);
      expect(system.logged().length).toBeGreaterThan(0);
      expectQuiet(tab, expect);
    },
  );

  it("shows what is wrong with a number, fixes it with its buttons, and takes another token", async ({
    expect,
  }) => {
    const { numbers } = numbersStringsOf("en");
    const tab = await openTab(system.browser, system.origin, { colorScheme: "dark" });
    const { page } = tab;
    const card = page.getByRole("article", { name: "WhatsApp Business Official" });
    const press = (name: string) => card.getByRole("button", { name, exact: true }).click();
    // A busy machine's database may seem far away, which is a warning.
    const works = () => card.getByText(numbers.health.fail, { exact: true }).waitFor({ state: "detached" });
    await page.goto(`/settings/numbers#token=${await system.tokenFor("anna")}`);
    await simulator("PATCH", `/wabas/${ACCOUNT}`, { subscribed: false });
    await simulator("PATCH", `/phones/${FIRST}`, {
      ...{ status: "PENDING", platform_type: "NOT_APPLICABLE", code_verification_status: "NOT_VERIFIED" },
      pin: "654321",
    });
    await press(numbers.checkNow);
    await card.getByText(numbers.health.fail).waitFor();
    await card.getByText(`${numbers.fix}:`).first().waitFor();

    await press(numbers.codeBySms);
    await card.getByLabel(numbers.code).waitFor();
    await card.getByLabel(numbers.code).fill(await codeOnThePhone());
    await press(numbers.enterCode);
    await card.getByLabel(numbers.pin).fill("111111");
    await press(numbers.register);
    await card.getByRole("alert").getByText(/PIN/).waitFor();
    await card.getByLabel(numbers.pin).fill("654321");
    await press(numbers.register);
    await card.getByLabel(numbers.pin).waitFor({ state: "detached" });
    await press(numbers.subscribe);
    await works();

    await simulator("PATCH", "/tokens", { revoked: true });
    await press(numbers.checkNow);
    await card.getByText("Invalid access token").first().waitFor();
    await press(numbers.changeValues);
    const token = "EAAbrowserrotated0123456789";
    await simulator("PATCH", "/tokens", { token, revoked: false });
    await page.getByLabel(numbers.token).fill(token);
    await page.getByRole("button", { name: numbers.save, exact: true }).click();
    await page.getByText(numbers.webhookDone).waitFor();
    expect(await remains(page)).not.toContain(token);
    await page.goto("/settings/numbers");
    await press(numbers.checkNow);
    await works();
    // The wrong PIN, which Meta has refused.
    expect(tab.logged.splice(0)).toEqual([expect.stringContaining("502")]);
    expectQuiet(tab, expect);
  });

  it("offers what came before the number was added", async ({ expect }) => {
    const { numbers } = numbersStringsOf("en");
    const query = (text: string) =>
      withClient(system.databaseUrl, async (client) => (await client.query(text)).rows);
    await disconnect();
    // A disconnected number still gets what comes for it: this one is nobody's.
    await query(
      `update "OrganizationPhone" set "wabaPhoneNumberId" = null where "wabaPhoneNumberId" = '${NUMBER}'`,
    );
    await simulator("POST", `/customers/79160000003/messages?phoneNumberId=${NUMBER}`, {
      type: "text",
      text: { body: "Is anybody there yet?" },
    });
    const stored = () => query(`select id from "WebhookEvent" where "phoneNumberId" = '${NUMBER}'`);
    await expect.poll(stored).toHaveLength(1);
    const answer = await fetch(`${system.origin}/api/waba/phones`, {
      method: "POST",
      headers: { ...(await authorization()), "content-type": "application/json" },
      body: JSON.stringify({
        wabaId: ACCOUNT,
        wabaPhoneNumberId: NUMBER,
        wabaAccessToken: "EAAbrowser01234567",
      }),
    });
    const { id } = (await answer.json()) as { id: number };
    const tab = await openTab(system.browser, system.origin);
    const { page } = tab;
    await page.goto(`/settings/numbers/new?phone=${id}&step=5#token=${await system.tokenFor("anna")}`);
    await page.getByText(numbers.earlierEvents(1)).waitFor();
    await page.getByRole("button", { name: numbers.applyEarlier }).click();
    await page.getByText(numbers.earlierEvents(1)).waitFor({ state: "detached" });
    await page.goto("/inbox");
    await page.getByText("Is anybody there yet?").waitFor();
    expectQuiet(tab, expect);
  });

  it.for(["en", "ru"] as const)(
    "is accessible on a phone on every page, light and dark: %s",
    async (locale, { expect }) => {
      const { numbers } = numbersStringsOf(locale);
      await simulator("PATCH", `/wabas/${ACCOUNT}`, { subscribed: false });
      await simulator("PATCH", `/phones/${FIRST}`, { status: "PENDING", platform_type: "NOT_APPLICABLE" });
      const options = { locale, viewport: { width: 375, height: 812 }, deviceScaleFactor: 2 };
      const tab = await openTab(system.browser, system.origin, options);
      const { page } = tab;
      const step = (n: number) => `/settings/numbers/new?phone=1&step=${n}`;
      const shown: [path: string, text: string][] = [
        [`/settings/numbers#token=${await system.tokenFor("anna")}`, numbers.checkNow],
        ["/settings/numbers/new", numbers.connect],
        [step(1), numbers.changeTitle],
        [step(2), numbers.webhookDone],
        [step(3), numbers.register],
        [step(4), numbers.waitingForMessage],
        [step(5), numbers.doneTitle],
      ];
      for (const [i, [path, text]] of shown.entries()) {
        await page.goto(path);
        await page.getByText(text, { exact: true }).first().waitFor();
        if (i === 0) {
          await page.getByRole("button", { name: numbers.checkNow }).first().click();
          await page.getByText(numbers.health.fail, { exact: true }).first().waitFor();
        }
        await expectAccessibleInLightAndDark(tab, expect);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(375);
        if (i === 0) await takePicture(tab, locale === "ru" ? "numbers-ru" : "numbers");
      }
      expectQuiet(tab, expect);
    },
  );

  it("is for administrators: an agent sees whom to ask, and nothing is requested (UI-46)", async ({
    expect,
  }) => {
    const { numbers } = numbersStringsOf("en");
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
    // But by the inbox, which lives on every page.
    const ofInbox = /\/api\/waba\/(me|chats|chat-counts|socket-tickets)(\?|$)/;
    expect(requests.filter((url) => url.includes("/api/") && !ofInbox.test(url))).toEqual([]);
    expectQuiet(tab, expect);
  });
});
