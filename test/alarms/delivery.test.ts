import { describe, it } from "vitest";
import { afterAttempt } from "../../src/alarms/next-attempt.ts";
import { webhookHeaders } from "../../src/alarms/standard-webhook.ts";
import { alarmWebhookFault } from "../../src/domain/alarm-webhook.ts";

/** A secret of as many bytes. */
const bytes = (count: number) => `whsec_${btoa("k".repeat(count))}`;
const SECRET = bytes(32);

describe("the signature of an alarm", () => {
  it("is that of the example of Standard Webhooks", async ({ expect }) => {
    // The vector that the specification's own libraries are tested with.
    const headers = await webhookHeaders(
      {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        body: '{"test": 2432232314}',
        at: new Date(1_614_265_330_000),
      },
      ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    );
    expect(headers).toEqual({
      "content-type": "application/json",
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("is there once for each secret, while they rotate", async ({ expect }) => {
    const message = { id: "a", body: "ünï", at: new Date(5_999) };
    const signaturesOf = async (...secrets: string[]) =>
      (await webhookHeaders(message, secrets))["webhook-signature"];
    const [one, other] = [await signaturesOf(SECRET), await signaturesOf(bytes(24))];
    expect(one).not.toBe(other);
    expect(await signaturesOf(SECRET, bytes(24))).toBe(`${one} ${other}`);
  });
});

describe("where alarms may be delivered", () => {
  it.for([
    [null, [], false, null],
    ["https://alarms.example.org/waba", [SECRET], false, null],
    ["https://alarms.example.org:8443/waba?team=1", [SECRET, bytes(24)], false, null],
    ["http://alarms.example.org", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://user:word@alarms.example.org", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://127.0.0.1/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://10.0.0.8/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://192.168.1.4/", [SECRET], true, "ALARM_WEBHOOK_URL"],
    ["https://169.254.169.254/latest", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://[::1]/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://[fd12::1]/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://0x7f.1/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://[::ffff:10.0.0.1]/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://localhost./", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://database.internal/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["http://127.0.0.1:9000/", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["http://127.0.0.1:9000/", [SECRET], true, null],
    ["http://alarms.example.org", [SECRET], true, "ALARM_WEBHOOK_URL"],
    ["ftp://127.0.0.1/", [SECRET], true, "ALARM_WEBHOOK_URL"],
    ["no address", [SECRET], false, "ALARM_WEBHOOK_URL"],
    ["https://alarms.example.org", [], false, "ALARM_WEBHOOK_SECRET"],
    ["https://alarms.example.org", ["secret"], false, "ALARM_WEBHOOK_SECRET"],
    ["https://alarms.example.org", [SECRET.slice(6)], false, "ALARM_WEBHOOK_SECRET"],
    ["https://alarms.example.org", [bytes(23)], false, "ALARM_WEBHOOK_SECRET"],
    ["https://alarms.example.org", [bytes(65)], false, "ALARM_WEBHOOK_SECRET"],
    ["https://alarms.example.org", [SECRET, "whsec_"], false, "ALARM_WEBHOOK_SECRET"],
  ] as const)("%s with %j, local: %s", ([url, secrets, isLocalMode, fault], { expect }) => {
    expect(alarmWebhookFault({ alarms: { url, secrets }, isLocalMode })).toBe(fault);
  });
});

describe("after an attempt", () => {
  const MINUTE_MS = 60_000;
  it.for([
    [1, 200, true, null],
    [1, 204, true, null],
    [1, 302, false, MINUTE_MS],
    [1, 404, false, MINUTE_MS],
    [1, 410, false, null],
    [1, 500, false, MINUTE_MS],
    [1, null, false, MINUTE_MS],
    [2, null, false, 5 * MINUTE_MS],
    [9, 503, false, 24 * 60 * MINUTE_MS],
    [10, 503, false, null],
  ] as const)("number %i that got %s", ([attempt, status, isDelivered, retryAfterMs], { expect }) => {
    expect(afterAttempt(attempt, status)).toEqual({ isDelivered, retryAfterMs });
  });
});
