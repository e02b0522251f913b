import { describe, it } from "vitest";
import { expectAccessible, hasNoBrowser, openTab, TEST_MS } from "./browser.ts";
import { newcomerTests } from "./newcomer.ts";
import { expectQuiet, pageSystem } from "./page-system.ts";

const PHONE = "79995550001";
const ACCOUNT = "123456789012345";

describe.skipIf(hasNoBrowser)("local mode in a browser", { timeout: TEST_MS }, () => {
  const system = pageSystem({ hasDemoChats: true });
  newcomerTests(system);
  const send = async (content: object) => {
    const answer = await fetch(`${system.origin}/api/waba/send`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await system.tokenFor("anna")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ organizationPhoneId: 1, to: PHONE, ...content }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const received = async () => {
    const answer = await fetch(`${system.simulator}/simulator/customers/${PHONE}/messages`);
    return ((await answer.json()) as { data: { from: string; type: string; timestamp: number }[] }).data;
  };

  it("lets a customer write, send files, press buttons and lists, and see what comes", async ({ expect }) => {
    const tab = await openTab(system.browser, system.simulator);
    const { page } = tab;
    await page.goto("/");
    await page.getByRole("textbox", { name: "Phone number or BSUID" }).fill(PHONE);
    await page.getByRole("button", { name: "Add" }).click();
    const messages = page.getByRole("list", { name: "Messages" }).getByRole("listitem");
    await page.getByRole("button", { name: /Customer 0001.*\+79995550001/ }).waitFor();
    await page.getByRole("textbox", { name: "Customer's name" }).fill("Olga <b>Phone</b>");
    await page.keyboard.press("Tab");
    await page.getByRole("textbox", { name: "Message" }).fill("Good day");
    await page.getByRole("button", { name: "Send" }).click();
    await messages.filter({ hasText: "Good day" }).waitFor();
    await page.getByRole("button", { name: /Olga <b>Phone<\/b>/ }).waitFor();

    await page.getByRole("button", { name: "Attach" }).click();
    await page.getByRole("button", { name: "Picture" }).click();
    const picture = messages.filter({ hasText: "Is it this one?" }).locator("img");
    await expect
      .poll(() => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);

    await page.getByRole("combobox", { name: "The phone's clock" }).selectOption("1 hour ago");
    await page.getByRole("textbox", { name: "Message" }).fill("an hour ago");
    await page.getByRole("button", { name: "Send" }).click();
    await expect
      .poll(async () =>
        (await received()).map(({ timestamp }) => Math.round((Date.now() / 1000 - timestamp) / 3_600)),
      )
      .toContain(1);

    const reply = (id: string, title: string) => ({ type: "reply", reply: { id, title } });
    await send({
      type: "interactive",
      interactive: {
        type: "button",
        body: { text: "Is that all?" },
        action: { buttons: [reply("y", "Yes, it is"), reply("n", "No")] },
      },
    });
    await page.getByRole("button", { name: "Yes, it is" }).click();
    await messages.filter({ hasText: "Is that all?Yes, it is" }).last().waitFor();
    await send({
      type: "interactive",
      interactive: {
        type: "list",
        body: { text: "Which one?" },
        action: {
          button: "Colours",
          sections: [{ title: "All", rows: [{ id: "r", title: "The red one" }] }],
        },
      },
    });
    await page.getByText("Colours").click();
    await page.getByRole("button", { name: "The red one" }).click();
    await messages.filter({ hasText: "Which one?The red one" }).last().waitFor();
    const types = (await received()).filter(({ from }) => from === "customer").map(({ type }) => type);
    expect(types.filter((type) => type === "interactive")).toHaveLength(2);

    await messages.filter({ hasText: "Good day" }).first().hover();
    await messages
      .filter({ hasText: "Good day" })
      .first()
      .getByRole("button", { name: "Delete for everyone" })
      .click();
    await messages.filter({ hasText: "You deleted this message" }).waitFor();
    await expectAccessible(tab, expect);
    expectQuiet(tab, expect);
  });

  it("lets a customer answer a template by its button, filled in as they read it", async ({ expect }) => {
    const answer = await fetch(`${system.simulator}/v25.0/${ACCOUNT}/message_templates`, {
      method: "POST",
      headers: { authorization: "Bearer EAAtest", "content-type": "application/json" },
      body: JSON.stringify({
        name: "pickup_ready",
        language: "en_US",
        category: "UTILITY",
        components: [
          { type: "BODY", text: "Order {{1}} waits for you.", example: { body_text: [["12"]] } },
          { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "I am coming" }] },
        ],
      }),
    });
    const { id } = (await answer.json()) as { id: string };
    const approve = { method: "POST", body: JSON.stringify({ status: "APPROVED" }) };
    await fetch(`${system.simulator}/simulator/templates/${id}`, approve);
    const tab = await openTab(system.browser, system.simulator);
    const { page } = tab;
    await page.goto("/");
    await page.evaluate((phone) => localStorage.setItem("customer", phone), PHONE);
    await page.reload();
    const parameters = [{ type: "text", text: "N 17" }];
    const components = [{ type: "body", parameters }];
    await send({
      type: "template",
      template: { name: "pickup_ready", language: { code: "en_US" }, components },
    });
    const messages = page.getByRole("list", { name: "Messages" }).getByRole("listitem");
    await messages.filter({ hasText: "Order N 17 waits for you." }).waitFor();
    await page.getByRole("button", { name: "I am coming" }).click();
    await expect
      .poll(async () => (await received()).at(-1))
      .toMatchObject({ from: "customer", type: "button" });
    expectQuiet(tab, expect);
  });
});
