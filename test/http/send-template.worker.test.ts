import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { syncTemplates } from "../../src/db/templates.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db, wabaOf } from "../support/build.ts";
import { aLiveChat, graphCalls, reviewAtMeta } from "../support/graph.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { aPreference, aTemplateNotice, ingestNotice } from "../support/notices.ts";
import { messagesWhere } from "../support/stored.ts";
import { storedMessage } from "./send-requests.ts";

const BODY = { type: "BODY", text: "Order {{1}} is ready", example: { body_text: [["7"]] } };
const CREATION = { name: "order_ready", language: "en", category: "UTILITY", components: [BODY] };

const aSend = (values: string[], name = "order_ready") => ({
  type: "template",
  template: {
    name,
    language: { code: "en" },
    components: [{ type: "body", parameters: values.map((text) => ({ type: "text", text })) }],
  },
});

/** A chat whose number has a template that Meta has approved, in this category. */
async function aChatWithTemplate(category = "UTILITY") {
  const chat = await aLiveChat();
  const admin = await as({ ...chat, role: "admin" });
  const path = `/phones/${chat.organizationPhoneId}/templates`;
  const { metaId } = await (await admin.post(path, { ...CREATION, category })).json<{ metaId: string }>();
  await reviewAtMeta(metaId, { status: "APPROVED" });
  await admin.post(`${path}/sync`);
  const anna = await as({ ...chat, sub: "boris" });
  const to = { organizationPhoneId: chat.organizationPhoneId, chatId: chat.id };
  const send = async (content: object, key?: string) => {
    const answer = await anna.post("/send", { ...to, ...content }, key ? { "idempotency-key": key } : {});
    return { httpStatus: answer.status, ...(await answer.json<{ id: number; code?: string }>()) };
  };
  return { chat, metaId, anna, send };
}

describe("sending a template", () => {
  it("is refused where Meta would refuse it, and names the variable", async ({ expect }) => {
    const { chat, send } = await aChatWithTemplate();
    const before = await messagesWhere(chat);
    expect(await send(aSend([]))).toMatchObject({
      httpStatus: 400,
      code: "invalid_request",
      errors: [{ pointer: "/template/components/0/parameters", code: "missing" }],
    });
    expect(await send(aSend(["7", "8"]))).toMatchObject({
      errors: [{ pointer: "/template/components/0/parameters/1", code: "unexpected" }],
    });
    expect(await messagesWhere(chat)).toEqual(before);
    expect((await graphCalls(chat.phoneNumberId)).filter(({ body }) => body.type)).toEqual([]);
  });

  it("reaches Meta, and reads in the chat as the customer reads it", async ({ expect }) => {
    const { send } = await aChatWithTemplate();
    const sent = await send(aSend(["12"]));
    expect(sent).toMatchObject({ httpStatus: 200, status: "accepted" });
    expect(await storedMessage(sent.id)).toMatchObject({
      messageType: "template",
      body: "Order 12 is ready",
      payload: aSend(["12"]),
    });
  });

  it("is refused once a webhook has reported that it is paused; the same key gets its first answer", async ({
    expect,
  }) => {
    const { chat, metaId, send } = await aChatWithTemplate();
    const key = crypto.randomUUID();
    const first = await send(aSend(["1"]), key);
    const more = { message_template_id: Number(metaId) };
    await ingestNotice(chat, aTemplateNotice.status("PAUSED", new Date(Date.now() + 2_000), more));
    expect(await send(aSend(["1"]))).toMatchObject({
      code: "invalid_request",
      errors: [{ pointer: "/template/name", code: "not_approved" }],
    });
    expect(await send(aSend(["1"]), key)).toMatchObject({ httpStatus: 200, id: first.id });
  });

  it("in a language that it does not have is refused before it is sent, and names those it has", async ({
    expect,
  }) => {
    const { chat, send } = await aChatWithTemplate();
    const admin = await as({ organizationId: chat.organizationId, role: "admin" });
    await admin.post(`/phones/${chat.organizationPhoneId}/templates`, { ...CREATION, language: "ru" });
    const before = await messagesWhere(chat);
    const inEnglish = aSend(["7"]);
    const key = crypto.randomUUID();
    const american = { ...inEnglish, template: { ...inEnglish.template, language: { code: "en_US" } } };
    const refused = { httpStatus: 400, code: "invalid_request" };
    const errors = [
      {
        pointer: "/template/language/code",
        code: "invalid",
        detail: 'There is no template "order_ready" in en_US. It exists in: en, ru.',
      },
    ];
    expect(await send(american, key)).toMatchObject({ ...refused, errors });
    // Also while Graph cannot be asked: then what is stored counts.
    await admin.post(`/phones/${chat.organizationPhoneId}/templates/sync`);
    for (const table of ["OrganizationPhone", "Template"])
      await db.execute(
        sql`update ${sql.identifier(table)} set "wabaId" = '999' where "wabaId" = ${wabaOf(chat)}`,
      );
    expect(await send(american, key)).toMatchObject({ ...refused, errors });
    expect(await messagesWhere(chat)).toEqual(before);
    expect((await graphCalls(chat.phoneNumberId)).filter(({ body }) => body?.type)).toEqual([]);
    expect(await send(inEnglish, key)).toMatchObject({ httpStatus: 200 });
  });

  it("is left for Meta to judge when nothing is known of it", async ({ expect }) => {
    const { send } = await aChatWithTemplate();
    const answer = await send(aSend([], "never_seen"));
    expect(answer).toMatchObject({ code: "meta_refused", meta: { code: 132001 } });
  });

  it("through another organization's number reveals nothing of its templates", async ({ expect }) => {
    const { chat } = await aChatWithTemplate();
    const outsider = await as(await anOrganization());
    const { organizationPhoneId, customer } = chat;
    const answer = await outsider.post("/send", { organizationPhoneId, to: customer, ...aSend([]) });
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: "not_found" }]);
  });

  it("checks no variables where only a webhook has reported the texts", async ({ expect }) => {
    const { chat, send } = await aChatWithTemplate();
    await ingestNotice(chat, aTemplateNotice.texts("Order {{1}} and {{2}}", new Date(Date.now() + 2_000)));
    expect(await send(aSend(["7"]))).toMatchObject({ httpStatus: 200 });
  });

  it("of marketing is refused to who wants none, until they want it again", async ({ expect }) => {
    const { chat, anna, send } = await aChatWithTemplate("MARKETING");
    const who = { phone: chat.customer };
    const first = await send(aSend(["1"]));
    await ingestNotice(chat, aPreference(who, "stop", new Date("2026-05-01T12:00:00Z")));
    expect(await send(aSend(["1"]))).toMatchObject({
      httpStatus: 409,
      code: "marketing_stopped",
      chatId: chat.id,
      detail: expect.stringContaining("2026-05-01T12:00:00.000Z"),
    });
    expect(await send({ type: "text", message: "An answer is no marketing" })).toMatchObject({
      httpStatus: 200,
    });
    await db.execute(sql`update "Message" set status = 'unconfirmed' where id = ${first.id}`);
    const resent = await anna.post(`/messages/${first.id}/resend`);
    expect([resent.status, await resent.json()]).toMatchObject([409, { code: "marketing_stopped" }]);
    await ingestNotice(chat, aPreference(who, "resume", new Date("2026-05-01T12:01:00Z")));
    expect(await send(aSend(["1"]))).toMatchObject({ httpStatus: 200 });
  });

  it("of utility reaches who wants no marketing", async ({ expect }) => {
    const { chat, send } = await aChatWithTemplate("UTILITY");
    await ingestNotice(chat, aPreference({ phone: chat.customer }, "stop", new Date()));
    expect(await send(aSend(["1"]))).toMatchObject({ httpStatus: 200 });
  });
});

