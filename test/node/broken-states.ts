import { BUSINESS, type DoctorSystem, type Named, SECOND, WABA } from "./doctor-system.ts";
import { PHONE_NUMBER_ID } from "./own-system.ts";

/**
 * One thing that is wrong, and what its fix asks for carried out: `fixText` is part of the fix in English. `isStored`: nothing that could
 * be wrong with values that are not saved yet.
 */
export type BrokenState = {
  what: string;
  breakIt: () => Promise<unknown>;
  expected: string;
  fixText: string;
  repair: (found: Named) => Promise<unknown>;
  isStored?: boolean;
};

/** What each check of the Worker is to find, with the number's row or Meta put into that state. */
export function brokenStates(system: DoctorSystem): BrokenState[] {
  const token = (change: object) => () => system.simulate("/tokens", change);
  const phone = (change: object) => () => system.simulate(`/phones/${PHONE_NUMBER_ID}`, change);
  const waba = (change: object) => () => system.simulate(`/wabas/${WABA}`, change);
  const app = (change: object) => () => system.simulate("/app", change);
  const row = (assignments: string) => () => system.setRow(assignments);
  const change = (edit: object) => () => system.change(edit);
  const wabaAccessToken = "EAAsaved0123456789";
  const rightIds = change({ wabaId: WABA, wabaPhoneNumberId: PHONE_NUMBER_ID, wabaAccessToken });
  const saved = change({ wabaAccessToken });
  /** Meta gives out another token than the one that is wrong. */
  const newToken = async () => {
    const healthy = {
      ...{ revoked: false, type: "SYSTEM_USER", expiresAt: 0, wabaIds: null },
      scopes: ["whatsapp_business_management", "whatsapp_business_messaging"],
    };
    await system.simulate("/tokens", { token: wabaAccessToken, ...healthy });
    await saved();
  };
  const state = (
    what: string,
    breakIt: () => Promise<unknown>,
    expected: string,
    fixText: string,
    repair: BrokenState["repair"],
    more: Partial<BrokenState> = {},
  ): BrokenState => ({ what, breakIt, expected, fixText, repair, ...more });
  const isStored = { isStored: true };
  const elsewhere = "https://old.example.com/webhook";

  return [
    state(
      "the phone in place of its id",
      row(`"wabaPhoneNumberId" = '79001234567'`),
      "C01 id_is_phone",
      "Copy that one",
      rightIds,
    ),
    state(
      "a space before the account's id",
      row(`"wabaId" = ' ${WABA}'`),
      "C01 value_padded",
      "Remove the space",
      rightIds,
    ),
    state("a short id", row(`"wabaId" = '12345'`), "C01 id_malformed", "Copy it again", rightIds),
    state("no account", row(`"wabaId" = null`), "C01 value_missing", "Copy it from Meta", rightIds),
    state(
      "the same id twice",
      row(`"wabaId" = '${PHONE_NUMBER_ID}'`),
      "C01 ids_equal",
      "Copy the other one",
      rightIds,
    ),
    state(
      "a version without v",
      row(`"wabaApiVersion" = '25.0'`),
      "C01 version_malformed",
      "Set wabaApiVersion to v25.0",
      change({ wabaApiVersion: "v25.0" }),
    ),
    state(
      "a token in quotes",
      row(`"wabaAccessToken" = '''EAAx'''`),
      "C01 value_padded",
      "or the quote",
      saved,
    ),
    state(
      "what is no token",
      row(`"wabaAccessToken" = 'abcdefgh'`),
      "C01 token_malformed",
      "Copy all of it",
      saved,
    ),
    state(
      "a secret that is not there",
      row(`"wabaAccessToken" = 'secret:WABA_ACCESS_TOKEN_NONE'`),
      ...(["C01 token_missing", "save it", saved, isStored] as const),
    ),
    state(
      "a damaged sealed token",
      row(`"wabaAccessToken" = 'sealed:v1:00000000:AA:BB'`),
      ...(["C01 token_unopened", "save the token again", saved, isStored] as const),
    ),
    state(
      "a number that is disconnected",
      row(`"connectionType" = 'disconnected'`),
      ...(["C01 number_disconnected", "Save its access token again", saved, isStored] as const),
    ),
    state("a revoked token", token({ revoked: true }), "C02 token_invalid", "Save the new one", newToken),
    state("an expired token", token({ expiresAt: 1 }), "C02 token_invalid", "Generate token", newToken),
    state("a token that ends", token({ expiresAt: 1_893_456_000 }), "C02 token_expires", "Never", newToken),
    state("a person's token", token({ type: "USER" }), "C02 token_personal", "system user", newToken),
    state(
      "a Meta that does not answer",
      () => system.simulate("/faults", { answer: { on: "other", status: 503 } }, "POST"),
      "C02 meta_unreachable",
      "Wait a minute",
      () => system.simulate("/faults", {}, "DELETE"),
    ),
    ...["whatsapp_business_management", "whatsapp_business_messaging"].map((scope) =>
      state(
        `a token with ${scope} alone`,
        token({ scopes: [scope] }),
        "C03 permission_missing",
        "tick both permissions",
        newToken,
      ),
    ),
    state(
      "a token whose permissions Meta does not list",
      token({ listsScopes: false }),
      "C03 permissions_unknown",
      "Nothing to do",
      token({ listsScopes: true }),
    ),
    state(
      "a token of an app that Meta does not name",
      token({ appId: null }),
      "C11 webhook_unreadable",
      "Compare them by hand",
      () => system.simulate("/accounts", {}, "DELETE"),
    ),
    state(
      "an account that is not assigned",
      token({ wabaIds: ["99999"] }),
      "C03 waba_not_assigned",
      "Assign the WABA to the system user",
      newToken,
    ),
    state(
      "a wrong account",
      row(`"wabaId" = '999999999999999'`),
      "C04 waba_not_found",
      "Compare the WABA ID",
      rightIds,
    ),
    state(
      "ids that are swapped",
      row(`"wabaId" = "wabaPhoneNumberId", "wabaPhoneNumberId" = "wabaId"`),
      "C04 ids_swapped",
      "Swap the two",
      // Two known ids: even the Worker's own token may read them.
      change({ wabaId: WABA, wabaPhoneNumberId: PHONE_NUMBER_ID }),
    ),
    state(
      "the business in place of the account",
      row(`"wabaId" = '${BUSINESS}'`),
      "C04 waba_other_object",
      "Take the WhatsApp Business Account ID",
      rightIds,
    ),
    state(
      "an account in review",
      waba({ account_review_status: "PENDING" }),
      "C04 waba_in_review",
      "Wait for Meta's decision",
      waba({ account_review_status: "APPROVED" }),
    ),
    state(
      "a refused account",
      waba({ account_review_status: "REJECTED" }),
      "C04 waba_refused",
      "request a review",
      waba({ account_review_status: "APPROVED" }),
    ),
    state(
      "a number of another account",
      phone({ wabaId: "555555555555555" }),
      "C05 number_not_found",
      "Use one of those",
      ({ fixes }) =>
        system.change({ wabaPhoneNumberId: fixes[0]?.wabaPhoneNumberId ?? "none", wabaAccessToken }),
    ),
    state(
      "an account without numbers",
      async () => {
        await system.simulate(`/wabas/${WABA}`, { name: "Empty" });
        for (const id of [PHONE_NUMBER_ID, SECOND])
          await system.simulate(`/phones/${id}`, { wabaId: "555555555555555" });
      },
      "C05 waba_empty",
      "use the WABA ID of the account that has it",
      change({ wabaId: "555555555555555", wabaAccessToken }),
    ),
    state(
      "an unregistered number",
      phone({ status: "DISCONNECTED", platform_type: "NOT_APPLICABLE" }),
      "C06 not_registered",
      "Register it with a PIN",
      () => system.setUp("register", { pin: "654321" }),
    ),
    state(
      "an unverified number",
      phone({
        ...{ code_verification_status: "NOT_VERIFIED" },
        ...{ status: "PENDING", platform_type: "NOT_APPLICABLE" },
      }),
      "C06 not_verified",
      "Request a code",
      async () => {
        await system.setUp("request-code", { method: "SMS" });
        await system.setUp("verify-code", { code: await system.codeOnThePhone() });
        await system.setUp("register", { pin: "654321" });
      },
    ),
    state(
      "a banned number",
      phone({ status: "BANNED" }),
      "C06 number_banned",
      "request a review",
      phone({ status: "CONNECTED" }),
    ),
    state(
      "a declined name",
      phone({ name_status: "DECLINED" }),
      "C06 name_not_approved",
      "correct the display name",
      phone({ name_status: "APPROVED" }),
    ),
    state(
      "a test number",
      phone({ account_mode: "SANDBOX" }),
      "C06 test_number",
      "add a real number",
      change({ wabaPhoneNumberId: SECOND, wabaAccessToken }),
    ),
    state(
      "low quality",
      phone({ quality_rating: "RED" }),
      "C06 quality_low",
      "Stop mass sending",
      phone({ quality_rating: "GREEN" }),
    ),
    state(
      "another phone than Meta's",
      row(`"phoneNumber" = '79009999999'`),
      "C06 phone_differs",
      "Correct the phone number here",
      change({ phoneNumber: "+7 900 123-45-67" }),
    ),
    state(
      "a blocked number",
      phone(sending("BLOCKED")),
      "C07 health_blocked",
      "Add a card",
      phone(sending()),
    ),
    state("a limited account", waba(sending("LIMITED")), "C07 health_limited", "Add a card", waba(sending())),
    state(
      "another app's secret",
      app({ secret: "of another app" }),
      "C08 secret_other_app",
      "wrangler secret put META_APP_SECRET",
      // The two agree again.
      app({ secret: null }),
    ),
    state(
      "no webhook",
      app({ fields: [] }),
      "C11 webhook_not_set",
      "then tick messages",
      app({ fields: null }),
    ),
    state(
      "a webhook that Meta has switched off",
      app({ active: false }),
      "C11 webhook_inactive",
      "Verify and save",
      app({ active: true }),
    ),
    state(
      "another callback",
      app({ callbackUrl: elsewhere }),
      "C11 webhook_other_address",
      "enter the address",
      app({ callbackUrl: null }),
    ),
    state(
      "messages not ticked",
      app({ fields: ["account_update"] }),
      "C11 webhook_without_messages",
      "Tick messages",
      app({ fields: null }),
    ),
    state(
      "useful fields not ticked",
      app({ fields: ["messages"] }),
      "C11 webhook_fields_missing",
      "Tick them",
      app({ fields: null }),
    ),
    state(
      "an app that is not subscribed",
      waba({ subscribed: false }),
      "C12 app_not_subscribed",
      "Subscribe this app",
      () => system.setUp("subscribe"),
    ),
    state(
      "an account's override",
      waba({ callbackUrl: elsewhere }),
      "C12 callback_overridden",
      "Remove the override",
      waba({ callbackUrl: null }),
    ),
    state(
      "a number's override",
      phone({ callbackUrl: elsewhere }),
      "C12 callback_overridden",
      "Remove the override",
      phone({ callbackUrl: null }),
    ),
    state(
      "a version that ended",
      row(`"wabaApiVersion" = 'v19.0'`),
      "C15 version_ended",
      "Set wabaApiVersion to v25.0",
      change({ wabaApiVersion: "v25.0" }),
    ),
    state(
      "a version that nobody knows",
      row(`"wabaApiVersion" = 'v99.0'`),
      "C15 version_unknown",
      "Set wabaApiVersion to v25.0",
      change({ wabaApiVersion: null }),
    ),
    state(
      "a clock that is wrong",
      app({ clockOffsetSeconds: 120 }),
      "C15 clock_differs",
      "Set the clock",
      app({ clockOffsetSeconds: 0 }),
    ),
  ];
}

/** Meta's health status of a number or an account, with its own advice where it is not well. */
function sending(state = "AVAILABLE") {
  const errors = [{ error_code: 141006, error_description: "No payment", possible_solution: "Add a card" }];
  const entity = { entity_type: "PHONE_NUMBER", id: PHONE_NUMBER_ID, can_send_message: state };
  return {
    health_status: {
      can_send_message: state,
      entities: [{ ...entity, ...(state !== "AVAILABLE" && { errors }) }],
    },
  };
}
