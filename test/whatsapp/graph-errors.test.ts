import { describe, it } from "vitest";
import { advice, titles } from "../../src/whatsapp/graph-error-texts.ts";
import { explain, explainNamed, graphErrorCodes, toMessageError } from "../../src/whatsapp/graph-errors.ts";

/** Every code that Meta documents for messages, numbers and templates, and the row that it must lead to. */
const rows: [string, number[]][] = [
  ["access_token_invalid", [0, 190]],
  ["permission_missing", [3, 10, 200, 299, 131005]],
  ["phone_number_not_found", [33]],
  ["request_not_accepted", [100, 131008, 131009, 135000]],
  ["customer_has_not_written", [131047]],
  ["undeliverable", [131026]],
  ["recipient_is_sender", [131021]],
  ["recipient_not_on_test_list", [131030]],
  ["customer_blocked", [130403]],
  ["marketing_limited", [131049]],
  ["marketing_opted_out", [131050]],
  ["customer_in_experiment", [130472]],
  ["type_not_supported", [131051]],
  ["customer_file_lost", [131052]],
  ["file_not_accepted", [131053]],
  ["recipient_rate_limited", [131056]],
  ["number_rate_limited", [130429]],
  ["request_limit_reached", [4, 80007]],
  ["spam_limited", [131048]],
  ["category_limited", [131064]],
  ["account_locked", [368, 131031]],
  ["country_not_allowed", [130497]],
  ["payment_problem", [131042, 131044]],
  ["payment_terms_missing", [134011]],
  ["display_name_not_approved", [131037]],
  ["number_not_registered", [133010]],
  ["registration_unfinished", [131045, 133000, 133006, 133015]],
  ["pin_wrong", [133005, 133008, 133009]],
  ["too_many_registrations", [133016]],
  ["marketing_switched_off", [131055, 131063, 134100, 134101, 134102]],
  ["phone_number_needed", [131062]],
  ["template_values_wrong", [132000, 132008, 132012, 132018]],
  ["template_missing", [132001]],
  ["template_too_long", [132005]],
  ["template_against_policy", [132007]],
  ["template_paused", [132015]],
  ["template_disabled", [132016]],
  ["form_limited", [132068, 132069]],
  ["identity_changed", [137000]],
  ["calling_not_enabled", [138000, 138018]],
  ["call_not_possible", [138001]],
  ["call_in_progress", [138003]],
  ["call_not_connected", [138004, 138007]],
  ["call_not_permitted", [138006, 138009]],
  ["call_limit_reached", [613, 138002, 138005, 138012, 138013]],
  ["call_or_form_refused", [138008, 138010, 138014, 138017]],
  ["form_not_saved", [139000, 139001, 139004]],
  ["block_list_refused", [139100, 139101, 139102]],
  ["username_refused", [147001, 147005]],
  ["template_text_refused", [2388040, 2388047, 2388072, 2388073, 2388293, 2388299]],
  ["template_limit_reached", [2388019]],
  ["template_name_taken", [2388023, 2388024]],
  ["template_or_history_refused", [2388000, 2388041, 2388999, 2593107, 2593109]],
  ["meta_in_trouble", [1, 2, 131000, 131016, 131057, 133004, 139103, 2494100]],
  ["other", [5, 9, 199, 300, 131099, 134103, 138019, 139005, 2389000, 999999]],
];

