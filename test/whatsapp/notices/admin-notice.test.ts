import fc from "fast-check";
import { describe, it } from "vitest";
import type { Notice } from "../../../src/domain/notice.ts";
import { parseAdminNotice } from "../../../src/whatsapp/notices/admin-notice.ts";
import notices from "./notices.txt?raw";

/** Every kind there is: one that is missing or too many here is an error of types. */
const every: Record<Notice["kind"], true> = {
  templateStatus: true,
  templateQuality: true,
  templateComponents: true,
  templateCategory: true,
  templateCategoryMisuse: true,
  numberQuality: true,
  numberName: true,
  numberUsername: true,
  numberSecurity: true,
  numberSettings: true,
  account: true,
  accountAlert: true,
  accountReview: true,
  accountCapability: true,
  group: true,
  flow: true,
  paymentConfiguration: true,
  partnerSolution: true,
  handover: true,
  standby: true,
  automaticEvents: true,
  linkClicks: true,
  errors: true,
  historyDeclined: true,
  other: true,
};

// One line per webhook: Meta's field ⇒ kind, severity: title, or nothing ⇐ its value.
const lines = notices.trimEnd().split("\n");
const rows = lines.map((line) => {
  const [field = "", rest = ""] = line.split(" ⇒ ");
  return { field, input: rest.split(" ⇐ ")[1] ?? "" };
});

describe("the list of notices", () => {
  const read = rows.map(({ field, input }) => ({
    field,
    input,
    notice: parseAdminNotice(field, JSON.parse(input), 1),
  }));

  it("has a line for every kind", ({ expect }) => {
    expect(new Set(read.flatMap(({ notice }) => notice?.kind ?? []))).toEqual(new Set(Object.keys(every)));
  });

  it("has the notice for an admin of each webhook", ({ expect }) => {
    const shown = read.map(({ field, input, notice }) => {
      const parsed = notice ? `${notice.kind}, ${notice.severity}: ${notice.title}` : "nothing";
      return `${field} ⇒ ${parsed} ⇐ ${input}`;
    });
    expect(shown).toEqual(lines);
  });
});

