import { afterEach, beforeEach, describe, it } from "vitest";
import { type Fixture, NUMBER, startFixture, until } from "./fixture.ts";

const CUSTOMER = "79160000001";

describe("the statuses of a sent message", () => {
  let fixture: Fixture;
  let now = new Date("2026-06-01T12:00:00Z");
  beforeEach(async () => {
    now = new Date("2026-06-01T12:00:00Z");
    fixture = await startFixture({ now: () => now });
    await fixture.write(CUSTOMER, "hello");
  });
  afterEach(() => fixture.close());

  const states = () => fixture.webhook.items("statuses").map(({ status }) => status);

  it("are sent, delivered and read, in that order, with our tag and both ids of the customer", async ({
    expect,
  }) => {
    const { body } = await fixture.send(CUSTOMER, "hello yourself", { biz_opaque_callback_data: "epoch.12" });
    await until(() => fixture.webhook.items("statuses").length === 3);
    expect(states()).toEqual(["sent", "delivered", "read"]);
    for (const status of fixture.webhook.items("statuses")) {
      expect(status).toMatchObject({
        id: body.messages[0].id,
        recipient_id: CUSTOMER,
        recipient_user_id: expect.stringMatching(/^US\./),
        biz_opaque_callback_data: "epoch.12",
        timestamp: "1780315200",
      });
    }
    const priced = fixture.webhook.items("statuses").map(({ pricing }) => pricing?.category ?? null);
    expect(priced).toEqual(["service", "service", null]);
  });

  it("stop at delivered while the chat is closed, and continue when the customer writes or opens it", async ({
    expect,
  }) => {
    await fixture.control("PUT", `/customers/${CUSTOMER}`, { reads: false });
    await fixture.send(CUSTOMER, "one");
    await until(() => states().length === 2);
    await fixture.write(CUSTOMER, "seen");
    await until(() => states().length === 3);
    await fixture.send(CUSTOMER, "two");
    await until(() => states().length === 5);
    await fixture.control("PUT", `/customers/${CUSTOMER}`, { reads: true });
    await until(() => states().length === 6);
    expect(states()).toEqual(["sent", "delivered", "read", "sent", "delivered", "read"]);
  });

  it("are one failure with 131047 when the window has closed, and the phone shows nothing", async ({
    expect,
  }) => {
    now = new Date("2026-06-02T12:00:01Z");
    const { status, body } = await fixture.send(CUSTOMER, "too late", {
      biz_opaque_callback_data: "epoch.13",
    });
    expect(status).toBe(200);
    await until(() => states().length === 1);
    const [failed] = fixture.webhook.items("statuses");
    expect(failed).toMatchObject({
      id: body.messages[0].id,
      status: "failed",
      recipient_id: CUSTOMER,
      biz_opaque_callback_data: "epoch.13",
      errors: [{ code: 131047, error_data: { details: expect.stringContaining("24 hours") } }],
    });
    expect(failed).not.toHaveProperty("recipient_user_id");
    expect(fixture.webhook.received.at(-1)?.body.entry[0].changes[0].value).not.toHaveProperty("contacts");
    const { body: shown } = await fixture.control("GET", `/customers/${CUSTOMER}/messages`);
    expect(shown.data.map((message: { from: string }) => message.from)).toEqual(["customer"]);
  });

  it("are the usual ones up to the last second of the window", async ({ expect }) => {
    now = new Date("2026-06-02T12:00:00Z");
    await fixture.send(CUSTOMER, "just in time");
    await until(() => states().length === 3);
    expect(states()).not.toContain("failed");
  });

  it("use a window that starts with a message's time, and not with a reaction", async ({ expect }) => {
    const other = "79160000002";
    const { body: first } = await fixture.write(other, "yesterday", { timestamp: "2026-05-31T11:00:00Z" });
    await fixture.request("POST", `/simulator/customers/${other}/messages`, {
      type: "reaction",
      reaction: { message_id: first.wamid, emoji: "👍" },
    });
    await fixture.send(other, "too late");
    await until(() => states().length === 1);
    expect(states()).toEqual(["failed"]);
  });

  it("show on the phone, in both directions", async ({ expect }) => {
    const { body: sent } = await fixture.send(CUSTOMER, "<b>hi</b>");
    await until(() => states().length === 3);
    const { body } = await fixture.control("GET", `/customers/${CUSTOMER}/messages`);
    expect(body.data).toMatchObject([
      { from: "customer", type: "text", text: { body: "hello" }, status: "sent", phoneNumberId: NUMBER },
      {
        from: "business",
        type: "text",
        text: { body: "<b>hi</b>" },
        status: "read",
        wamid: sent.messages[0].id,
      },
    ]);
  });

  it("show a mark as read and typing on the phone", async ({ expect }) => {
    const { body: second } = await fixture.write(CUSTOMER, "still there?");
    const mark = { messaging_product: "whatsapp", status: "read", message_id: second.wamid };
    const answer = await fixture.graph("POST", `/${NUMBER}/messages`, {
      ...mark,
      typing_indicator: { type: "text" },
    });
    expect(answer.body).toEqual({ success: true });
    const { body } = await fixture.control("GET", `/customers/${CUSTOMER}/messages`);
    expect(body.data.map((message: { status: string }) => message.status)).toEqual(["read", "read"]);
    expect((await fixture.control("GET", `/customers/${CUSTOMER}`)).body.typing.phoneNumberId).toBe(NUMBER);
    now = new Date("2026-06-01T12:00:26Z");
    expect((await fixture.control("GET", `/customers/${CUSTOMER}`)).body.typing).toBeNull();
  });
});
