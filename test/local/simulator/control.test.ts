import { afterAll, beforeAll, describe, it } from "vitest";
import { type Fixture, startFixture } from "./fixture.ts";

const CUSTOMER = "79160000001";

describe("the simulator's control API", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const wrong: [method: string, path: string, body: unknown, field: string][] = [
    ["POST", "/customers/anna/messages", { type: "text", text: { body: "x" } }, "customer"],
    [
      "POST",
      `/customers/${CUSTOMER}/messages?phoneNumberId=1`,
      { type: "text", text: { body: "x" } },
      "phoneNumberId",
    ],
    ["POST", `/customers/${CUSTOMER}/messages`, { text: { body: "x" } }, "type"],
    ["POST", `/customers/${CUSTOMER}/messages`, { type: "text", text: {} }, "text.body"],
    ["POST", `/customers/${CUSTOMER}/messages`, { type: "image" }, "image"],
    [
      "POST",
      `/customers/${CUSTOMER}/messages`,
      { type: "text", text: { body: "x" }, timestamp: "soon" },
      "timestamp",
    ],
    ["POST", `/customers/${CUSTOMER}/messages`, [], "body"],
    ["PUT", `/customers/${CUSTOMER}`, { reads: "yes" }, "reads"],
    ["PUT", `/customers/${CUSTOMER}`, { colour: "red" }, "colour"],
    ["PUT", "/customers/US.5", { phoneVisible: true }, "phoneVisible"],
    ["PUT", `/customers/${CUSTOMER}`, { userId: "US.5" }, "userId"],
    ["PUT", "/faults", { explode: {} }, "explode"],
    ["POST", "/faults", { explode: {} }, "explode"],
    ["PUT", "/faults", { duplicate: {} }, "duplicate.copies"],
    ["PUT", "/faults", { duplicate: { copies: 1, often: true } }, "duplicate.often"],
    ["PUT", "/faults", { dropAnswer: { times: 0 } }, "dropAnswer.times"],
    ["POST", "/webhooks", { field: "security" }, "value"],
    ["PATCH", "/phones/987654321098765", { colour: "red" }, "colour"],
    ["PATCH", "/phones/987654321098765", { webhook_configuration: {} }, "webhook_configuration"],
    ["PATCH", "/phones/987654321098765", { callbackUrl: "ftp://x" }, "callbackUrl"],
    ["PATCH", "/phones/111111111111111", { status: "CONNECTED" }, "wabaId"],
    ["PATCH", "/wabas/abc", { subscribed: false }, "id"],
    ["PATCH", "/wabas/123456789012345", { subscribed: "no" }, "subscribed"],
    ["PATCH", "/app", { fields: ["feed"] }, "fields"],
    ["PATCH", "/app", { clockOffsetSeconds: "1h" }, "clockOffsetSeconds"],
    ["PATCH", "/tokens", { scopes: ["email"] }, "scopes"],
    ["PATCH", "/tokens", { expires: 1 }, "expires"],
  ];
  for (const [method, path, body, field] of wrong) {
    it(`names ${field} when ${method} ${path.split("?")[0]} is given ${JSON.stringify(body)}`, async ({
      expect,
    }) => {
      const answer = await fixture.control(method, path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.error.field).toBe(field);
    });
  }
});
