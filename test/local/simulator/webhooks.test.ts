import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, it } from "vitest";
import {
  APP,
  APP_TOKEN,
  arrivals,
  type Fixture,
  NUMBER,
  type Receiver,
  SECRET,
  signatureOf,
  startFixture,
  startReceiver,
  until,
  VERIFY_TOKEN,
  WABA,
} from "./fixture.ts";

describe("a simulated webhook", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await startFixture();
  });
  afterEach(() => fixture.close());

  it("signs the bytes on the wire, in which non-ASCII characters are escaped in lower case", async ({
    expect,
  }) => {
    await fixture.write("79160000001", "Привет, öäå 👋");
    const [first] = await arrivals(fixture);
    expect(first?.raw.toString("latin1")).toContain(
      String.raw`\u041f\u0440\u0438\u0432\u0435\u0442, \u00f6\u00e4\u00e5 \ud83d\udc4b`,
    );
    expect(first?.raw.every((byte) => byte < 0x7f)).toBe(true);
    expect(first?.signature).toBe(signatureOf(first?.raw ?? Buffer.alloc(0)));
    const again = Buffer.from(JSON.stringify(first?.body));
    expect(signatureOf(again)).not.toBe(first?.signature);
  });

  it("contains a message as Meta delivers it", async ({ expect }) => {
    const before = Math.floor(Date.now() / 1000);
    const { status, body: answer } = await fixture.write("+7 916 000-00-01", "hello");
    expect(status).toBe(201);
    const [first] = await arrivals(fixture);
    expect(first?.body).toMatchObject({
      object: "whatsapp_business_account",
      entry: [
        {
          id: WABA,
          changes: [
            {
              field: "messages",
              value: {
                messaging_product: "whatsapp",
                metadata: { display_phone_number: "79001234567", phone_number_id: NUMBER },
                contacts: [
                  {
                    profile: { name: "Customer 0001" },
                    wa_id: "79160000001",
                    user_id: expect.stringMatching(/^US\.\d{17}$/),
                  },
                ],
                messages: [
                  {
                    from: "79160000001",
                    from_user_id: expect.stringMatching(/^US\.\d{17}$/),
                    id: answer.wamid,
                    type: "text",
                    text: { body: "hello" },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    expect(Number(fixture.webhook.items("messages")[0].timestamp)).toBeGreaterThanOrEqual(before);
    expect(Buffer.from(answer.wamid.slice("wamid.".length), "base64").toString("latin1")).toContain(
      "79160000001",
    );
  });

  it("has a time in the past when the message is backdated", async ({ expect }) => {
    await fixture.write("79160000001", "long ago", { timestamp: "2026-01-02T03:04:05Z" });
    await fixture.write("79160000001", "longer ago", { timestamp: 1700000000 });
    await until(() => fixture.webhook.items("messages").length === 2);
    expect(fixture.webhook.items("messages").map((message) => message.timestamp)).toEqual([
      "1767323045",
      "1700000000",
    ]);
  });

  it("never contains the phone of a customer who has none or hides it", async ({ expect }) => {
    await fixture.control("PUT", "/customers/79160000001", { phoneVisible: false, userId: "DE.anna1" });
    await fixture.write("79160000001", "hidden");
    await fixture.write("US.13491208655302741918", "none");
    await fixture.send("79160000001", "to the phone");
    const recipient = "US.13491208655302741918";
    const sent = await fixture.graph("POST", `/${NUMBER}/messages`, {
      messaging_product: "whatsapp",
      recipient,
      type: "text",
      text: { body: "to the id" },
    });
    expect(sent.body.contacts).toEqual([{ input: recipient, user_id: recipient }]);
    await until(() => fixture.webhook.items("statuses").length === 6);
    expect(fixture.webhook.items("messages").map((message) => message.from_user_id)).toEqual([
      "DE.anna1",
      recipient,
    ]);
    const ids = new Set(fixture.webhook.items("statuses").map((status) => status.recipient_user_id));
    expect(ids).toEqual(new Set(["DE.anna1", recipient]));
    for (const { body } of fixture.webhook.received) {
      expect(JSON.stringify(body)).not.toMatch(/"79160000001"|"wa_id"|"from"|"recipient_id"/);
    }
  });

  it("identifies a phone's customer by BSUID too", async ({ expect }) => {
    await fixture.control("PUT", "/customers/79160000001", { userId: "DE.anna1" });
    await fixture.write("DE.anna1", "it is me");
    await until(() => fixture.webhook.items("messages").length === 1);
    expect(fixture.webhook.items("messages")[0]).toMatchObject({
      from: "79160000001",
      from_user_id: "DE.anna1",
    });
  });

  it("is retried until it gets a 200", async ({ expect }) => {
    fixture.webhook.respondWith(503);
    await fixture.write("79160000001", "once more");
    await until(() => fixture.webhook.received.length >= 2);
    fixture.webhook.respondWith(200);
    await until(async () => (await fixture.control("GET", "/webhooks")).body.data.length === 0);
    const ids = fixture.webhook.items("messages").map((message) => message.id);
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ids).size).toBe(1);
  });

  it("waits while there is no URL, and is then sent to the new one", async ({ expect }) => {
    fixture.meta.setWebhookUrl(null);
    await fixture.write("79160000001", "anybody there?");
    expect((await fixture.control("GET", "/webhooks")).body.data).toHaveLength(1);
    fixture.meta.setWebhookUrl(fixture.webhook.url);
    await until(() => fixture.webhook.items("messages").length === 1);
  });

  it("delivers any requested change", async ({ expect }) => {
    const value = { event: "PAUSED", message_template_name: "счёт" };
    const { status } = await fixture.control("POST", "/webhooks", {
      field: "message_template_status_update",
      value,
    });
    expect(status).toBe(202);
    const [first] = await arrivals(fixture);
    expect(first?.signature).toBe(signatureOf(first?.raw ?? Buffer.alloc(0)));
    expect(first?.body.entry).toEqual([
      {
        id: WABA,
        time: expect.any(Number),
        changes: [{ field: "message_template_status_update", value }],
      },
    ]);
  });

  it("is not sent for a WABA that the app is not subscribed to", async ({ expect }) => {
    expect((await fixture.graph("GET", `/${WABA}/subscribed_apps`)).body.data).toHaveLength(1);
    await fixture.graph("DELETE", `/${WABA}/subscribed_apps`);
    expect((await fixture.graph("GET", `/${WABA}/subscribed_apps`)).body.data).toEqual([]);
    await fixture.write("79160000001", "nobody hears this");
    await fixture.graph("POST", `/${WABA}/subscribed_apps`);
    await fixture.write("79160000001", "but this");
    await until(() => fixture.webhook.items("messages").length > 0);
    expect(fixture.webhook.items("messages").map((message) => message.text.body)).toEqual(["but this"]);
  });
});

describe("the subscription of the simulated Meta", () => {
  let fixture: Fixture;
  let bot: Receiver;
  beforeEach(async () => {
    fixture = await startFixture();
    bot = await startReceiver();
  });
  afterEach(async () => {
    await fixture.close();
    await bot.close();
  });

  const security = (wabaId = WABA) => ({ field: "security", value: { event: "PIN_CHANGED" }, wabaId });
  const verified = (url: string, verify_token = VERIFY_TOKEN) => ({
    override_callback_uri: url,
    verify_token,
  });

  /** Where a message to the number and an event of the account go: "app", "bot" or nowhere. */
  async function destinations(expected: Record<"message" | "account", string | null>) {
    const counts = () => [fixture.webhook.received.length, bot.received.length];
    const reached = async (name: "message" | "account", act: () => Promise<unknown>) => {
      const before = counts();
      await act();
      if (expected[name] !== null) await until(() => counts().some((count, i) => count > (before[i] ?? 0)));
      // What must not arrive, or not twice, has this long.
      await wait(100);
      const [app, own] = counts().map((count, i) => count - (before[i] ?? 0));
      return app && !own ? "app" : own && !app ? "bot" : null;
    };
    const message = await reached("message", () => fixture.write("79160000001", "hello"));
    const account = await reached("account", () => fixture.control("POST", "/webhooks", security()));
    return { message, account };
  }

  type Step = [who: "graph" | "control", method: string, path: string, body?: (url: string) => object];
  const subscriptions = `/${APP}/subscriptions?access_token=${APP_TOKEN}&object=whatsapp_business_account`;
  const cases: [name: string, steps: Step[], expected: Record<"message" | "account", string | null>][] = [
    ["goes to the app", [], { message: "app", account: "app" }],
    [
      "follows the override of a phone",
      [["graph", "POST", `/${NUMBER}`, (url) => ({ webhook_configuration: verified(url) })]],
      { message: "bot", account: "app" },
    ],
    [
      "follows the override of another phone not",
      [["graph", "POST", "/987654321098799", (url) => ({ webhook_configuration: verified(url) })]],
      { message: "app", account: "app" },
    ],
    [
      "goes to the app again after an empty override",
      [
        ["graph", "POST", `/${NUMBER}`, (url) => ({ webhook_configuration: verified(url) })],
        ["graph", "POST", `/${NUMBER}`, () => ({ webhook_configuration: { override_callback_uri: "" } })],
      ],
      { message: "app", account: "app" },
    ],
    [
      "follows the override of a WABA",
      [["graph", "POST", `/${WABA}/subscribed_apps`, verified]],
      { message: "bot", account: "app" },
    ],
    [
      "follows the app's new callback URL",
      [
        [
          "graph",
          "POST",
          `${subscriptions}&fields=messages,security&verify_token=${VERIFY_TOKEN}`,
          (url) => ({ callback_url: url }),
        ],
      ],
      { message: "bot", account: "bot" },
    ],
    [
      "follows the control API",
      [["control", "PATCH", "/app", (url) => ({ callbackUrl: url })]],
      { message: "bot", account: "bot" },
    ],
    [
      "stops for a field that the app drops",
      [["graph", "DELETE", `${subscriptions}&fields=messages`]],
      { message: null, account: "app" },
    ],
    [
      "stops for a WABA that the app leaves",
      [["graph", "DELETE", `/${WABA}/subscribed_apps`]],
      { message: null, account: null },
    ],
    [
      "starts again when the app comes back",
      [
        ["graph", "DELETE", `/${WABA}/subscribed_apps`],
        ["graph", "POST", `/${WABA}/subscribed_apps`],
      ],
      { message: "app", account: "app" },
    ],
  ];
  for (const [name, steps, expected] of cases) {
    it(name, async ({ expect }) => {
      for (const [who, method, path, body] of steps) {
        const headers = path.includes("access_token") ? [{}] : [];
        const answer = await (who === "control"
          ? fixture.control(method, path, body?.(bot.url))
          : fixture.graph(method, path, body?.(bot.url), ...headers));
        expect(answer.status).toBe(200);
      }
      expect(await destinations(expected)).toEqual(expected);
    });
  }

  it("refuses a callback URL that does not answer with the challenge", async ({ expect }) => {
    const refusals: [body: object, code: number][] = [
      [verified(bot.url, "wrong"), 2200],
      [verified("http://127.0.0.1:1/webhook"), 2200],
      [verified(`${fixture.meta.url}/`), 2201],
      [verified("webhook"), 100],
    ];
    for (const [override, code] of refusals) {
      const ofPhone = await fixture.graph("POST", `/${NUMBER}`, { webhook_configuration: override });
      const ofWaba = await fixture.graph("POST", `/${WABA}/subscribed_apps`, override);
      expect([ofPhone.body.error.code, ofWaba.body.error.code]).toEqual([code, code]);
    }
    const expected = { message: "app", account: "app" };
    expect(await destinations(expected)).toEqual(expected);
  });

  it("signs with the app's secret of now", async ({ expect }) => {
    await fixture.control("PATCH", "/app", { secret: "rotated" });
    await fixture.write("79160000001", "hello");
    const [first] = await arrivals(fixture);
    expect(first?.signature).not.toBe(signatureOf(first?.raw ?? Buffer.alloc(0), SECRET));
    expect(first?.signature).toBe(signatureOf(first?.raw ?? Buffer.alloc(0), "rotated"));
  });
});
