import { describe, it } from "vitest";
import { NUMBER, startFixture, WABA } from "./fixture.ts";

const CUSTOMER = "79160000055";
/** For webhooks, which arrive asynchronously. */
const PATIENT = { timeout: 15_000 };
const CREATION = {
  name: "order_ready",
  language: "en",
  category: "UTILITY",
  components: [{ type: "BODY", text: "Order {{1}} is ready", example: { body_text: [["7"]] } }],
};

const send = (parameters: string[]) => ({
  messaging_product: "whatsapp",
  to: CUSTOMER,
  type: "template",
  template: {
    name: "order_ready",
    language: { code: "en" },
    components: [{ type: "body", parameters: parameters.map((text) => ({ type: "text", text })) }],
  },
});

async function aTemplate() {
  const fixture = await startFixture();
  const { body } = await fixture.graph("POST", `/${WABA}/message_templates`, CREATION);
  return { fixture, created: body, id: String(body.id) };
}

describe("a simulated template", () => {
  it("is reviewed, and can be sent only while it is approved", async ({ expect, onTestFinished }) => {
    const { fixture, created, id } = await aTemplate();
    onTestFinished(() => fixture.close());
    expect(created).toMatchObject({ status: "PENDING", category: "UTILITY" });
    const codes: (number | undefined)[] = [];
    const trySend = async (values: string[]) => {
      const { body } = await fixture.graph("POST", `/${NUMBER}/messages`, send(values));
      codes.push(body.error?.code);
    };
    await trySend(["7"]);
    await fixture.control("POST", `/templates/${id}`, { status: "APPROVED" });
    await trySend(["7"]);
    await trySend([]);
    await fixture.control("POST", `/templates/${id}`, { status: "PAUSED", quality: "RED" });
    await trySend(["7"]);
    await fixture.control("POST", `/templates/${id}`, { status: "DISABLED" });
    await trySend(["7"]);
    expect(codes).toEqual([132001, undefined, 132000, 132015, 132016]);
    const { body } = await fixture.graph("GET", `/${id}?fields=id,name,status`);
    expect(body).toMatchObject({ id, status: "DISABLED", quality_score: { score: "RED" } });
  });

  it("sends webhooks about its changes, with Meta's time", async ({ expect, onTestFinished }) => {
    const { fixture, id } = await aTemplate();
    onTestFinished(() => fixture.close());
    await fixture.control("POST", `/templates/${id}`, { status: "REJECTED", reason: "SCAM" });
    await fixture.control("POST", `/templates/${id}`, { quality: "RED", category: "MARKETING", body: "New" });
    await fixture.graph("DELETE", `/${WABA}/message_templates?name=order_ready&hsm_id=${id}`);
    await expect
      .poll(() => fixture.webhook.received.map(({ body }) => body.entry[0].changes[0].field), PATIENT)
      .toEqual([
        "message_template_status_update",
        "message_template_quality_update",
        "template_category_update",
        "message_template_components_update",
        "message_template_status_update",
      ]);
    const [first, , , , last] = fixture.webhook.received.map(({ body }) => body.entry[0]);
    expect(first).toMatchObject({ id: WABA, time: expect.any(Number) });
    expect(first.changes[0].value).toMatchObject({
      event: "REJECTED",
      reason: "SCAM",
      message_template_id: Number(id),
    });
    expect(last.changes[0].value).toMatchObject({ event: "DELETED" });
    expect((await fixture.graph("GET", `/${WABA}/message_templates`)).body.data).toHaveLength(1);
  });

  it("is listed page by page, and has a unique name", async ({ expect, onTestFinished }) => {
    const { fixture } = await aTemplate();
    onTestFinished(() => fixture.close());
    const again = await fixture.graph("POST", `/${WABA}/message_templates`, CREATION);
    expect(again.body.error).toMatchObject({ code: 100, error_subcode: 2388024 });
    const first = (await fixture.graph("GET", `/${WABA}/message_templates?limit=1`)).body;
    expect(first.data).toMatchObject([{ name: "hello_world" }]);
    const after = first.paging.cursors.after;
    const second = (await fixture.graph("GET", `/${WABA}/message_templates?limit=1&after=${after}`)).body;
    expect(second.data).toMatchObject([{ name: "order_ready", parameter_format: "POSITIONAL" }]);
    expect([typeof first.paging.next, second.paging.next]).toEqual(["string", undefined]);
  });
});

describe("a simulated phone", () => {
  it("has a profile that can be changed", async ({ expect, onTestFinished }) => {
    const fixture = await startFixture();
    onTestFinished(() => fixture.close());
    const change = { messaging_product: "whatsapp", about: "Open", websites: ["https://x.example"] };
    await fixture.graph("POST", `/${NUMBER}/whatsapp_business_profile`, change);
    const { body } = await fixture.graph("GET", `/${NUMBER}/whatsapp_business_profile`);
    expect(body.data).toEqual([{ vertical: "UNDEFINED", ...change }]);
  });

  it("gets nothing from blocked customers, and blocks only customers who have written", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await startFixture();
    onTestFinished(() => fixture.close());
    const path = `/${NUMBER}/block_users`;
    const users = { messaging_product: "whatsapp", block_users: [{ user: CUSTOMER }] };
    expect((await fixture.graph("POST", path, users)).body.block_users).toMatchObject({
      added_users: [],
      failed_users: [{ input: CUSTOMER }],
    });
    const write = (body: string) =>
      fixture.control("POST", `/customers/${CUSTOMER}/messages`, { type: "text", text: { body } });
    await write("Heard");
    expect((await fixture.graph("POST", path, users)).body.block_users.added_users).toHaveLength(1);
    await write("Not heard");
    await fixture.graph("DELETE", path, users);
    await write("Heard again");
    await expect
      .poll(() => fixture.webhook.items("messages").map((one) => one.text.body), PATIENT)
      .toEqual(["Heard", "Heard again"]);
  });
});
