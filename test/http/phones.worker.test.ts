import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { as } from "../support/as.ts";
import { aChat, aCustomer, aFreeNumber, anOrganization, db } from "../support/build.ts";
import { changeAtMeta, countCalls, misbehave } from "../support/graph.ts";
import { aText, deliverAndStore } from "../support/meta.ts";

type Check = { id: string; status: string; code: string; title: string; why: string; fixes: object[] };
type Phone = {
  id: number;
  name: string;
  phoneNumber: string;
  connection: string;
  accessToken: string;
  accessTokenMask: string | null;
  wabaPhoneNumberId: string;
  wabaVerifyToken: string;
  checks: Check[];
  activity: { lastInboundAt: string | null };
};
type Problem = { code: string; detail: string; checks?: Check[] };
type Audit = { data: { action: string; detail: object; agent: { name: string } | null }[] };

const someToken = () => `EAA${crypto.randomUUID().replaceAll("-", "")}`;

/** An admin of an organization of their own, and a number that waits to be connected. */
async function anAdmin() {
  const ground = await anOrganization();
  return { ...ground, anna: await as({ ...ground, role: "admin" }), number: await aFreeNumber() };
}

async function stored(id: number) {
  const [row] = await db.select().from(organizationPhones).where(eq(organizationPhones.id, id));
  return row;
}

describe("connecting a number", () => {
  it("checks it, seals its token, and names it as Meta does", async ({ expect }) => {
    const { anna, number } = await anAdmin();
    const wabaAccessToken = someToken();

    const answer = await anna.post("/phones", { ...number, wabaAccessToken });
    const text = await answer.text();
    const phone: Phone = JSON.parse(text);

    expect(answer.status, text).toBe(201);
    expect(phone).toMatchObject({ connection: "connected", accessToken: "sealed", ...number });
    expect(phone.phoneNumber).toMatch(/^\d{11}$/);
    expect(phone.name).not.toBe("");
    expect(phone.wabaVerifyToken).toMatch(/^[\w-]{32}$/);
    expect(phone.accessTokenMask).toBe(`${wabaAccessToken.slice(0, 4)}…${wabaAccessToken.slice(-4)}`);
    expect(text).not.toContain(wabaAccessToken);
    expect((await stored(phone.id))?.wabaAccessToken).toMatch(/^sealed:/);
    expect(phone.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      ...["C01 pass", "C02 pass", "C03 pass", "C04 pass", "C05 pass"],
    ]);

    // Works at once, both ways.
    const customer = await aChat({
      organizationId: 0,
      organizationPhoneId: phone.id,
      phoneNumberId: number.wabaPhoneNumberId,
    });
    expect(customer.id).toBeGreaterThan(0);
    const { activity } = await (await anna.get(`/phones/${phone.id}`)).json<Phone>();
    expect(activity.lastInboundAt).not.toBeNull();
  });

  it.for([
    ["a phone in place of the id", { wabaPhoneNumberId: "79001234567" }, "C01", "id_is_phone"],
    ["the account's id twice", { wabaPhoneNumberId: "WABA" }, "C01", "ids_equal"],
    ["a token with a space", { wabaAccessToken: "EAAx y " }, "C01", "value_padded"],
    ["what is no token", { wabaAccessToken: "abcdefgh" }, "C01", "token_malformed"],
    ["an account of nobody", { wabaId: "999999999999999" }, "C04", "waba_not_found"],
    ["a number of another account", { wabaPhoneNumberId: "987654321098765" }, "C05", "number_not_found"],
  ])("refuses %s with a reason, and saves nothing", async ([, wrong, id, code], { expect }) => {
    const { anna, number } = await anAdmin();
    const values = { ...number, wabaAccessToken: someToken(), ...(wrong as Record<string, string>) };
    if (values.wabaPhoneNumberId === "WABA") values.wabaPhoneNumberId = number.wabaId;

    const answer = await anna.post("/phones", values, { "accept-language": "ru" });
    const problem = await answer.json<Problem>();

    expect([answer.status, problem.code]).toEqual([422, "checks_failed"]);
    expect(problem.checks).toHaveLength(1);
    expect(problem.checks?.[0]).toMatchObject({ id, code });
    expect(problem.checks?.[0]?.why).toMatch(/[а-я]/);
    expect((await (await anna.get("/phones")).json<{ data: object[] }>()).data).toHaveLength(1);
  });

  it("refuses a number that another organization has, without saying whose it is", async ({ expect }) => {
    const theirs = await anAdmin();
    await theirs.anna.post("/phones", { ...theirs.number, wabaAccessToken: someToken() });
    const { anna } = await anAdmin();

    const connect = async (admin: typeof anna) => {
      const answer = await admin.post("/phones", { ...theirs.number, wabaAccessToken: someToken() });
      const { requestId: _, ...problem } = await answer.json<Problem & { requestId: string }>();
      return problem;
    };

    expect(await connect(anna)).toMatchObject({ status: 409, code: "number_taken" });
    expect(await connect(anna)).toEqual(await connect(theirs.anna));
  });
});

