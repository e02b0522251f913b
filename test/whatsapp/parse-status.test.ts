import { describe, it } from "vitest";
import { parseStatus } from "../../src/whatsapp/parse-status.ts";

function read(more: object) {
  const status = { id: "wamid.OUT", status: "sent", timestamp: "1790000000", recipient_id: "79161234567" };
  return parseStatus({ ...status, ...more }, null);
}

describe("a status", () => {
  it("says what the message costs", ({ expect }) => {
    const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" };
    const price = { billable: true, model: "PMP", type: "regular", category: "marketing" };
    expect(read({ pricing })).toMatchObject({ price, conversation: null });
    expect(read({ pricing: { category: "utility" } })).toMatchObject({
      price: { billable: null, model: null, type: null, category: "utility" },
    });
    // Of a group Meta nests it.
    expect(read({ conversation: { id: "c1", pricing } })).toMatchObject({
      price,
      conversation: { id: "c1" },
    });
  });

  it("says which free hours it opens, and until when", ({ expect }) => {
    const origin = { type: "referral_conversion" };
    for (const expiration_timestamp of ["1790000000", 1790000000]) {
      expect(read({ conversation: { id: "c1", expiration_timestamp, origin } })).toMatchObject({
        price: null,
        conversation: { id: "c1", expiresAt: "2026-09-21T14:13:20.000Z", origin: "referral_conversion" },
      });
    }
    expect(read({ conversation: {} })).toMatchObject({
      conversation: { id: null, expiresAt: null, origin: null },
    });
  });

  it("has neither price nor conversation where they are something else", ({ expect }) => {
    for (const odd of [null, 1, "x", [], [{ id: "c1" }]]) {
      expect(read({ pricing: odd, conversation: odd })).toMatchObject({ price: null, conversation: null });
    }
  });

  it("has all errors, the first of them apart", ({ expect }) => {
    const errors = [null, { code: 131047, title: "t" }, { code: 131026, error_data: { details: "d" } }];
    const status = read({ status: "failed", errors });
    expect(status?.errors.map(({ metaCode }) => metaCode)).toEqual([131047, 131026]);
    expect(status?.error).toEqual(status?.errors[0]);
    expect(read({})).toMatchObject({ error: null, errors: [] });
    expect(read({ errors: Array(1_000).fill({ code: 1 }) })?.errors).toHaveLength(20);
  });

  it("of a payment is none of the message's own", ({ expect }) => {
    for (const status of ["captured", "pending", "failed"]) {
      expect(read({ status, type: "payment", payment: { reference_id: "7" } })).toMatchObject({
        status: `payment.${status}`,
      });
      // Every status had such a type before the Cloud API.
      expect(read({ status, type: "message" })).toMatchObject({ status });
    }
  });

  it.for(["played", "deleted", "warning"])("may say %s", (status, { expect }) => {
    expect(read({ status, errors: [{ code: 131000 }] })).toMatchObject({
      status,
      error: { metaCode: 131000 },
    });
  });

  it.for([
    { recipient_participant_id: "79037654321" },
    { participant_recipient_id: "79037654321" },
    { recipient_participant_id: "79037654321", recipient_participant_user_id: "RU.4815" },
  ])("of a group names its participant by %j", (participant, { expect }) => {
    expect(read({ recipient_id: "g", recipient_type: "group", ...participant })).toMatchObject({
      participant: "79037654321",
      contact: { phone: null, userId: null },
    });
  });
});
