import { describe, it } from "vitest";
import { NUMBER, startFixture, WABA } from "./fixture.ts";

const CUSTOMER = "79160000055";
/** For webhooks, which arrive asynchronously. */
const PATIENT = { timeout: 40_000 };
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
    const { body } = await fixture.graph("GET", `/${id}?fields=id,name,status,quality_score`);
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

  it("is found by filters, with the fields that were asked for, page by page", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await startFixture();
    onTestFinished(() => fixture.close());
    for (const [name, language, category] of [
      ["order_ready", "en", "UTILITY"],
      ["order_ready", "de", "UTILITY"],
      ["sale", "en", "MARKETING"],
    ]) {
      const creation = { ...CREATION, name, language, category };
      const { body } = await fixture.graph("POST", `/${WABA}/message_templates`, creation);
      if (name === "sale") await fixture.control("POST", `/templates/${body.id}`, { status: "APPROVED" });
    }
    const list = async (query: string) =>
      (await fixture.graph("GET", `/${WABA}/message_templates?${query}`)).body;
    const found: [query: string, names: string[]][] = [
      ["", ["hello_world", "order_ready", "order_ready", "sale"]],
      ["name=order", ["order_ready", "order_ready"]],
      ["status=APPROVED", ["hello_world", "sale"]],
      ["status=PENDING&language=de", ["order_ready"]],
      [`category=${encodeURIComponent('["marketing","AUTHENTICATION"]')}`, ["sale"]],
      ["name_or_content=ready&limit=1", ["order_ready"]],
      ["content=congratulations", ["hello_world"]],
      ["quality_score=RED", []],
    ];
    for (const [query, names] of found)
      expect(
        (await list(query)).data.map((one: { name: string }) => one.name),
        query,
      ).toEqual(names);
    expect((await list("fields=name&limit=1")).data).toEqual([
      { name: "hello_world", id: "594425479261596" },
    ]);
    expect((await list("fields=size")).error.code).toBe(100);
    expect((await list("limit=0")).error.code).toBe(100);

    const pages: string[][] = [];
    let page = await list("limit=3&fields=name");
    const headers = { authorization: "Bearer EAAx" };
    for (; pages.length < 9; page = await (await fetch(page.paging.next, { headers })).json()) {
      pages.push(page.data.map((one: { name: string }) => one.name));
      if (!page.paging.next) break;
      expect(page.paging.next.startsWith(fixture.meta.url)).toBe(true);
    }
    expect(pages).toEqual([["hello_world", "order_ready", "order_ready"], ["sale"]]);
    const { data } = await (await fetch(page.paging.previous, { headers })).json();
    expect(data).toHaveLength(3);
  });

  it("of a one-time code has Meta's texts, and takes the code twice", async ({ expect, onTestFinished }) => {
    const fixture = await startFixture();
    onTestFinished(() => fixture.close());
    const { body } = await fixture.graph("POST", `/${WABA}/message_templates`, {
      name: "login_code",
      language: "en",
      category: "AUTHENTICATION",
      components: [
        { type: "body", add_security_recommendation: true },
        { type: "footer", code_expiration_minutes: 5 },
        { type: "buttons", buttons: [{ type: "otp", otp_type: "copy_code", text: "Copy" }] },
      ],
    });
    await fixture.control("POST", `/templates/${body.id}`, { status: "APPROVED" });
    const { components } = (await fixture.graph("GET", `/${body.id}`)).body;
    expect(components).toMatchObject([
      { type: "BODY", text: expect.stringContaining("*{{1}}*") },
      { type: "FOOTER", text: "This code expires in 5 minutes." },
      {
        type: "BUTTONS",
        buttons: [{ type: "URL", text: "Copy", url: expect.stringContaining("code=otp{{1}}") }],
      },
    ]);
    const code = [{ type: "text", text: "123456" }];
    const inBody = { type: "body", parameters: code };
    const inButton = (index: unknown) => ({ type: "button", sub_type: "url", index, parameters: code });
    const sends: [components: object[], code: number | null][] = [
      [[inBody, inButton("0")], null],
      [[inBody, inButton(0)], null],
      [[inBody], 131008],
      [[inBody, { ...inButton("0"), parameters: [] }], 131008],
      [[inBody, inButton("1")], 131008],
      [[inButton("0")], 132000],
    ];
    for (const [parts, expected] of sends) {
      const template = { name: "login_code", language: { code: "en" }, components: parts };
      const message = { messaging_product: "whatsapp", to: CUSTOMER, type: "template", template };
      const answer = await fixture.graph("POST", `/${NUMBER}/messages`, message);
      expect(answer.body.error?.code ?? null, JSON.stringify(parts)).toBe(expected);
    }
  });
});
