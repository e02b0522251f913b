import { afterEach, beforeEach, describe, it } from "vitest";
import { NUMBER, type Stage, startStage, until } from "./receiver.ts";

const CUSTOMER = "79160000001";

describe("a fault of the simulator's Graph API", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
    await stage.write(CUSTOMER, "hello");
  });
  afterEach(() => stage.end());

  const ledger = async () => (await stage.control("GET", "/requests")).body.data;
  const atCustomer = async () =>
    (await stage.control("GET", `/customers/${CUSTOMER}/messages`)).body.data
      .filter((message: { from: string }) => message.from === "business")
      .map((message: { text: { body: string } }) => message.text.body);

  it("cuts the connection before accepting", async ({ expect }) => {
    await stage.control("PUT", "/faults", { dropRequest: { times: 1 } });
    await expect(stage.send(CUSTOMER, "lost")).rejects.toThrow();
    await stage.send(CUSTOMER, "arrives");
    expect(await atCustomer()).toEqual(["arrives"]);
    expect(await ledger()).toMatchObject([
      { accepted: null, faults: ["dropRequest"], answer: { status: null } },
      { accepted: expect.any(String), faults: [], answer: { status: 200 } },
    ]);
  });

  for (const fault of ["dropAnswer", "halfAnswer"]) {
    it(`accepts, and loses the answer under ${fault}`, async ({ expect }) => {
      await stage.control("PUT", "/faults", { [fault]: { times: 1 } });
      await expect(
        stage.send(CUSTOMER, "arrives all the same", { biz_opaque_callback_data: "e.1" }),
      ).rejects.toThrow();
      expect(await atCustomer()).toEqual(["arrives all the same"]);
      await until(() => stage.webhook.items("statuses").length === 3);
      expect(stage.webhook.items("statuses")[0].biz_opaque_callback_data).toBe("e.1");
      expect(await ledger()).toMatchObject([{ accepted: expect.any(String), faults: [fault] }]);
    });
  }

  it("accepts, and answers 200 with broken JSON", async ({ expect }) => {
    await stage.control("PUT", "/faults", { brokenJson: { times: 1 } });
    await expect(stage.send(CUSTOMER, "arrives")).rejects.toThrow(SyntaxError);
    expect(await atCustomer()).toEqual(["arrives"]);
  });

  it("is not used up by a call that Graph refuses anyway", async ({ expect }) => {
    await stage.control("PUT", "/faults", { dropAnswer: { times: 1 } });
    expect((await stage.send(CUSTOMER, "")).status).toBe(400);
    expect((await stage.control("GET", "/faults")).body).toEqual({ dropAnswer: { times: 1 } });
  });

  it("answers with a list of errors, one after the other", async ({ expect }) => {
    const answer = [
      { code: 130429, retryAfterSeconds: 7, times: 1 },
      { code: 131056, times: 1 },
      { status: 502, html: true, times: 1 },
      { status: 503, times: 1 },
      { status: 500, accepted: true, times: 1 },
    ];
    await stage.control("PUT", "/faults", { answer });
    const answers = [];
    for (let i = 1; i <= 6; i += 1) answers.push(await stage.send(CUSTOMER, `try ${i}`));
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
    await until(() => stage.webhook.items("statuses").length === 6);
  });

  it("concerns sends only, unless it says otherwise", async ({ expect }) => {
    const { body } = await stage.write(CUSTOMER, "mark this");
    const mark = { messaging_product: "whatsapp", status: "read", message_id: body.wamid };
    await stage.control("PUT", "/faults", { answer: { status: 503, phoneNumberId: NUMBER, times: 1 } });
    expect((await stage.graph("POST", `/${NUMBER}/messages`, mark)).status).toBe(200);
    expect((await stage.graph("GET", `/${NUMBER}`)).status).toBe(200);
    await stage.control("PUT", "/faults", { answer: { status: 503, on: "read" } });
    expect((await stage.graph("POST", `/${NUMBER}/messages`, mark)).status).toBe(503);
    await stage.control("PUT", "/faults", { answer: { status: 503, on: "any", phoneNumberId: "1" } });
    expect((await stage.send(CUSTOMER, "another number has it")).status).toBe(200);
  });

  it("reports the statuses before it answers, and not again after", async ({ expect }) => {
    const states = () => stage.webhook.items("statuses").map(({ status }) => status);
    await stage.control("PUT", "/faults", { statusFirst: {} });
    await stage.send(CUSTOMER, "quick");
    expect(states()).toEqual(["sent", "delivered", "read"]);
    await stage.send(CUSTOMER, "and once only");
    expect(states()).toHaveLength(6);
  });

  it("lets one token, or every token, expire", async ({ expect }) => {
    const authorization = "Bearer EAAold";
    await stage.control("PUT", "/faults", { expiredToken: { token: "EAAold" } });
    expect((await stage.send(CUSTOMER, "new token")).status).toBe(200);
    const old = await stage.graph("GET", `/${NUMBER}`, undefined, { authorization });
    expect([old.status, old.body.error.code, old.body.error.error_subcode]).toEqual([401, 190, 463]);
    await stage.control("PUT", "/faults", { expiredToken: {} });
    expect((await stage.send(CUSTOMER, "new token")).status).toBe(401);
    await stage.control("DELETE", "/faults");
    expect((await stage.graph("GET", `/${NUMBER}`, undefined, { authorization })).status).toBe(200);
  });

  it("lets the address of media expire, or the media", async ({ expect }) => {
    const { body } = await stage.ask("POST", `/simulator/customers/${CUSTOMER}/messages`, {
      type: "audio",
      audio: {},
    });
    const fileOf = async () => {
      const { url } = (await stage.graph("GET", `/${body.audio.id}`)).body;
      return fetch(url, { headers: { authorization: "Bearer EAAx" } });
    };
    await stage.control("PUT", "/faults", { expiredMedia: { times: 1 } });
    expect((await fileOf()).status).toBe(404);
    expect(
      Buffer.from(await (await fileOf()).arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe("OggS");
    await stage.control("PUT", "/faults", { expiredMedia: { of: "id" } });
    expect((await stage.graph("GET", `/${body.audio.id}`)).body.error).toMatchObject({
      code: 100,
      error_subcode: 33,
    });
  });
});