describe("a notice", () => {
  const time = 1790000000;
  const at = "2026-09-21T14:13:20.000Z";

  it("of a template names it, and explains how to fix it", ({ expect }) => {
    const value = {
      event: "REJECTED",
      reason: "INVALID_FORMAT",
      message_template_id: 1689556908129832,
      message_template_name: "order_ready",
      message_template_language: "ru",
      message_template_category: "UTILITY",
      rejection_info: { reason: "Why.", recommendation: "How." },
    };
    expect(parseAdminNotice("message_template_status_update", value, time)).toEqual({
      kind: "templateStatus",
      severity: "warning",
      title: 'Template "order_ready" (ru) is now rejected: Why.',
      at,
      subject: { type: "template", templateId: "1689556908129832", name: "order_ready", language: "ru" },
      detail: {
        status: "REJECTED",
        category: "UTILITY",
        reason: "Why.",
        recommendation: "How.",
        disabledAt: null,
      },
    });
  });

  it("of an account says what is restricted until when, and whose account it is", ({ expect }) => {
    const restriction_info = [
      { restriction_type: "RESTRICTED_UTILITY_TEMPLATES", expiration: time, remediation: "r" },
    ];
    expect(
      parseAdminNotice("account_update", { event: "ACCOUNT_RESTRICTION", restriction_info }, "1790000000"),
    ).toMatchObject({
      at,
      subject: { type: "account", wabaId: null },
      detail: {
        event: "ACCOUNT_RESTRICTION",
        restrictions: [{ restriction: "RESTRICTED_UTILITY_TEMPLATES", until: at, remedy: "r" }],
        ban: null,
      },
    });
    const waba_info = { waba_id: "123456789012345", owner_business_id: 6, solution_id: "9" };
    const disconnection_info = { reason: "PRIMARY_INACTIVITY", initiated_by: "SYSTEM" };
    expect(
      parseAdminNotice("account_update", { event: "PARTNER_REMOVED", waba_info, disconnection_info }),
    ).toMatchObject({
      at: null,
      subject: { type: "account", wabaId: "123456789012345" },
      detail: {
        businessId: "6",
        solutionId: "9",
        disconnection: { reason: "PRIMARY_INACTIVITY", initiatedBy: "SYSTEM" },
      },
    });
  });

  const UNTIL = "2026-09-21T14:13:20.000Z";
  const restricts = (canReply: boolean, what: string | null, until: string | null = null) => ({
    ...{ cause: "restriction", isRestricted: true, canReply, what, until },
  });
  it.for<[string, object[] | undefined, object | null]>([
    ["without a list", undefined, restricts(false, null)],
    [
      "until then",
      [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: time }],
      restricts(true, "restricted biz initiated messaging", UNTIL),
    ],
    [
      "of two, until the later",
      [
        { restriction_type: "RESTRICTED_UTILITY_TEMPLATES", expiration: time },
        { restriction_type: "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", expiration: time - 60 },
      ],
      restricts(false, "restricted utility templates, restricted customer initiated messaging", UNTIL),
    ],
    [
      "of which one has no end",
      [
        { restriction_type: "RESTRICTED_UTILITY_TEMPLATES", expiration: time },
        { restriction_type: "RESTRICTED_CUSTOMER_INITIATED_MESSAGING" },
        { restriction_type: "RESTRICTED_ADD_PHONE_NUMBER_ACTION" },
      ],
      restricts(false, "restricted utility templates, restricted customer initiated messaging"),
    ],
    ["of calls", [{ restriction_type: "RESTRICTED_BUSINESS_INITIATED_CALLING" }], null],
    ["that is only announced", [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING_WARN" }], null],
    [
      "that was lifted",
      [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING_UNBAN" }],
      { cause: "restriction", isRestricted: false, canReply: true, what: null, until: null },
    ],
  ])("of a restriction %s says what that means for sending", ([, restriction_info, sending], { expect }) => {
    const value = { event: "ACCOUNT_RESTRICTION", restriction_info };
    expect(parseAdminNotice("account_update", value)).toMatchObject({ detail: { sending } });
  });

  it.for([
    [[{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING" }], ["BIZ_INITIATED_MESSAGING"]],
    [[{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING_UNBAN" }], ["BIZ_INITIATED_MESSAGING"]],
    [
      [{ restriction_type: "RESTRICTED_UTILITY_TEMPLATES" }, { restriction_type: "X_MESSAGING_WARN" }],
      ["UTILITY_TEMPLATES"],
    ],
    [[{ restriction_type: "RESTRICTED_UTILITY_TEMPLATES" }, {}], []],
  ] as const)("of restrictions %j says what they are about", ([restriction_info, types], { expect }) => {
    const value = { event: "ACCOUNT_RESTRICTION", restriction_info };
    expect(parseAdminNotice("account_update", value)).toMatchObject({ detail: { sending: { types } } });
  });

  it.for([
    ["SCHEDULE_FOR_DISABLE", null],
    ["DISABLE", { cause: "ban", isRestricted: true, canReply: false, what: null, until: null }],
    ["REINSTATE", { cause: "ban", isRestricted: false, canReply: true, what: null, until: null }],
  ] as const)("of a ban, %s, says what that means for sending", ([waba_ban_state, sending], { expect }) => {
    const value = { event: "DISABLED_UPDATE", ban_info: { waba_ban_state } };
    expect(parseAdminNotice("account_update", value)).toMatchObject({ detail: { sending } });
  });

  it("of a number finds it wherever it stands", ({ expect }) => {
    const number = { display_phone_number: "79001234567" };
    const subject = { type: "phoneNumber", phoneNumber: "79001234567" };
    for (const value of [number, { metadata: number }, { recipient: number }]) {
      expect(parseAdminNotice("messaging_handovers", value)).toMatchObject({ subject });
    }
    const account = ["account_update", "account_review_update", "business_capability_update", "tomorrow"];
    for (const field of account) {
      expect(parseAdminNotice(field, { phone_number: "79001234567" })).toMatchObject({ subject });
      expect(parseAdminNotice(field, {})).toMatchObject({ subject: { type: "account", wabaId: null } });
    }
  });

  it("of a chat that changed hands says whose it is and what it was about", ({ expect }) => {
    const conversation_context = { type: "summary", summary: { text: "Wants a cake" } };
    const detail = { previousAppId: "7", phone: "79161234567", userId: null, summary: "Wants a cake" };
    for (const value of [
      {
        sender: { phone_number: "79161234567" },
        control_passed: { previous_owner_app_id: 7, conversation_context },
      },
      {
        sender: { wa_id: "79161234567" },
        control_passed: { previous_owner: { app_id: "7" } },
        conversation_context,
      },
    ]) {
      expect(parseAdminNotice("messaging_handovers", value)).toMatchObject({ detail });
    }
  });

  it("keeps what Meta advises, and what it measured", ({ expect }) => {
    const violation_info = { violation_type: "LOW_CALLING_QUALITY", remediation: "Answer more calls." };
    const violation = { event: "ACCOUNT_VIOLATION", violation_info };
    expect(parseAdminNotice("account_update", violation)).toMatchObject({
      detail: { violation: "LOW_CALLING_QUALITY", remedy: "Answer more calls." },
    });
    const errors = [{ error_type: "TIMEOUT", error_rate: 66.6, error_count: 2 }];
    const alert = {
      event: "ENDPOINT_ERROR_RATE",
      alert_state: "ACTIVATED",
      threshold: 10,
      error_rate: 14.28,
    };
    expect(parseAdminNotice("flows", { ...alert, errors })).toMatchObject({
      detail: {
        alert: {
          isActive: true,
          threshold: 10,
          errorRate: 14.28,
          errors: [{ error: "TIMEOUT", rate: 66.6, count: 2 }],
        },
      },
    });
    const restrictions_list = [{ type: "RESTRICTED_USER_INITIATED_CALLING", reason: "Many complaints." }];
    const calling = { restrictions: { restrictions_list } };
    expect(parseAdminNotice("account_settings_update", { phone_number_settings: { calling } })).toMatchObject(
      {
        severity: "critical",
        detail: {
          restrictions: [{ restriction: "RESTRICTED_USER_INITIATED_CALLING", remedy: "Many complaints." }],
        },
      },
    );
  });

  it("of a flow's alert is a warning, of its end critical", ({ expect }) => {
    const severity = (value: object) => parseAdminNotice("flows", { flow_id: "5", ...value })?.severity;
    expect(severity({ event: "CLIENT_ERROR_RATE" })).toBe("warning");
    expect(severity({ event: "FLOW_STATUS_CHANGE", new_status: "PUBLISHED" })).toBe("info");
    expect(severity({ event: "FLOW_STATUS_CHANGE", new_status: "BLOCKED" })).toBe("critical");
  });

  it("is one line of bounded length, whatever Meta says", ({ expect }) => {
    const value = { errors: [{ message: `a\u0000\n\n${"x".repeat(100_000)}` }] };
    const title = parseAdminNotice("messages", value)?.title ?? "";
    expect(title.length).toBeLessThan(502);
    expect(title).toMatch(/^Meta reports an error: a\uFFFD x+\.$/);
  });

  it("never throws, and is storable, whatever the value", ({ expect }) => {
    const fields = [...new Set(rows.map(({ field }) => field)), "__proto__", "toString", "tomorrow"];
    const keys = [...new Set(rows.flatMap(({ input }) => Object.keys(JSON.parse(input))))];
    const value = fc.dictionary(fc.constantFrom(...keys, "type", "timestamp"), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.oneof(value, fc.jsonValue()),
        fc.jsonValue(),
        (field, value, time) => {
          const notice = parseAdminNotice(field, value, time);
          const text = JSON.stringify(notice);
          expect(text).not.toContain("\\u0000");
          expect(text).not.toMatch(/\\ud[89a-f]/);
          if (notice) expect(notice.title).toMatch(/^[^\n]+\.$/);
        },
      ),
    );
  });
});
