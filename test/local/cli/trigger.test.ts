import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { listen } from "../../../src/local/cli/listen.ts";
import { trigger } from "../../../src/local/cli/trigger.ts";
import { EVENTS } from "../../../src/local/simulator/trigger-events.ts";
import { type Fixture, NUMBER, signatureOf, startFixture, until, WABA } from "../simulator/fixture.ts";

const CUSTOMER = "79160000001";

describe("trigger", () => {
  let fixture: Fixture;
  let written: string;
  let sent: string;
  beforeAll(async () => {
    fixture = await startFixture();
    written = (await fixture.write(CUSTOMER, "hello")).body.wamid;
    sent = (await fixture.send(CUSTOMER, "hello")).body.messages[0].id;
    await until(() => fixture.webhook.items("statuses").length === 3);
  });
  beforeEach(() => {
    fixture.webhook.received.length = 0;
  });
  afterAll(() => fixture.close());

  const run = (...args: string[]) => trigger([...args, "--simulator", fixture.meta.url]);
  const changes = () =>
    fixture.webhook.received.flatMap(({ body }) =>
      body.entry.flatMap((entry: { id: string; changes: object[] }) =>
        entry.changes.map((change) => ({ waba: entry.id, ...change })),
      ),
    );
  const message = (content: object) => ({
    field: "messages",
    value: { messages: [{ from: CUSTOMER, ...content }] },
  });

  const anything = { asymmetricMatch: (value: unknown) => typeof value === "string" };
  const events: [args: string[], shown: (ids: { written: string; sent: string }) => object][] = [
    [["text", "--text", "привет"], () => message({ text: { body: "привет" } })],
    [["reply", "--text", "yes"], ({ sent: id }) => message({ text: { body: "yes" }, context: { id } })],
    ...["image", "video", "document", "audio", "sticker"].map((type): (typeof events)[number] => [
      [type],
      () => message({ type, [type]: { sha256: anything } }),
    ]),
    [["location"], () => message({ type: "location" })],
    [["contacts"], () => message({ type: "contacts" })],
    [["reaction", "❤️"], ({ sent: id }) => message({ reaction: { message_id: id, emoji: "❤️" } })],
    [["button", "Later"], () => message({ interactive: { button_reply: { title: "Later" } } })],
    [["list"], () => message({ interactive: { type: "list_reply" } })],
    [["order"], () => message({ order: { product_items: [{ quantity: 2 }] } })],
    [["unsupported"], () => message({ type: "unsupported", errors: [{ code: 131051 }] })],
    [["status", "delivered"], ({ sent: id }) => ({ value: { statuses: [{ id, status: "delivered" }] } })],
    [
      ["status", "failed:131047"],
      ({ sent: id }) => ({ value: { statuses: [{ id, status: "failed", errors: [{ code: 131047 }] }] } }),
    ],
    [["template", "paused"], () => ({ field: "message_template_status_update", value: { event: "PAUSED" } })],
    [
      ["number-quality"],
      () => ({ waba: WABA, field: "phone_number_quality_update", value: { event: "FLAGGED" } }),
    ],
    [
      ["echo", "--text", "from the app"],
      () => ({
        field: "smb_message_echoes",
        value: { message_echoes: [{ to: CUSTOMER, text: { body: "from the app" } }] },
      }),
    ],
    [
      ["dashboard-test"],
      () => ({
        waba: "0",
        value: { metadata: { phone_number_id: "123456123" }, messages: [{ id: "ABGGFlA5Fpa" }] },
      }),
    ],
    [
      ["account", "DISABLED_UPDATE"],
      () => ({ field: "account_update", value: { event: "DISABLED_UPDATE" } }),
    ],
  ];
  for (const [args, shown] of events) {
    it(`sends the webhook of ${args.join(" ")}`, async ({ expect }) => {
      expect(await run(...args)).toEqual({ event: args[0], count: 1, faults: {} });
      await until(() => fixture.webhook.received.length === 1);
      expect(changes()).toMatchObject([shown({ written, sent })]);
    });
  }

  it("edits and revokes the customer's last message", async ({ expect }) => {
    const { body } = await fixture.write(CUSTOMER, "tpyo");
    await run("edit", "--text", "typo");
    await run("revoke");
    await until(() => fixture.webhook.items("messages").length === 3);
    const [, edit, revoke] = fixture.webhook.items("messages");
    expect(edit.edit).toEqual({
      original_message_id: body.wamid,
      message: { type: "text", text: { body: "typo" } },
    });
    expect(revoke.revoke.original_message_id).toBe(edit.id);
  });

  it("has a test for each event, and help", ({ expect }) => {
    const tested = [...events.map(([[name = ""]]) => name), "edit", "revoke"];
    expect(new Set(tested)).toEqual(new Set(Object.keys(EVENTS)));
  });

  it("misbehaves as often as it was asked to", async ({ expect }) => {
    expect((await run("text", "--count", "4", "--duplicate", "2", "--no-phone")).faults).toEqual({
      duplicate: { copies: 2, times: 4 },
      noPhone: { times: 4 },
    });
    await until(() => fixture.webhook.received.length === 12);
    expect(JSON.stringify(changes())).not.toContain(`"from":"${CUSTOMER}"`);
    expect((await fixture.control("GET", "/faults")).body).toEqual({});
    fixture.webhook.received.length = 0;
    await run("text", "--count", "4", "--batch", "2");
    await until(() => fixture.webhook.items("messages").length === 4);
    expect(fixture.webhook.received).toHaveLength(2);
    fixture.webhook.received.length = 0;
    await run("text", "--bad-signature");
    await until(() => fixture.webhook.received.length === 1);
    const [first] = fixture.webhook.received;
    expect(first?.signature).not.toBe(signatureOf(first?.raw ?? Buffer.alloc(0)));
  });

  const wrong: [args: string[], message: RegExp][] = [
    [["explode"], /explode/],
    [["text", "--count", "0"], /--count/],
    [["text", "--rate", "fast"], /--rate/],
    [["text", "--phone", "1"], /--phone/],
    [["text", "--from", "anna"], /customer/],
    [["text", "--colour", "red"], /--colour/],
    [["revoke", "--from", "79160000099"], /trigger -- text/],
    [["status", "--from", "79160000099"], /answer the chat/],
    [["text", "--simulator", "http://127.0.0.1:1"], /npm run dev/],
  ];
  for (const [args, message] of wrong) {
    it(`names what is wrong with ${args.join(" ")}`, async ({ expect }) => {
      const simulator = args.includes("--simulator") ? [] : ["--simulator", fixture.meta.url];
      await expect(trigger([...args, ...simulator])).rejects.toThrow(message);
      expect(fixture.webhook.received).toEqual([]);
    });
  }

  it("is seen by listen, with the answers and without the customer", async ({ expect }) => {
    fixture.webhook.respondWith(503);
    await run("text", "--phone", NUMBER, "--text", "secret words");
    await until(() => fixture.webhook.received.length === 1);
    fixture.webhook.respondWith(200);
    await run("account");
    await until(() => fixture.webhook.received.length >= 2);
    const seen = async (...args: string[]) => {
      const lines: string[] = [];
      const options = ["--once", "--simulator", fixture.meta.url, ...args];
      await listen(options, (line) => lines.push(line), AbortSignal.timeout(40_000));
      return lines;
    };
    await until(async () => (await seen("--field", "account_update")).length >= 1);
    const lines = await seen();
    expect(lines.find((line) => line.includes("→ 503"))).toMatch(
      /messages: text {2}…8765 {2}→ 503 {2}\d+ ms$/,
    );
    expect(lines.join()).not.toMatch(/secret words|79160000001/);
    const last = (await seen("--field", "account_update", "--json")).at(-1) ?? "";
    expect(JSON.parse(last)).toMatchObject({
      events: ["account_update: ACCOUNT_RESTRICTION"],
      statuses: [200],
    });
  });

  it("is followed by listen until it is stopped", async ({ expect }) => {
    const stop = new AbortController();
    const lines: string[] = [];
    const listening = listen(["--simulator", fixture.meta.url], (line) => lines.push(line), stop.signal);
    await until(async () => {
      await run("location");
      return lines.length > 0;
    });
    stop.abort();
    await listening;
    expect(lines[0]).toContain("messages: location");
  });
});
