import { afterAll, beforeAll, describe, it } from "vitest";
import { APP, APP_TOKEN, type Fixture, NUMBER, SECRET, startFixture, WABA } from "./fixture.ts";

const CUSTOMER = "79160000001";
const text = { messaging_product: "whatsapp", to: CUSTOMER, type: "text", text: { body: "hi" } };

describe("the objects of the simulated Graph API", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
    await fixture.write(CUSTOMER, "hello");
  });
  afterAll(() => fixture.close());

  it("include phones, with the requested fields", async ({ expect }) => {
    const { body } = await fixture.graph("GET", `/${NUMBER}?fields=verified_name,status,throughput{level}`);
    expect(body).toEqual({
      id: NUMBER,
      verified_name: "WhatsApp Business Official",
      status: "CONNECTED",
      throughput: { level: "STANDARD" },
    });
    expect((await fixture.graph("GET", `/${NUMBER}?fields=shoe_size`)).body.error.code).toBe(100);
    const { body: all } = await fixture.graph("GET", `/${WABA}/phone_numbers`);
    expect(all.data.map((phone: { id: string }) => phone.id)).toEqual([NUMBER, "987654321098799"]);
  });

  it("include the validity of a token", async ({ expect }) => {
    const good = await fixture.request(
      "GET",
      `/v25.0/debug_token?input_token=EAAx&access_token=${APP_TOKEN}`,
    );
    expect(good.body.data).toMatchObject({ is_valid: true, type: "SYSTEM_USER", expires_at: 0 });
    const bad = await fixture.request("GET", `/debug_token?input_token=abc&access_token=${APP_TOKEN}`);
    expect(bad.body.data).toMatchObject({ is_valid: false, error: { code: 190 } });
  });

  it("include a customer's media, at a short-lived URL that needs a token", async ({ expect }) => {
    const { body: message } = await fixture.request("POST", `/simulator/customers/${CUSTOMER}/messages`, {
      type: "image",
      image: { caption: "look" },
    });
    expect(message.image).toMatchObject({ caption: "look", mime_type: "image/png" });
    const { body: media } = await fixture.graph("GET", `/${message.image.id}`);
    const file = await fetch(media.url, { headers: { authorization: "Bearer EAAx" } });
    const bytes = await file.bytes();
    expect(bytes.subarray(1, 4)).toEqual(new TextEncoder().encode("PNG"));
    expect(bytes.length).toBe(media.file_size);
    expect((await fetch(media.url)).status).toBe(401);
    expect(
      (await fetch(media.url.replace(/ext=\d+/, "ext=1"), { headers: { authorization: "Bearer EAAx" } }))
        .status,
    ).toBe(404);
  });

  it("include an uploaded file, byte for byte", async ({ expect }) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("file", new File([bytes], "all.bin", { type: "application/pdf" }));
    const headers = { authorization: "Bearer EAAx" };
    const upload = await fetch(`${fixture.meta.url}/v25.0/${NUMBER}/media`, {
      method: "POST",
      body: form,
      headers,
    });
    const { id } = await upload.json();
    const { body: media } = await fixture.graph("GET", `/${id}`);
    expect(await (await fetch(media.url, { headers })).bytes()).toEqual(bytes);
    expect(media.mime_type).toBe("application/pdf");
    expect(
      (await fixture.graph("POST", `/${NUMBER}/messages`, { ...text, type: "document", document: { id } }))
        .status,
    ).toBe(200);
  });

  it("are in the ledger for every call, with a masked token", async ({ expect }) => {
    await fixture.control("DELETE", "/requests");
    const { body: sent } = await fixture.send(CUSTOMER, "hi");
    await fixture.graph("POST", "/111/messages", text);
    const { body } = await fixture.control("GET", "/requests");
    expect(body.data).toMatchObject([
      {
        method: "POST",
        path: `/v25.0/${NUMBER}/messages`,
        phoneNumberId: NUMBER,
        body: text,
        accepted: sent.messages[0].id,
        authorization: "EAAt…6789",
        answer: { status: 200, code: null },
      },
      { phoneNumberId: "111", accepted: null, answer: { status: 400, code: 100 } },
    ]);
    const { body: ofOne } = await fixture.control("GET", "/requests?phoneNumberId=111");
    expect(ofOne.data).toEqual([body.data[1]]);
  });

  it("include a new phone, from its verification to its registration and back", async ({ expect }) => {
    const id = "111222333444555";
    const number = {
      wabaId: WABA,
      display_phone_number: "+1 555-0100",
      code_verification_status: "NOT_VERIFIED",
    };
    await fixture.control("PATCH", `/phones/${id}`, { ...number, status: "DISCONNECTED" });
    const codeOf = async (path: string, body: object) =>
      (await fixture.graph("POST", `/${id}${path}`, body)).body.error?.code ?? null;
    const pin = { messaging_product: "whatsapp", pin: "123456" };
    const template = { name: "hello_world", language: { code: "en_US" } };
    const send = { messaging_product: "whatsapp", to: CUSTOMER, type: "template", template };
    expect(await codeOf("/messages", send)).toBe(133010);
    expect(await codeOf("/register", pin)).toBe(133006);
    expect(await codeOf("/request_code", { code_method: "PIGEON", language: "en_US" })).toBe(100);
    expect(await codeOf("/request_code", { code_method: "SMS", language: "en_US" })).toBeNull();
    const { data } = (await fixture.control("GET", "/phones")).body;
    const { code } = data.find((phone: { id: string }) => phone.id === id);
    expect(await codeOf("/verify_code", { code: code === "111111" ? "222222" : "111111" })).toBe(136025);
    expect(await codeOf("/verify_code", { code })).toBeNull();
    expect(await codeOf("/request_code", { code_method: "SMS", language: "en_US" })).toBe(136024);
    expect(await codeOf("/register", { ...pin, pin: "12" })).toBe(100);
    expect(await codeOf("/register", pin)).toBeNull();
    expect(await codeOf("/messages", send)).toBeNull();
    const { body } = await fixture.graph("GET", `/${id}?fields=status,platform_type,is_pin_enabled`);
    expect(body).toEqual({ id, status: "CONNECTED", platform_type: "CLOUD_API", is_pin_enabled: true });
    expect(await codeOf("/deregister", {})).toBeNull();
    expect(await codeOf("/deregister", {})).toBe(100);
    expect(await codeOf("/messages", send)).toBe(133010);
    expect(await codeOf("/register", { ...pin, pin: "000000" })).toBe(133005);
    expect(await codeOf("", { pin: "000000" })).toBeNull();
    expect(await codeOf("/register", { ...pin, pin: "000000" })).toBeNull();
    for (let i = 3; i < 10; i += 1) expect(await codeOf("/register", { ...pin, pin: "000000" })).toBeNull();
    expect(await codeOf("/register", { ...pin, pin: "000000" })).toBe(133016);
    expect(await codeOf("/deregister", {})).toBe(133016);
  });

  it("include a phone's settings, each changed by itself", async ({ expect }) => {
    await fixture.graph("POST", `/${NUMBER}/settings`, { calling: { status: "ENABLED" } });
    await fixture.graph("POST", `/${NUMBER}/settings`, { calling: { call_icon_visibility: "DEFAULT" } });
    const { body } = await fixture.graph("GET", `/${NUMBER}/settings`);
    expect(body).toMatchObject({
      calling: { status: "ENABLED", call_icon_visibility: "DEFAULT" },
      payload_encryption: { status: "DISABLED" },
    });
  });

  it("include tokens, which the app and their owner revoke", async ({ expect }) => {
    const statusOf = async (token: string) =>
      (await fixture.graph("GET", `/${NUMBER}`, undefined, { authorization: `Bearer ${token}` })).status;
    const revoke = `/oauth/revoke?client_id=${APP}&revoke_token=EAAfirst&access_token=EAAsecond`;
    expect((await fixture.graph("GET", `${revoke}&client_secret=wrong`)).body.error.code).toBe(1);
    expect(await statusOf("EAAfirst")).toBe(200);
    expect((await fixture.graph("GET", `${revoke}&client_secret=${SECRET}`)).body).toEqual({ success: true });
    const authorization = { authorization: "Bearer EAAsecond" };
    await fixture.graph("DELETE", "/me/permissions/whatsapp_business_messaging", undefined, authorization);
    expect((await fixture.graph("POST", `/${NUMBER}/messages`, text, authorization)).body.error.code).toBe(
      10,
    );
    expect(await statusOf("EAAsecond")).toBe(200);
    expect((await fixture.graph("DELETE", "/me/permissions", undefined, authorization)).status).toBe(200);
    expect([await statusOf("EAAfirst"), await statusOf("EAAsecond")]).toEqual([401, 401]);
  });

  it("come with Graph's clock and the version that answered", async ({ expect }) => {
    const headersOf = async (path: string) => {
      const { headers } = await fixture.request("GET", path, undefined, { authorization: "Bearer EAAx" });
      const clock = Date.parse(headers.get("date") ?? "") - Date.now();
      return { version: headers.get("facebook-api-version"), hoursAhead: Math.round(clock / 3_600_000) + 0 };
    };
    expect(await headersOf(`/v25.0/${NUMBER}`)).toEqual({ version: "v25.0", hoursAhead: 0 });
    await fixture.control("PATCH", "/app", { clockOffsetSeconds: 7200, oldestVersion: "v24.0" });
    expect(await headersOf(`/v21.0/${NUMBER}`)).toEqual({ version: "v24.0", hoursAhead: 2 });
    expect(await headersOf(`/v25.0/${NUMBER}`)).toEqual({ version: "v25.0", hoursAhead: 2 });
    expect((await headersOf(`/${NUMBER}`)).version).toBe("v24.0");
    expect((await headersOf("/v25.0/abc")).hoursAhead).toBe(2);
    await fixture.control("DELETE", "/accounts");
  });
});
