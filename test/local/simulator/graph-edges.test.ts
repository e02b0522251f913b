import { afterAll, beforeAll, describe, it } from "vitest";
import { type Fixture, NUMBER, startFixture, until, WABA } from "./fixture.ts";

const CUSTOMER = "79160000001";
const TOKEN = "EAAtest-token-0123456789";
const whatsapp = { messaging_product: "whatsapp" };
const json = { "content-type": "application/json" };
const bearer = { authorization: `Bearer ${TOKEN}` };
const text = (body: string) => ({ ...whatsapp, to: CUSTOMER, type: "text", text: { body } });
const asForm = (fields: object) =>
  Object.entries(fields).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
const multipart = (fields: object) => {
  const form = new FormData();
  for (const [key, value] of asForm(fields)) form.set(key, value);
  return form;
};

/** The shapes in which client libraries send the same message. */
const shapes: [shape: string, path: string, init: (body: string) => RequestInit][] = [
  [
    "JSON",
    `/v25.0/${NUMBER}/messages`,
    (body) => ({ headers: { ...json, ...bearer }, body: JSON.stringify(text(body)) }),
  ],
  [
    "no version",
    `/${NUMBER}/messages`,
    (body) => ({ headers: { ...json, ...bearer }, body: JSON.stringify(text(body)) }),
  ],
  [
    "a slash at the end",
    `/v25.0/${NUMBER}/messages/`,
    (body) => ({ headers: bearer, body: JSON.stringify(text(body)) }),
  ],
  [
    "the scheme OAuth",
    `/${NUMBER}/messages`,
    (body) => ({ headers: { authorization: `OAuth ${TOKEN}` }, body: JSON.stringify(text(body)) }),
  ],
  [
    "the token in the query",
    `/${NUMBER}/messages?access_token=${TOKEN}`,
    (body) => ({ body: JSON.stringify(text(body)) }),
  ],
  [
    "the token in JSON",
    `/${NUMBER}/messages`,
    (body) => ({ body: JSON.stringify({ ...text(body), access_token: TOKEN }) }),
  ],
  [
    "a form",
    `/v25.0/${NUMBER}/messages`,
    (body) => ({ headers: bearer, body: new URLSearchParams(asForm(text(body))) }),
  ],
  [
    "a form with the token",
    `/${NUMBER}/messages`,
    (body) => ({ body: new URLSearchParams(asForm({ ...text(body), access_token: TOKEN })) }),
  ],
  ["multipart", `/v25.0/${NUMBER}/messages`, (body) => ({ headers: bearer, body: multipart(text(body)) })],
  [
    "multipart with the token",
    `/${NUMBER}/messages`,
    (body) => ({ body: multipart({ ...text(body), access_token: TOKEN }) }),
  ],
  [
    "messaging_product in the query",
    `/${NUMBER}/messages?messaging_product=whatsapp`,
    (body) => ({ headers: bearer, body: JSON.stringify({ ...text(body), messaging_product: undefined }) }),
  ],
  [
    "JSON with JSON text for its objects",
    `/${NUMBER}/messages`,
    (body) => {
      const message = { ...text(body), text: JSON.stringify({ body }), biz_opaque_callback_data: '{"id":7}' };
      return { headers: { ...json, ...bearer }, body: JSON.stringify(message) };
    },
  ],
  [
    "a number as the recipient",
    `/${NUMBER}/messages`,
    (body) => ({ headers: bearer, body: JSON.stringify({ ...text(body), to: Number(CUSTOMER) }) }),
  ],
];