describe("a text after the service window", () => {
  it("is refused with the templates that may be sent, ten at most and no marketing to who wants none", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const [customer, anna] = [aCustomer(), await as(ground)];
    const at = new Date(Date.now() - 25 * 3_600_000);
    await deliverAndStore(ground.phoneNumberId, aText({ from: customer, body: "Hello", at }));
    const account = { organizationId: ground.organizationId, wabaId: wabaOf(ground) };
    const row = {
      metaId: null,
      language: "en",
      parameterFormat: null,
      components: [],
      quality: null,
      reason: null,
    };
    const names = Array.from({ length: 12 }, (_, n) => `utility_${n}`);
    const listed = [
      ...names.map((name) => ({ ...row, name, category: "UTILITY", status: "APPROVED" })),
      { ...row, name: "offer", category: "MARKETING", status: "APPROVED" },
      { ...row, name: "paused", category: "UTILITY", status: "PAUSED" },
      { ...row, name: "code", category: "AUTHENTICATION", status: "APPROVED" },
    ];
    type Refusal = { code: string; templates: { name: string; category: string }[] };
    const refusal = async () => {
      const { organizationPhoneId } = ground;
      const body = { organizationPhoneId, to: customer, type: "text", message: "Hi" };
      return await (await anna.post("/send", body)).json<Refusal>();
    };
    expect(await refusal()).toMatchObject({ code: "window_closed", templates: [] });

    await syncTemplates(db, account, listed, new Date());
    expect((await refusal()).templates).toHaveLength(10);
    await syncTemplates(db, account, listed.slice(10), new Date(Date.now() + 60_000));
    const offered = async () => (await refusal()).templates.map(({ name }) => name).sort();
    expect(await offered()).toEqual(["offer", "utility_10", "utility_11"]);
    await ingestNotice(ground, aPreference({ phone: customer }, "stop", new Date()));
    expect(await offered()).toEqual(["utility_10", "utility_11"]);
  });
});