describe("rotating a token", () => {
  it("keeps the old one when the new one fails, and no trace of it when the new one is good", async ({
    expect,
  }) => {
    const { anna, number } = await anAdmin();
    const { id } = await (
      await anna.post("/phones", { ...number, wabaAccessToken: someToken() })
    ).json<Phone>();
    const before = (await stored(id))?.wabaAccessToken;
    const dead = someToken();
    await misbehave({ expiredToken: { token: dead } });

    const refused = await anna.patch(`/phones/${id}`, { wabaAccessToken: dead });
    expect([refused.status, (await refused.json<Problem>()).checks?.[0]?.code]).toEqual([
      422,
      "token_invalid",
    ]);
    expect((await stored(id))?.wabaAccessToken).toBe(before);

    const good = someToken();
    expect((await anna.patch(`/phones/${id}`, { wabaAccessToken: good, name: "Renamed" })).status).toBe(200);
    const after = await stored(id);
    expect(after?.wabaAccessToken).not.toBe(before);
    expect(after?.name).toBe("Renamed");
    const audit = await (await anna.get(`/audit?organizationPhoneId=${id}`)).text();
    expect((JSON.parse(audit) as Audit).data.map(({ action }) => action)).toEqual([
      ...["phone.token_rotated", "phone.changed", "phone.connected"],
    ]);
    expect(audit).toContain("Renamed");
    for (const secret of [good, dead, after?.wabaAccessToken ?? ""]) expect(audit).not.toContain(secret);
  });
});

describe("a disconnected number", () => {
  it("keeps its chats, refuses sends with that reason, and comes back with them", async ({ expect }) => {
    const { anna, number, organizationId } = await anAdmin();
    const values = { ...number, wabaAccessToken: someToken() };
    const { id } = await (await anna.post("/phones", values)).json<Phone>();
    const phoneNumberId = number.wabaPhoneNumberId;
    const chat = await aChat({ organizationId, organizationPhoneId: id, phoneNumberId });

    const gone = await (await anna.remove(`/phones/${id}`)).json<Phone>();
    const send = await anna.post("/send", {
      organizationPhoneId: id,
      chatId: chat.id,
      type: "text",
      message: "Hi",
    });

    expect(gone).toMatchObject({ connection: "disconnected", disconnectReason: "admin" });
    expect((await stored(id))?.wabaAccessToken).toBeNull();
    expect([send.status, (await send.json<Problem>()).code]).toEqual([409, "phone_disconnected"]);
    await deliverAndStore(phoneNumberId, aText({ from: chat.customer, body: "Still here?" }));
    expect((await (await anna.get(`/chats/${chat.id}`)).json<{ head: number }>()).head).toBe(2);

    const again = await (await anna.post("/phones", values)).json<Phone>();
    expect(again).toMatchObject({ id, connection: "connected" });
  });

  it("may be connected by another organization, which gets none of its chats", async ({ expect }) => {
    const first = await anAdmin();
    const values = { ...first.number, wabaAccessToken: someToken() };
    const { id } = await (await first.anna.post("/phones", values)).json<Phone>();
    await first.anna.remove(`/phones/${id}`);
    const second = await anAdmin();

    const taken = await second.anna.post("/phones", values);

    expect(taken.status).toBe(201);
    expect((await taken.json<Phone>()).id).not.toBe(id);
    expect((await stored(id))?.wabaPhoneNumberId).toBeNull();
    expect((await second.anna.get(`/phones/${id}`)).status).toBe(404);
  });
});