describe("the simulated Graph API, as client libraries call it", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
    await fixture.write(CUSTOMER, "hello");
  });
  afterAll(() => fixture.close());

  for (const [shape, path, init] of shapes) {
    it(`takes a message in the shape of ${shape}`, async ({ expect }) => {
      const response = await fetch(`${fixture.meta.url}${path}`, { method: "POST", ...init(`in ${shape}`) });
      expect([response.status, await response.json()]).toEqual([
        200,
        expect.objectContaining({ contacts: [expect.objectContaining({ wa_id: CUSTOMER })] }),
      ]);
      const { body } = await fixture.control("GET", `/customers/${CUSTOMER}/messages`);
      expect(body.data.at(-1).text).toEqual({ body: `in ${shape}` });
      const { body: ledger } = await fixture.control("GET", "/requests");
      expect(JSON.stringify(ledger.data.at(-1))).not.toContain(TOKEN);
    });
  }

  it("gives back a tag that looks like JSON as it was", async ({ expect }) => {
    const form = new URLSearchParams(asForm({ ...text("tagged"), biz_opaque_callback_data: '{"id":7}' }));
    const url = `${fixture.meta.url}/${NUMBER}/messages`;
    const answer = await fetch(url, { method: "POST", headers: bearer, body: form });
    const { messages } = (await answer.json()) as { messages: { id: string }[] };
    const status = () => fixture.webhook.items("statuses").find(({ id }) => id === messages[0]?.id);
    expect((await until(status)).biz_opaque_callback_data).toBe('{"id":7}');
  });

  it("deletes a file", async ({ expect }) => {
    const form = multipart({ type: "image/png" });
    form.set("file", new File(["bytes"], "a.png"));
    const path = `/${NUMBER}/media?messaging_product=whatsapp`;
    const upload = await fetch(`${fixture.meta.url}${path}`, { method: "POST", headers: bearer, body: form });
    const { id } = await upload.json();
    expect((await fixture.graph("GET", `/${id}`)).body.mime_type).toBe("image/png");
    expect((await fixture.graph("DELETE", `/${id}?phone_number_id=${NUMBER}`)).body).toEqual({
      success: true,
    });
    for (const method of ["GET", "DELETE"])
      expect((await fixture.graph(method, `/${id}`)).body.error).toMatchObject({
        code: 100,
        error_subcode: 33,
      });
  });

  it("keeps a phone's commands, catalog settings and QR codes", async ({ expect }) => {
    const post = (edge: string, body: object) => fixture.graph("POST", `/${NUMBER}/${edge}`, body);
    const get = async (edge: string) => (await fixture.graph("GET", `/${NUMBER}/${edge}`)).body;
    await post("conversational_automation", { prompts: ["Prices"], enable_welcome_message: true });
    expect(await get("conversational_automation")).toMatchObject({ prompts: ["Prices"] });
    await post("whatsapp_commerce_settings?is_cart_enabled=false", {});
    expect((await get("whatsapp_commerce_settings")).data).toMatchObject([{ is_cart_enabled: false }]);
    expect(Object.keys(await get("settings"))).not.toContain("automation");
    const { body: made } = await post("message_qrdls", { prefilled_message: "Hi", generate_qr_image: "PNG" });
    expect(made).toMatchObject({
      prefilled_message: "Hi",
      deep_link_url: `https://wa.me/message/${made.code}`,
    });
    await post("message_qrdls", { prefilled_message: "Hello", code: made.code });
    expect((await get("message_qrdls")).data).toMatchObject([
      { code: made.code, prefilled_message: "Hello" },
    ]);
    expect((await fixture.graph("DELETE", `/${NUMBER}/message_qrdls/${made.code}`)).body.success).toBe(true);
    expect((await get("message_qrdls")).data).toEqual([]);
  });

  it("takes a flow from its draft to its end", async ({ expect }) => {
    const flow = { name: "Survey", categories: ["SURVEY"] };
    const { id } = (await fixture.graph("POST", `/${WABA}/flows`, flow)).body;
    const errorOf = async (path: string) => (await fixture.graph("POST", path, {})).body.error?.code ?? null;
    expect(await errorOf(`/${id}/publish`)).toBe(139000);
    const upload = async (content: string) => {
      const form = multipart({ name: "flow.json", asset_type: "FLOW_JSON" });
      form.set("file", new File([content], "flow.json"));
      const url = `${fixture.meta.url}/${id}/assets`;
      return (await fetch(url, { method: "POST", headers: bearer, body: form })).json();
    };
    expect((await upload("{")).validation_errors).toHaveLength(1);
    expect(await upload(`{"version":"7.1","screens":[]}`)).toEqual({ success: true, validation_errors: [] });
    expect(await errorOf(`/${id}/publish`)).toBeNull();
    expect((await fixture.graph("GET", `/${id}?fields=id,status,preview`)).body).toMatchObject({
      id,
      status: "PUBLISHED",
    });
    expect((await fixture.graph("GET", `/${WABA}/flows`)).body.data).toMatchObject([{ id, name: "Survey" }]);
    expect((await fixture.graph("DELETE", `/${id}`)).body.error.code).toBe(139003);
    expect(await errorOf(`/${id}/deprecate`)).toBeNull();
  });

  it("names a customer by the id of WhatsApp, whichever number was dialled", async ({ expect }) => {
    const dialled: [waId: string, dialled: string][] = [
      ["551187654321", "5511987654321"],
      ["5215512345678", "525512345678"],
      ["5491112345678", "541112345678"],
    ];
    for (const [waId, number] of dialled) {
      await fixture.control("PUT", `/customers/${waId}`, { dialled: [number] });
      await fixture.write(waId, "oi");
      const { body } = await fixture.send(`+${number}`, "olá");
      expect(body.contacts).toEqual([{ input: `+${number}`, wa_id: waId }]);
      const status = () => fixture.webhook.items("statuses").find(({ id }) => id === body.messages[0].id);
      expect((await until(status)).recipient_id).toBe(waId);
    }
  });
});