describe("a code of Meta's", () => {
  it.for(rows)("leads to %s: %j", ([name, codes], { expect }) => {
    expect(codes.map((code) => explain(code).name)).toEqual(codes.map(() => name));
  });

  it("is in one row only", ({ expect }) => {
    const codes = Object.values(graphErrorCodes).flatMap((codes): readonly unknown[] => codes.flat());
    expect(codes.length).toBeGreaterThan(70);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("is retried automatically only where Meta refuses before processing", ({ expect }) => {
    const codes = rows.flatMap(([, codes]) => codes).filter((code) => explain(code).retry === "automatic");
    expect(codes.sort((a, b) => a - b)).toEqual([4, 80007, 130429, 131056]);
  });

  it("names an invalid token, an unknown number and a closed window", ({ expect }) => {
    expect(explain(190).title).toBe("Invalid access token");
    expect(explain(100, 33).title).toBe("Phone number not found");
    expect(explain(100, 34).title).toBe("Meta did not accept the request");
    expect(explain(131047).title).toBe("The customer has not written first: use a template message");
    expect(explain(131047, null, "closed").title).toBe("The customer service window is closed");
    expect(explain(131047, null, "closed").name).toBe("window_closed");
  });

  it.for<[number, string]>([
    [33, "phone_number_not_found"],
    [2388023, "template_name_taken"],
    [2388293, "template_text_refused"],
    [2388555, "template_or_history_refused"],
    [4, "request_not_accepted"],
    [190, "request_not_accepted"],
    [2494100, "request_not_accepted"],
    [0, "request_not_accepted"],
  ])("is 100 for any wrong parameter, and its subcode %d says %s", ([subcode, name], { expect }) => {
    expect(explain(100, subcode).name).toBe(name);
    expect(explain(131026, subcode).name).toBe("undeliverable");
  });

  it("for an object that was not found names what was asked for", ({ expect }) => {
    const names = (["phone", "account", "template", "file"] as const).map((object) =>
      [explain(33, null, "open", object), explain(100, 33, "open", object)].map(({ name }) => name),
    );
    const expected = ["phone_number_not_found", "account_not_found", "template_not_found", "file_not_found"];
    expect(names).toEqual(expected.map((name) => [name, name]));
    expect(explain(131026, 33, "open", "account").name).toBe("undeliverable");
  });

  it("that is unknown appears in the title, and a missing one is not confirmed", ({ expect }) => {
    expect(explain(999999).title).toBe("Meta error 999999");
    expect(explain(null)).toMatchObject({ name: "not_confirmed", retry: "never_blind" });
    expect(explainNamed("unreachable")).toMatchObject({
      title: "Meta cannot be reached",
      retry: "automatic",
    });
  });

  it("has texts that fit a chat bubble", ({ expect }) => {
    for (const texts of [titles, advice]) {
      expect(Object.values(texts).filter((text) => text.trim() === "")).toEqual([]);
      expect(Object.keys(texts).sort()).toEqual(Object.keys(graphErrorCodes).sort());
    }
    expect(Object.values(titles).filter((title) => title.length >= 70)).toEqual([]);
    for (const text of Object.values(advice)) expect(text).toMatch(/\.$/);
  });
});

describe("a message's error", () => {
  it.for<[Record<string, unknown>, object]>([
    [
      { code: 131026, title: "t", message: "m", error_data: { details: "d" } },
      { code: "undeliverable", metaCode: 131026, detail: "d" },
    ],
    [
      { code: "131026", title: "t", message: "m" },
      { code: "undeliverable", metaCode: 131026, detail: "m" },
    ],
    [
      { code: 100, error_subcode: 33 },
      { code: "phone_number_not_found", metaCode: 100, detail: null },
    ],
    [
      { code: 100, error_subcode: 2388073, message: "Invalid parameter", error_user_msg: "No emoji" },
      { code: "template_text_refused", metaCode: 100, detail: "No emoji" },
    ],
    [
      { code: 424242, title: "t", error_data: {} },
      { code: "other", metaCode: 424242, title: "Meta error 424242", detail: "t" },
    ],
    [{ title: "a\u0000" }, { code: "other", metaCode: null, title: "Meta error", detail: "a\uFFFD" }],
    [
      { code: {}, error_data: null, message: 5 },
      { code: "other", metaCode: null, detail: null },
    ],
  ])("of %j says what happened", ([error, expected], { expect }) => {
    expect(toMessageError(error)).toMatchObject(expected);
  });
});
