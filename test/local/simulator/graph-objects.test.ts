import { afterAll, beforeAll, describe, it } from "vitest";
import { type Fixture, NUMBER, startFixture, WABA } from "./fixture.ts";

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
    const good = await fixture.request("GET", "/v25.0/debug_token?input_token=EAAx&access_token=1|secret");
    expect(good.body.data).toMatchObject({ is_valid: true, type: "SYSTEM_USER", expires_at: 0 });
    const bad = await fixture.request("GET", "/debug_token?input_token=abc&access_token=1|secret");
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
  });
});