describe("the chats of the WhatsApp Business app", () => {
  it("are synchronized once, in three phases, and the contacts with them", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await startFixture();
    onTestFinished(() => fixture.close());
    const daysAgo = (days: number) => ({ timestamp: Math.floor(Date.now() / 1000) - days * 86_400 });
    await fixture.write(CUSTOMER, "old", daysAgo(100));
    await fixture.write(CUSTOMER, "too old", daysAgo(200));
    for (const last of [1, 2, 3]) await fixture.write(`7916000000${last}`, "new");
    await fixture.send(CUSTOMER, "answer");
    await until(() => fixture.webhook.items("statuses").length >= 3);
    const sync = (sync_type: string) =>
      fixture.graph("POST", `/${NUMBER}/smb_app_data`, { ...whatsapp, sync_type });
    const valuesOf = (field: string) =>
      fixture.webhook.received
        .flatMap(({ body }) => body.entry.flatMap((entry: { changes: object[] }) => entry.changes))
        .filter((change) => change.field === field)
        .map(({ value }) => value);
    expect((await sync("smb_app_state_sync")).body.request_id).toMatch(/^\w+$/);
    await until(() => valuesOf("smb_app_state_sync").length === 1);
    expect(valuesOf("smb_app_state_sync")[0].state_sync).toHaveLength(3);
    await sync("history");
    await until(() => valuesOf("history").length === 4);
    const chunks = valuesOf("history").map(({ history: [one] }) => one);
    expect(chunks.map(({ metadata }) => [metadata.phase, metadata.chunk_order])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [2, 1],
    ]);
    expect(chunks.at(-1).metadata.progress).toBe(100);
    expect(chunks.at(-1).threads[0].messages).toMatchObject([{ text: { body: "old" }, from: CUSTOMER }]);
    const recent = chunks[0].threads[0];
    expect(recent.context).toMatchObject({ wa_id: CUSTOMER });
    expect(
      recent.messages.map((message: { to?: string; history_context: object }) => [
        message.to,
        message.history_context,
      ]),
    ).toEqual([
      [undefined, { status: "READ" }],
      [CUSTOMER, { status: "READ" }],
    ]);
    expect((await sync("history")).body.error.code).toBe(2593107);
    expect((await sync("calls")).body.error.code).toBe(100);
  });

  it("are declined when the business does not share them", async ({ expect, onTestFinished }) => {
    const fixture = await startFixture();
    onTestFinished(() => fixture.close());
    await fixture.control("PATCH", `/phones/${NUMBER}`, { sharesHistory: false });
    await fixture.graph("POST", `/${NUMBER}/smb_app_data`, { ...whatsapp, sync_type: "history" });
    await until(() => fixture.webhook.received.length === 1);
    const [{ field, value }] = fixture.webhook.received[0]?.body.entry[0].changes ?? [];
    expect([field, value.history[0].errors[0].code]).toEqual(["history", 2593109]);
  });
});
