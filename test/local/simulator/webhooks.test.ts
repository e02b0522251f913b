import { afterEach, beforeEach, describe, it } from "vitest";
import { arrivals, NUMBER, type Stage, signatureOf, startStage, until, WABA } from "./receiver.ts";

describe("a simulated webhook", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
  });
  afterEach(() => stage.end());

  it("signs the bytes on the wire, in which what is not ASCII is escaped in lower case", async ({
    expect,
  }) => {
    await stage.write("79160000001", "Привет, öäå 👋");
    const [first] = await arrivals(stage);
    expect(first?.raw.toString("latin1")).toContain(
      String.raw`\u041f\u0440\u0438\u0432\u0435\u0442, \u00f6\u00e4\u00e5 \ud83d\udc4b`,
    );
    expect(first?.raw.every((byte) => byte < 0x7f)).toBe(true);
    expect(first?.signature).toBe(signatureOf(first?.raw ?? Buffer.alloc(0)));
    const again = Buffer.from(JSON.stringify(first?.body));
    expect(signatureOf(again)).not.toBe(first?.signature);
  });

  it("carries a message as Meta delivers it", async ({ expect }) => {
    const before = Math.floor(Date.now() / 1000);
    const { status, body: answer } = await stage.write("+7 916 000-00-01", "hello");
    expect(status).toBe(201);
    const [first] = await arrivals(stage);
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
    expect(Number(stage.webhook.items("messages")[0].timestamp)).toBeGreaterThanOrEqual(before);
    expect(Buffer.from(answer.wamid.slice("wamid.".length), "base64").toString("latin1")).toContain(
      "79160000001",
    );
  });

  it("has a time in the past when the message is backdated", async ({ expect }) => {
    await stage.write("79160000001", "long ago", { timestamp: "2026-01-02T03:04:05Z" });
    await stage.write("79160000001", "longer ago", { timestamp: 1700000000 });
    await until(() => stage.webhook.items("messages").length === 2);
    expect(stage.webhook.items("messages").map((message) => message.timestamp)).toEqual([
      "1767323045",
      "1700000000",
    ]);
  });

  it("never carries the phone of a customer who has none, or does not show it", async ({ expect }) => {
    await stage.control("PUT", "/customers/79160000001", { phoneVisible: false, userId: "DE.anna1" });
    await stage.write("79160000001", "hidden");
    await stage.write("US.13491208655302741918", "none");
    await stage.send("79160000001", "to the phone");
    const recipient = "US.13491208655302741918";
    const sent = await stage.graph("POST", `/${NUMBER}/messages`, {
      messaging_product: "whatsapp",
      recipient,
      type: "text",
      text: { body: "to the id" },
    });
    expect(sent.body.contacts).toEqual([{ input: recipient, user_id: recipient }]);
    await until(() => stage.webhook.items("statuses").length === 6);
    expect(stage.webhook.items("messages").map((message) => message.from_user_id)).toEqual([
      "DE.anna1",
      recipient,
    ]);
    const ids = new Set(stage.webhook.items("statuses").map((status) => status.recipient_user_id));
    expect(ids).toEqual(new Set(["DE.anna1", recipient]));
    for (const { body } of stage.webhook.received) {
      expect(JSON.stringify(body)).not.toMatch(/"79160000001"|"wa_id"|"from"|"recipient_id"/);
    }
  });

  it("finds the customer behind a phone by its BSUID as well", async ({ expect }) => {
    await stage.control("PUT", "/customers/79160000001", { userId: "DE.anna1" });
    await stage.write("DE.anna1", "it is me");
    await until(() => stage.webhook.items("messages").length === 1);
    expect(stage.webhook.items("messages")[0]).toMatchObject({
      from: "79160000001",
      from_user_id: "DE.anna1",
    });
  });

  it("is tried again until it is answered with 200", async ({ expect }) => {
    stage.webhook.answerWith(503);
    await stage.write("79160000001", "once more");
    await until(() => stage.webhook.received.length >= 2);
    stage.webhook.answerWith(200);
    await until(async () => (await stage.control("GET", "/webhooks")).body.data.length === 0);
    const ids = stage.webhook.items("messages").map((message) => message.id);
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ids).size).toBe(1);
  });

  it("waits while there is no address, and then goes to the new one", async ({ expect }) => {
    stage.meta.setWebhookUrl(null);
    await stage.write("79160000001", "anybody there?");
    expect((await stage.control("GET", "/webhooks")).body.data).toHaveLength(1);
    stage.meta.setWebhookUrl(stage.webhook.url);
    await until(() => stage.webhook.items("messages").length === 1);
  });

  it("delivers any change that is asked for", async ({ expect }) => {
    const value = { event: "PAUSED", message_template_name: "счёт" };
    const { status } = await stage.control("POST", "/webhooks", {
      field: "message_template_status_update",
      value,
    });
    expect(status).toBe(202);
    const [first] = await arrivals(stage);
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
    expect((await stage.graph("GET", `/${WABA}/subscribed_apps`)).body.data).toHaveLength(1);
    await stage.graph("DELETE", `/${WABA}/subscribed_apps`);
    expect((await stage.graph("GET", `/${WABA}/subscribed_apps`)).body.data).toEqual([]);
    await stage.write("79160000001", "nobody hears this");
    await stage.graph("POST", `/${WABA}/subscribed_apps`);
    await stage.write("79160000001", "but this");
    await until(() => stage.webhook.items("messages").length > 0);
    expect(stage.webhook.items("messages").map((message) => message.text.body)).toEqual(["but this"]);
  });
});
