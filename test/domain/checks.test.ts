import { describe, it } from "vitest";
import { checkAddress } from "../../src/domain/address-checks.ts";
import { checkCodes, checkIds, checkNeeds, finding, skipCodes } from "../../src/domain/check.ts";
import { languages } from "../../src/domain/check-text.ts";
import { checkTexts, describeAll } from "../../src/domain/check-texts.ts";
import { checkInbound, checkOutbound } from "../../src/domain/live-checks.ts";
import { checkSystem, type SystemFacts } from "../../src/domain/system-check.ts";
import { formatCheck } from "../../src/local/cli/doctor-report.ts";
import { readinessFinding } from "../../src/local/cli/doctor-worker.ts";
import { checkWebhook } from "../../src/whatsapp/checks/app.ts";
import { checkPermissions } from "../../src/whatsapp/checks/token.ts";
import { GraphError } from "../../src/whatsapp/graph-error.ts";

const codes = [...skipCodes, ...Object.values(checkCodes).flat()];
const placeholders = (text: object) =>
  [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();
/** What passes, waits or was not run needs nothing but a title. */
const isCalm = (code: string) =>
  /_ok$|_not_tried$|_waiting$|^needs$|^run_outside$|_token_unknown$/.test(code);

describe("the texts of the checks", () => {
  it("are there for every code, and for no other", ({ expect }) => {
    expect(Object.keys(checkTexts).toSorted()).toEqual(codes.toSorted());
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(60);
  });

  it.for(codes)("say of %s the same in both languages, with cause and fix", (code, { expect }) => {
    const { en, ru } = checkTexts[code];
    expect(JSON.stringify(ru)).toMatch(/[а-я]/);
    expect(new Set(placeholders(en))).toEqual(new Set(placeholders(ru)));
    for (const language of languages) {
      const { title, why, fix } = checkTexts[code][language];
      expect(title.length).toBeLessThan(90);
      expect([why !== undefined, fix !== undefined]).toEqual(Array(2).fill(!isCalm(code)));
    }
  });

  it("follow Accept-Language", ({ expect }) => {
    const found = [finding("C02", "fail", "token_invalid", { evidence: { meta: "gone" } })];
    const titleIn = (header?: string) => describeAll(found, header)[0]?.title;
    expect(titleIn()).toBe("Invalid access token");
    expect(titleIn("de-DE,de;q=0.9")).toBe("Invalid access token");
    expect(titleIn("ru-RU,ru;q=0.9,en;q=0.8")).toBe("Недействительный токен доступа");
    expect(titleIn("fr, ru;q=0.5")).toBe("Недействительный токен доступа");
  });

  it("name what a foreign address is set for in their language", ({ expect }) => {
    for (const [level, en, ru] of [
      ["number", "the number sends", "он задан для номера"],
      ["account", "the account sends", "он задан для аккаунта"],
    ] as const) {
      const found = [
        finding("C12", "fail", "callback_overridden", { evidence: { level, url: "https://a.example" } }),
      ];
      expect(describeAll(found, "en")[0]?.title).toContain(en);
      expect(describeAll(found, "ru")[0]).toMatchObject({
        title: expect.stringContaining(ru),
        evidence: { level },
      });
    }
  });
});

describe("the needs of the checks", () => {
  it("name earlier checks alone, so that they never go round in a circle", ({ expect }) => {
    for (const id of checkIds) for (const need of checkNeeds[id]) expect(need < id, id).toBe(true);
  });
});

describe("an address", () => {
  const got = { status: 200, contentType: "application/json", body: "{}" };
  it.for([
    ["https://waba.shop", "address_ok"],
    ["http://waba.shop", "address_not_https"],
    ["https://localhost:8787", "address_private"],
    ["https://172.16.0.9", "address_private"],
    ["https://172.32.0.9", "address_ok"],
    ["https://169.254.1.1", "address_private"],
    ["https://[::1]", "address_private"],
    ["https://[fe80::1]", "address_private"],
    ["https://router", "address_private"],
    ["https://8.8.8.8", "address_ok"],
  ] as const)("%s is %s", ([url, code], { expect }) => {
    expect(checkAddress(url, got).code).toBe(code);
    expect(checkAddress(url, null).code).toBe(code === "address_ok" ? "address_unreachable" : code);
  });
});

describe("the live checks", () => {
  const now = new Date("2026-11-28T12:01:00Z");
  const at = (text: string) => `2026-11-28T12:${text}Z`;
  const wait = (seconds: number) => ({ since: new Date(at("00:00.700")), seconds });
  it.for([
    ["nothing yet", { wait: null, lastInboundAt: null }, "inbound_not_tried"],
    ["a message once", { wait: null, lastInboundAt: at("00:00") }, "inbound_ok"],
    [
      "a message in the second in which the wait began",
      { wait: wait(120), lastInboundAt: at("00:00") },
      "inbound_ok",
    ],
    ["an older message", { wait: wait(120), lastInboundAt: "2026-11-28T11:59:00Z" }, "inbound_waiting"],
    [
      "an older message, and the wait over",
      { wait: wait(59), lastInboundAt: "2026-11-28T11:59:00Z" },
      "inbound_nothing",
    ],
    [
      "one for another number",
      { wait: wait(120), lastInboundAt: null, lastOfOtherNumberAt: at("00:30") },
      "inbound_other_number",
    ],
    [
      "Meta's test event",
      { wait: wait(120), lastInboundAt: null, lastTestEventAt: at("00:20") },
      "inbound_test_event",
    ],
    [
      "a test event, and one with a wrong signature",
      {
        ...{ wait: wait(120), lastInboundAt: null },
        ...{ lastTestEventAt: at("00:20"), lastRefusedAt: at("00:30") },
      },
      "inbound_bad_signature",
    ],
    [
      "a test event of before",
      { wait: wait(59), lastInboundAt: null, lastTestEventAt: "2026-11-28T11:00:00Z" },
      "inbound_nothing",
    ],
    [
      "one with a wrong signature",
      { wait: wait(120), lastInboundAt: null, lastOfOtherNumberAt: at("00:30"), lastRefusedAt: at("00:20") },
      "inbound_bad_signature",
    ],
    [
      "a wrong signature of before",
      { wait: wait(120), lastInboundAt: null, lastRefusedAt: "2026-11-28T11:59:00Z" },
      "inbound_waiting",
    ],
    [
      "a right one after a wrong one",
      { wait: wait(120), lastInboundAt: at("00:40"), lastRefusedAt: at("00:20") },
      "inbound_ok",
    ],
  ] as const)("take %s for %s", ([, facts, code], { expect }) => {
    const none = { lastOfOtherNumberAt: null, lastTestEventAt: null, lastRefusedAt: null };
    expect(checkInbound({ now, ...none, ...facts }).code).toBe(code);
  });

  it.for([
    ["accepted", at("00:30"), "outbound_waiting"],
    ["accepted", at("00:00"), "outbound_no_status"],
    ["sent", at("00:00"), "outbound_ok"],
    ["read", at("00:00"), "outbound_ok"],
    ["failed", at("00:59"), "outbound_failed"],
    ["unknown", at("00:00"), "outbound_no_status"],
  ] as const)("take a message that is %s since %s for %s", ([status, acceptedAt, code], { expect }) => {
    const message = { status, acceptedAt: new Date(acceptedAt), error: null };
    expect(checkOutbound({ now, message }).code).toBe(code);
  });
});

describe("our own parts", () => {
  const database = { wanted: 5, applied: 5, hasFunctions: true, ms: 3 };
  const version = { name: "v25.0", ends: null, endsAt: null, isKnown: true } as const;
  const well: SystemFacts = {
    ...{ database, objectsAnswer: true, missing: [], short: [], examples: [], hasSealingKey: true },
    ...{ alarmWebhookFault: null, clockDifferenceMs: 0, version },
  };
  const soon = { version: { ...version, ends: "soon", endsAt: "2027-01-21T00:00:00.000Z" } } as const;
  it.for([
    ["as they should be", {}, "system_ok"],
    ["without a secret", { missing: ["JWT_SECRET"] }, "secrets_missing"],
    ["without Postgres", { database: null }, "database_unreachable"],
    ["with objects that do not answer", { objectsAnswer: false }, "objects_silent"],
    ["with silent objects and an old version", { objectsAnswer: false, ...soon }, "objects_silent"],
    ["without Postgres and objects", { database: null, objectsAnswer: false }, "database_unreachable"],
    ["with a version that ends soon", soon, "version_ends_soon"],
    ["with one that has ended", { version: { ...soon.version, ends: "over" } }, "version_ended"],
    ["with one that nobody knows", { version: { ...version, isKnown: false } }, "version_unknown"],
    ["with a database at half a second", { database: { ...database, ms: 500 } }, "system_ok"],
    ["with a database further away", { database: { ...database, ms: 500.4 } }, "region_far"],
    ["without a time from the clock", { clockDifferenceMs: null }, "system_ok"],
    ["with a clock half a minute behind", { clockDifferenceMs: -30_000 }, "system_ok"],
    ["with a clock further behind", { clockDifferenceMs: -30_001 }, "clock_differs"],
  ] as const)("%s", ([_, facts, code], { expect }) => {
    expect(checkSystem({ ...well, ...facts } as SystemFacts).code).toBe(code);
  });
});

describe("Meta's odd answers", () => {
  const both = ["whatsapp_business_management", "whatsapp_business_messaging"];
  it.for([
    ["none", undefined, "permissions_unknown"],
    ["null", null, "permissions_unknown"],
    ["a text", both.join(","), "permissions_unknown"],
    ["an object", { 0: both[0], 1: both[1] }, "permissions_unknown"],
    ["a number", 2, "permissions_unknown"],
    ["an empty list", [], "permission_missing"],
    ["a list of null", [null, both[0]], "permission_missing"],
    ["a list of lists", [both], "permission_missing"],
    ["both", both, "permissions_ok"],
    ["both, and odd ones", [...both, null, 7, {}], "permissions_ok"],
  ] as const)("permissions that are %s", ([_, scopes, code], { expect }) => {
    const value = JSON.parse(JSON.stringify({ scopes }));
    expect(checkPermissions({ value }, "123456789012345", true).code).toBe(code);
  });

  const refused = { error: new GraphError("No such edge", { outcome: "failed", code: 100 }) };
  const unanswered = { error: new GraphError("Meta is away", { outcome: "unknown" }) };
  it.for([
    ["to an app that nobody names", null, "webhook_unreadable"],
    ["that Meta refuses", refused, "webhook_unreadable"],
    ["that Meta does not answer", unanswered, "meta_unreachable"],
    ["without any", { value: [] }, "webhook_not_set"],
    ["of another object", { value: [{ object: "page", callback_url: "https://ours/" }] }, "webhook_not_set"],
    ["without an address", { value: [{ object: "whatsapp_business_account" }] }, "webhook_other_address"],
    [
      "with odd fields",
      { value: [{ object: "whatsapp_business_account", callback_url: "ours", fields: [null, 7, {}] }] },
      "webhook_without_messages",
    ],
    [
      "with fields that are no list",
      { value: [{ object: "whatsapp_business_account", callback_url: "ours", fields: "messages" }] },
      "webhook_without_messages",
    ],
  ] satisfies [string, Parameters<typeof checkWebhook>[0], string][])(
    "subscriptions %s",
    ([_, answer, code], { expect }) => {
      expect(checkWebhook(answer, (url) => url === "ours").code).toBe(code);
    },
  );
});

describe("a Worker's readiness", () => {
  it.for([
    [{ secrets: { status: "failed", detail: "missing: JWT_SECRET" } }, "secrets_missing"],
    [{ postgres: { status: "failed", detail: "DATABASE_URL is not set" } }, "secrets_missing"],
    [{ postgres: { status: "failed", detail: "cannot be reached" } }, "database_unreachable"],
    [{ migrations: { status: "failed", detail: "3 of 5 applied" } }, "migrations_missing"],
    [
      { migrations: { status: "failed", detail: "the SQL functions are another version's" } },
      "functions_outdated",
    ],
    [{ spool: { status: "failed", detail: "cannot be asked" } }, "objects_silent"],
    [{ postgres: { status: "ok" } }, undefined],
  ] as const)("%o is %s", ([checks, code], { expect }) => {
    expect(readinessFinding({ checks })?.code).toBe(code);
  });
});

describe("a line of the doctor", () => {
  const [check] = describeAll([finding("C11", "fail", "webhook_without_messages")], "en");

  it("has a colour only where it is wanted", ({ expect }) => {
    expect(formatCheck(check as never, "en", false)).not.toContain("\u001b");
    expect(formatCheck(check as never, "en", true)).toContain("\u001b[31m✖\u001b[0m C11");
  });

  it("says why, what to do, and where to read on", ({ expect }) => {
    expect(formatCheck(check as never, "en", false).split("\n")).toEqual([
      "✖ C11  the app does not send messages",
      "       why   The field messages is not subscribed: webhooks come, but none with a message.",
      "       fix   Tick messages under WhatsApp → Configuration → Webhook fields.",
      "       see   docs/connect.md#c11",
    ]);
  });
});
