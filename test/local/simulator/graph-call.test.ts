import { afterEach, beforeEach, describe, it } from "vitest";
import { type Fixture, NUMBER, startFixture, until } from "./fixture.ts";

const CUSTOMER = "79160000001";

describe("a fault of the simulator's Graph API", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await startFixture();
    await fixture.write(CUSTOMER, "hello");
  });
  afterEach(() => fixture.close());

  const ledger = async () => (await fixture.control("GET", "/requests")).body.data;
  const atCustomer = async () =>
    (await fixture.control("GET", `/customers/${CUSTOMER}/messages`)).body.data
      .filter((message: { from: string }) => message.from === "business")
      .map((message: { text: { body: string } }) => message.text.body);

  it("closes the connection before accepting", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { dropRequest: { times: 1 } });
    await expect(fixture.send(CUSTOMER, "lost")).rejects.toThrow();
    await fixture.send(CUSTOMER, "arrives");
    expect(await atCustomer()).toEqual(["arrives"]);
    expect(await ledger()).toMatchObject([
      { accepted: null, faults: ["dropRequest"], answer: { status: null } },
      { accepted: expect.any(String), faults: [], answer: { status: 200 } },
    ]);
  });

  for (const fault of ["dropAnswer", "halfAnswer"]) {
    it(`accepts the message but loses the response under ${fault}`, async ({ expect }) => {
      await fixture.control("PUT", "/faults", { [fault]: { times: 1 } });
      await expect(
        fixture.send(CUSTOMER, "arrives all the same", { biz_opaque_callback_data: "e.1" }),
      ).rejects.toThrow();
      expect(await atCustomer()).toEqual(["arrives all the same"]);
      await until(() => fixture.webhook.items("statuses").length === 3);
      expect(fixture.webhook.items("statuses")[0].biz_opaque_callback_data).toBe("e.1");
      expect(await ledger()).toMatchObject([{ accepted: expect.any(String), faults: [fault] }]);
    });
  }

  it("accepts the message and responds with 200 and broken JSON", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { brokenJson: { times: 1 } });
    await expect(fixture.send(CUSTOMER, "arrives")).rejects.toThrow(SyntaxError);
    expect(await atCustomer()).toEqual(["arrives"]);
  });

  it("is not used up by a call that Graph refuses", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { dropAnswer: { times: 1 } });
    expect((await fixture.send(CUSTOMER, "")).status).toBe(400);
    expect((await fixture.control("GET", "/faults")).body).toEqual({ dropAnswer: { times: 1 } });
  });

  it("responds with a list of errors, one after the other", async ({ expect }) => {
    const answer = [
      { code: 130429, retryAfterSeconds: 7, times: 1 },
      { code: 131056, times: 1 },
      { status: 502, html: true, times: 1 },
      { status: 503, times: 1 },
      { status: 500, accepted: true, times: 1 },
    ];
    await fixture.control("PUT", "/faults", { answer });
    const answers = [];
    for (let i = 1; i <= 6; i += 1) answers.push(await fixture.send(CUSTOMER, `try ${i}`));
    expect(answers.map(({ status, body }) => [status, body?.error?.code])).toEqual([
      [429, 130429],
      [400, 131056],
      [502, undefined],
      [503, 2],
      [500, 2],
      [200, undefined],
    ]);
    expect(answers[0]?.headers.get("retry-after")).toBe("7");
    expect(answers[2]?.text).toContain("<html>");
    expect(await atCustomer()).toEqual(["try 5", "try 6"]);
    await until(() => fixture.webhook.items("statuses").length === 6);
  });

  it("applies to sends only by default", async ({ expect }) => {
    const { body } = await fixture.write(CUSTOMER, "mark this");
    const mark = { messaging_product: "whatsapp", status: "read", message_id: body.wamid };
    await fixture.control("PUT", "/faults", { answer: { status: 503, phoneNumberId: NUMBER, times: 1 } });
    expect((await fixture.graph("POST", `/${NUMBER}/messages`, mark)).status).toBe(200);
    expect((await fixture.graph("GET", `/${NUMBER}`)).status).toBe(200);
    await fixture.control("PUT", "/faults", { answer: { status: 503, on: "read" } });
    expect((await fixture.graph("POST", `/${NUMBER}/messages`, mark)).status).toBe(503);
    await fixture.control("PUT", "/faults", { answer: { status: 503, on: "any", phoneNumberId: "1" } });
    expect((await fixture.send(CUSTOMER, "another number has it")).status).toBe(200);
  });

  it("reports the statuses before the response, and not again afterwards", async ({ expect }) => {
    const states = () => fixture.webhook.items("statuses").map(({ status }) => status);
    await fixture.control("PUT", "/faults", { statusFirst: {} });
    await fixture.send(CUSTOMER, "quick");
    expect(states()).toEqual(["sent", "delivered", "read"]);
    await fixture.send(CUSTOMER, "and once only");
    expect(states()).toHaveLength(6);
  });

  it("expires one token or all tokens", async ({ expect }) => {
    const authorization = "Bearer EAAold";
    await fixture.control("PUT", "/faults", { expiredToken: { token: "EAAold" } });
    expect((await fixture.send(CUSTOMER, "new token")).status).toBe(200);
    const old = await fixture.graph("GET", `/${NUMBER}`, undefined, { authorization });
    expect([old.status, old.body.error.code, old.body.error.error_subcode]).toEqual([401, 190, 463]);
    await fixture.control("PUT", "/faults", { expiredToken: {} });
    expect((await fixture.send(CUSTOMER, "new token")).status).toBe(401);
    await fixture.control("DELETE", "/faults");
    expect((await fixture.graph("GET", `/${NUMBER}`, undefined, { authorization })).status).toBe(200);
  });

  it("expires the URL of media, or the media", async ({ expect }) => {
    const { body } = await fixture.request("POST", `/simulator/customers/${CUSTOMER}/messages`, {
      type: "audio",
      audio: {},
    });
    const fileOf = async () => {
      const { url } = (await fixture.graph("GET", `/${body.audio.id}`)).body;
      return fetch(url, { headers: { authorization: "Bearer EAAx" } });
    };
    await fixture.control("PUT", "/faults", { expiredMedia: { times: 1 } });
    expect((await fileOf()).status).toBe(404);
    expect(
      Buffer.from(await (await fileOf()).arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe("OggS");
    await fixture.control("PUT", "/faults", { expiredMedia: { of: "id" } });
    expect((await fixture.graph("GET", `/${body.audio.id}`)).body.error).toMatchObject({
      code: 100,
      error_subcode: 33,
    });
  });
});
