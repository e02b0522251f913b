import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible, hasNoBrowser, openTab } from "./browser.ts";
import { expectQuiet, pageSystem } from "./page-system.ts";

type Json = Record<string, unknown>;

describe.skipIf(hasNoBrowser)("the inbox", { timeout: 60_000 }, () => {
  const system = pageSystem();

  const control = async (method: string, path: string, body?: Json): Promise<Json> => {
    const init = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${system.simulator}/simulator${path}`, { method, ...init });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json().catch(() => ({}))) as Json;
  };
  const write = (customer: string, text: string, more: Json = {}) =>
    control("POST", `/customers/${customer}/messages`, { type: "text", text: { body: text }, ...more });
  const name = (customer: string, value: string) => control("PUT", `/customers/${customer}`, { name: value });
  const shownTo = async (customer: string) => {
    const { data } = (await control("GET", `/customers/${customer}/messages`)) as { data: Json[] };
    return data.filter(({ from }) => from !== customer);
  };
  const sentCalls = async () => {
    const { data } = (await control("GET", "/requests")) as { data: { path: string; body?: Json }[] };
    return data.filter(({ path }) => path.endsWith("/messages")).map(({ body }) => body ?? {});
  };
  const aTemplate = async (title: string, text: string, status: string) => {
    const example = { body_text: [["12", "Berlin"]] };
    const body = { type: "BODY", text, ...(text.includes("{{") && { example }) };
    const answer = await fetch(`${system.simulator}/v25.0/123456789012345/message_templates`, {
      method: "POST",
      headers: { authorization: "Bearer EAAtest", "content-type": "application/json" },
      body: JSON.stringify({ name: title, language: "en_US", category: "UTILITY", components: [body] }),
    });
    const { id } = (await answer.json()) as { id: string };
    await control("POST", `/templates/${id}`, { status });
  };
  const open = async (sub = "anna", path = "/inbox", options = {}) => {
    const tab = await openTab(system.browser, system.origin, options);
    await tab.page.goto(`${path}#token=${await system.tokenFor(sub)}`);
    await tab.page.getByRole("heading", { name: /Inbox|Чаты/ }).waitFor();
    return tab;
  };
  const row = (page: Page, who: string) => page.getByRole("link", { name: new RegExp(who) });
  const composer = (page: Page) => page.getByRole("textbox", { name: /^(Message|Сообщение)$/ });
  const bubbles = (page: Page, text: string) =>
    page
      .getByRole("region", { name: /Messages with/ })
      .getByRole("listitem")
      .filter({ hasText: text });
  const openChat = async (page: Page, who: string) => {
    await row(page, who).click();
    await composer(page).waitFor();
  };

  it("shows a customer's message without a reload, and reads it for the team when it is opened (UI-02, UI-04)", async ({
    expect,
  }) => {
    const anna = await open();
    const oleg = await open("oleg");
    await anna.page.getByText("When a customer writes").waitFor();
    await name("79990000001", "Vera Blum");
    await write("79990000001", "Good morning");
    for (const { page } of [anna, oleg]) {
      await row(page, "Vera Blum.*Good morning.*1 unread message").waitFor();
      await expect.poll(() => page.title()).toBe("(1) Inbox");
    }
    await openChat(anna.page, "Vera Blum");
    await bubbles(anna.page, "Good morning").waitFor();
    await row(oleg.page, "1 unread message").waitFor({ state: "detached" });
    const reads = (await sentCalls()).filter(({ status }) => status === "read");
    expect(reads.length).toBe(1);
    for (const tab of [anna, oleg]) expectQuiet(tab, expect);
  });

  it("opens a chat by its address, goes back, and fits a phone (UI-01)", async ({ expect }) => {
    const tab = await open("anna", "/inbox", { viewport: { width: 375, height: 667 }, hasTouch: true });
    const { page } = tab;
    await openChat(page, "Vera Blum");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    expect(await row(page, "Vera Blum").count()).toBe(0);
    const address = page.url();
    await page.goBack();
    await row(page, "Vera Blum").waitFor();
    await page.goto(address);
    await bubbles(page, "Good morning").waitFor();
    await page.getByRole("button", { name: "Back" }).tap();
    await row(page, "Vera Blum").waitFor();
    expectQuiet(tab, expect);
  });

  it("sends once, whatever happens to the network and the page (UI-05, UI-06)", async ({ expect }) => {
    const tab = await open();
    const { page } = tab;
    await openChat(page, "Vera Blum");
    await composer(page).fill("On its way");
    await composer(page).press("Enter");
    await page.getByRole("img", { name: /^(Delivered|Read), / }).waitFor();
    expect(await composer(page).inputValue()).toBe("");

    // The answer is lost after Enter, and the page is loaded again before it is sent once more.
    await page.route("**/api/waba/send", (route) => route.abort());
    await composer(page).fill("Out of stock");
    await composer(page).press("Enter");
    await page.getByRole("img", { name: /^Waiting to be sent, / }).waitFor();
    await page.unroute("**/api/waba/send");
    await page.reload();
    await expect.poll(async () => (await shownTo("79990000001")).length, { timeout: 15_000 }).toBe(2);
    await expect.poll(() => bubbles(page, "Out of stock").count()).toBe(1);
    await page
      .getByRole("img", { name: /^(Delivered|Read), / })
      .nth(1)
      .waitFor();
    expect((await shownTo("79990000001")).map(({ text }) => (text as Json).body)).toEqual([
      "On its way",
      "Out of stock",
    ]);
    expect(tab.foreign).toEqual([]);
  });

  it("keeps drafts, and minds input methods and the limit (UI-12)", async ({ expect }) => {
    const tab = await open();
    const { page } = tab;
    await openChat(page, "Vera Blum");
    const before = (await shownTo("79990000001")).length;
    await composer(page).fill("half a sen");
    await composer(page).dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
    await page.reload();
    expect(await composer(page).inputValue()).toBe("half a sen");
    await composer(page).press("Shift+Enter");
    expect(await composer(page).inputValue()).toContain("\n");
    await composer(page).fill("x".repeat(4097));
    await page.getByText("4097 of 4096 characters").waitFor();
    expect(await page.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true);
    await composer(page).fill("");
    expect((await shownTo("79990000001")).length).toBe(before);
    expectQuiet(tab, expect);
  });

  it("replies and reacts (UI-15)", async ({ expect }) => {
    const tab = await open();
    const { page } = tab;
    await openChat(page, "Vera Blum");
    const question = bubbles(page, "Good morning").first();
    await question.hover();
    await question.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("menuitem", { name: "Reply" }).click();
    await page.getByText("Reply to Vera Blum").waitFor();
    await composer(page).fill("Good morning to you");
    await composer(page).press("Enter");
    await bubbles(page, "Good morning to you")
      .getByRole("button", { name: /Vera Blum/ })
      .waitFor();
    await question.hover();
    await question.getByRole("button", { name: "Message actions" }).first().click();
    await page.getByRole("menuitem", { name: "React with 👍" }).click();
    await question.getByRole("list", { name: "Reactions" }).getByText("👍").waitFor();
    const calls = await sentCalls();
    const replied = calls.find(({ text }) => (text as Json | undefined)?.body === "Good morning to you");
    expect((replied?.context as Json | undefined)?.message_id).toMatch(/^wamid\./);
    expect(calls.filter(({ type }) => type === "reaction").length).toBe(1);
    expectQuiet(tab, expect);
  });

  it("shows who else is here and who is writing (UI-17)", async ({ expect }) => {
    const anna = await open();
    const oleg = await open("oleg");
    await openChat(anna.page, "Vera Blum");
    await openChat(oleg.page, "Vera Blum");
    await anna.page.getByText("Also here: oleg").waitFor();
    await oleg.page.keyboard.type("I am on it");
    await anna.page.getByText("oleg is replying…").waitFor();
    await oleg.page.context().close();
    await anna.page.getByText("Also here: oleg").waitFor({ state: "detached", timeout: 12_000 });
    expectQuiet(anna, expect);
  });

  it("locks at the end of the service window and keeps the draft (UI-08, UI-09)", async ({ expect }) => {
    const tab = await open();
    const { page } = tab;
    const timestamp = Math.floor(Date.now() / 1000) - 24 * 3_600 + 12;
    await name("79990000002", "Karl Abend");
    await write("79990000002", "Anybody there?", { timestamp });
    await openChat(page, "Karl Abend");
    await composer(page).fill("We are");
    await page.getByText("24 hours have passed since the customer last wrote").waitFor({ timeout: 20_000 });
    expect(await composer(page).count()).toBe(0);
    await write("79990000002", "Hello?");
    await composer(page).waitFor();
    expect(await composer(page).inputValue()).toBe("We are");
    expectQuiet(tab, expect);
  });

  it("sends a template, filled in and seen first (UI-10)", async ({ expect }) => {
    await aTemplate("order_update", "Order {{1}} is on its way to {{2}}.", "APPROVED");
    await aTemplate("black_friday", "Everything is cheaper.", "PAUSED");
    const tab = await open();
    const { page } = tab;
    await openChat(page, "Karl Abend");
    await page.getByRole("button", { name: "Send a template" }).click();
    const dialog = page.getByRole("dialog", { name: "Templates" });
    await dialog.getByRole("button", { name: "Load them from WhatsApp" }).click();
    const approved = dialog.getByRole("listitem").getByRole("button", { disabled: false });
    await approved.first().waitFor();
    expect(
      await dialog.getByRole("listitem").getByRole("button", { disabled: true }).count(),
    ).toBeGreaterThan(0);
    await dialog.getByRole("searchbox").fill("order_update");
    await approved.first().click();
    const form = page.getByRole("dialog");
    const send = form.getByRole("button", { name: "Send" });
    const fields = form.getByRole("textbox");
    await fields.first().waitFor();
    expect(await send.isDisabled()).toBe(true);
    const count = await fields.count();
    for (let i = 0; i < count; i++) await fields.nth(i).fill(`value ${i + 1}`);
    await form.getByRole("region", { name: "Preview" }).getByText("value 1").first().waitFor();
    await expectAccessible(tab, expect);
    await send.click();
    await form.waitFor({ state: "detached" });
    await expect
      .poll(async () => (await sentCalls()).filter(({ type }) => type === "template").length)
      .toBe(1);
    await bubbles(page, "Order value 1 is on its way to value 2.").waitFor();
    expectQuiet(tab, expect);
  });

  it("refuses a file that is too large, and sends several in order (UI-13)", async ({ expect }) => {
    const tab = await open();
    const { page } = tab;
    await openChat(page, "Vera Blum");
    const input = page.getByLabel("Attach files");
    const jpeg = { name: "large.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(6_000_000) };
    await input.setInputFiles(jpeg);
    await page.getByText("large.jpg is larger than 5 MB").waitFor();
    const pdf = (title: string) => ({
      name: `${title}.pdf`,
      mimeType: "application/pdf",
      buffer: Buffer.from(`%PDF-1.4\n% ${title}\n%%EOF\n`),
    });
    await input.setInputFiles([pdf("first"), pdf("second")]);
    await composer(page).fill("Both papers");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await bubbles(page, "second.pdf")
      .getByRole("link", { name: /second\.pdf/ })
      .waitFor();
    await bubbles(page, "Both papers")
      .getByRole("link", { name: /first\.pdf/ })
      .waitFor();
    const documents = (await shownTo("79990000001")).filter(({ type }) => type === "document");
    expect(documents.map(({ document }) => (document as Json).filename)).toEqual(["first.pdf", "second.pdf"]);
    expectQuiet(tab, expect);
  });

  it("shows what came in while there was no connection, once and in order (UI-21)", async ({ expect }) => {
    const tab = await open();
    const { page } = tab;
    await openChat(page, "Vera Blum");
    await page.context().setOffline(true);
    for (let i = 1; i <= 5; i++) await write("79990000001", `missed ${i}`);
    await page.context().setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    for (let i = 1; i <= 5; i++) await bubbles(page, `missed ${i}`).waitFor({ timeout: 40_000 });
    const texts = await bubbles(page, "missed").allTextContents();
    expect(texts.map((text) => /missed \d/.exec(text)?.[0])).toEqual(
      [1, 2, 3, 4, 5].map((i) => `missed ${i}`),
    );
    expect(tab.foreign).toEqual([]);
  });

  it("keeps few of many messages in the page, and the place when older ones come (UI-23)", async ({
    expect,
  }) => {
    for (let i = 0; i < 120; i++) await write("79990000003", `line ${i}`);
    const tab = await open();
    const { page } = tab;
    await openChat(page, "0003");
    await bubbles(page, "line 119").waitFor();
    const thread = page.getByRole("region", { name: /Messages with/ });
    expect(await thread.getByRole("listitem").count()).toBeLessThan(60);
    await thread.hover();
    for (let i = 0; i < 40 && (await bubbles(page, "line 5").count()) === 0; i++)
      await page.mouse.wheel(0, -700);
    await bubbles(page, "line 5").first().waitFor();
    expect(await thread.getByRole("listitem").count()).toBeLessThan(80);
    const top = async () => (await bubbles(page, "line 5").first().boundingBox())?.y;
    const before = await top();
    await write("79990000003", "one more");
    await page.getByRole("button", { name: "1 new message" }).waitFor();
    expect(await top()).toBe(before);
    await page.getByRole("button", { name: "1 new message" }).click();
    await bubbles(page, "one more").waitFor();
    expectQuiet(tab, expect);
  });

  it("opens, answers and goes on by keyboard alone (UI-25)", async ({ expect }) => {
    await write("79990000002", "Still there?");
    const tab = await open();
    const { page } = tab;
    await row(page, "Karl Abend").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Karl Abend");
    await page.keyboard.press("Enter");
    await composer(page).waitFor();
    for (let i = 0; i < 20; i++) {
      if (await composer(page).evaluate((box) => box === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.type("Always");
    await page.keyboard.press("Enter");
    await bubbles(page, "Always").waitFor();
    expectQuiet(tab, expect);
  });

  it.for([
    ["light", "en-US"],
    ["dark", "en-US"],
    ["light", "ru-RU"],
    ["dark", "ru-RU"],
  ] as const)("is accessible: %s, %s (UI-28)", async ([colorScheme, locale], { expect }) => {
    const tab = await open("anna", "/inbox", { colorScheme, locale });
    const { page } = tab;
    await expectAccessible(tab, expect);
    await openChat(page, "Vera Blum");
    await page.getByText("On its way").first().waitFor();
    await expectAccessible(tab, expect);
    expectQuiet(tab, expect);
  });
});