describe("setting a number up", () => {
  /** A connected number, and how Meta sees it. */
  async function connected() {
    const { anna, number, organizationId } = await anAdmin();
    const { id } = await (
      await anna.post("/phones", { ...number, wabaAccessToken: someToken() })
    ).json<Phone>();
    const statusOf = async (check: string) => {
      const { checks } = await (await anna.post(`/phones/${id}/check`, { only: [check] })).json<{
        checks: Check[];
      }>();
      return checks.map(({ id, code }) => `${id} ${code}`);
    };
    return { anna, organizationId, id, ...number, statusOf };
  }

  it("subscribes the app, and keeps what the check found", async ({ expect }) => {
    const { anna, id, wabaId, statusOf } = await connected();
    await changeAtMeta(`/wabas/${wabaId}`, { subscribed: false });
    expect(await statusOf("C12")).toEqual(["C12 app_not_subscribed"]);

    const report = await (await anna.post(`/phones/${id}/subscribe`)).json<{
      status: string;
      checks: Check[];
    }>();

    expect(report).toMatchObject({ status: "pass", checks: [{ id: "C12", code: "subscription_ok" }] });
    const { checks } = await (await anna.get(`/phones/${id}`)).json<Phone>();
    expect(checks.find((check) => check.id === "C12")?.status).toBe("pass");
  });

  it("verifies and registers a number, and stores neither code nor PIN", async ({ expect }) => {
    const { anna, id, wabaPhoneNumberId, statusOf } = await connected();
    await changeAtMeta(`/phones/${wabaPhoneNumberId}`, {
      ...{ code_verification_status: "NOT_VERIFIED", status: "PENDING", platform_type: "NOT_APPLICABLE" },
      pin: "846213",
    });
    expect(await statusOf("C06")).toEqual(["C06 not_verified"]);

    expect((await anna.post(`/phones/${id}/request-code`, { method: "SMS" })).status).toBe(200);
    const code = "482913";
    await changeAtMeta(`/phones/${wabaPhoneNumberId}`, { code });
    expect((await anna.post(`/phones/${id}/verify-code`, { code: "000001" })).status).toBeGreaterThan(400);
    expect((await anna.post(`/phones/${id}/verify-code`, { code })).status).toBe(200);
    expect(await statusOf("C06")).toEqual(["C06 not_registered"]);
    const wrongPin = await anna.post(`/phones/${id}/register`, { pin: "111111" });
    expect(await wrongPin.json<Problem>()).toMatchObject({ code: "meta_refused" });
    expect((await anna.post(`/phones/${id}/register`, { pin: "846213" })).status).toBe(200);
    expect(await statusOf("C06")).toEqual(["C06 ready_ok"]);

    const audit = await (await anna.get("/audit")).text();
    expect((JSON.parse(audit) as Audit).data.map(({ action }) => action)).toEqual([
      ...["phone.registered", "phone.verified", "phone.code_requested", "phone.connected"],
    ]);
    for (const secret of ["846213", "111111", code]) expect(audit).not.toContain(secret);
  });

  it("swaps ids that were saved the wrong way round", async ({ expect }) => {
    const { anna, id, wabaId, wabaPhoneNumberId, statusOf } = await connected();
    await db
      .update(organizationPhones)
      .set({ wabaId: wabaPhoneNumberId, wabaPhoneNumberId: wabaId, wabaAccessToken: null })
      .where(eq(organizationPhones.id, id));
    expect(await statusOf("C04")).toEqual(["C04 ids_swapped"]);

    const swapped = await anna.patch(`/phones/${id}`, { wabaId, wabaPhoneNumberId });

    expect([swapped.status, await statusOf("C05")]).toEqual([200, ["C05 number_ok"]]);
    // With a secret of the Worker, which may read others' numbers, no other id is taken.
    const { wabaPhoneNumberId: strange } = await aFreeNumber();
    expect((await anna.patch(`/phones/${id}`, { wabaPhoneNumberId: strange })).status).toBe(400);
  });

  it("applies what came before the number was added, once", async ({ expect }) => {
    const { anna, number } = await anAdmin();
    const from = aCustomer();
    await deliverAndStore(number.wabaPhoneNumberId, aText({ from, body: "Anybody there?" }));
    await deliverAndStore(number.wabaPhoneNumberId, aText({ from, body: "Hello?" }));
    const { id } = await (
      await anna.post("/phones", { ...number, wabaAccessToken: someToken() })
    ).json<Phone>();
    const waiting = await (await anna.get(`/phones/${id}/earlier-events`)).json<{
      count: number;
      oldestAt: string;
    }>();

    const applied = await (await anna.post(`/phones/${id}/earlier-events`)).json();
    const again = await (await anna.post(`/phones/${id}/earlier-events`)).json();

    expect(waiting).toMatchObject({ count: 2, oldestAt: expect.any(String) });
    expect([applied, again]).toEqual([
      { applied: 2, remaining: 0 },
      { applied: 0, remaining: 0 },
    ]);
    const { data } = await (await anna.get("/chats")).json<{ data: { unreadCount: number }[] }>();
    expect(data).toMatchObject([{ unreadCount: 2 }]);
  });

  it("sends a test message that C14 follows, and asks Meta nothing while it waits", async ({ expect }) => {
    const { anna, id, wabaPhoneNumberId, statusOf } = await connected();
    const sent = await anna.post(`/phones/${id}/test-message`, { to: aCustomer() });
    const { id: messageId } = await sent.json<{ id: number }>();
    expect(sent.status).toBe(200);
    await statusOf("C06");
    const before = await countCalls(wabaPhoneNumberId);

    const wait = { since: new Date().toISOString(), seconds: 60 };
    const report = await anna.post(`/phones/${id}/check`, { only: ["C13", "C14"], wait, messageId });
    const { checks } = await report.json<{ checks: Check[] }>();

    expect(checks.map(({ code }) => code)).toEqual(["inbound_waiting", "outbound_waiting"]);
    expect(before).toBeGreaterThan(1);
    expect(await countCalls(wabaPhoneNumberId)).toBe(before);
    // What C07 needs has just passed: it reads the number alone.
    await statusOf("C07");
    expect(await countCalls(wabaPhoneNumberId)).toBe(before + 1);
  });
});

describe("the numbers", () => {
  it("are an admin's alone", async ({ expect }) => {
    const { organizationId, organizationPhoneId } = await anOrganization();
    const boris = await as({ organizationId, sub: "boris" });
    for (const path of ["/phones", `/phones/${organizationPhoneId}`, "/audit"])
      expect((await boris.get(path)).status).toBe(403);
  });
});
