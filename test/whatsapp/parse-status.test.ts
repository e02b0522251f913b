import { describe, it } from "vitest";
import { paymentText } from "../../src/domain/payment.ts";
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

  const amount = { value: 21000, offset: 100 };
  const order = { reference_id: "7", amount, currency: "INR" };
  const attempt = (status: string, more: object = {}) => ({ id: "t-1", type: "razorpay", status, ...more });
  it.for<[status: string, payment: object, text: string, more: object]>([
    [
      "captured",
      { ...order, transaction: attempt("success") },
      "💳 paid, 210.00 INR",
      { transactionId: "t-1" },
    ],
    ["captured", { reference_id: "7" }, "💳 paid", { amount: null, currency: null, referenceId: "7" }],
    ["pending", { ...order, transaction: attempt("pending") }, "💳 payment pending, 210.00 INR", {}],
    [
      "pending",
      { ...order, transaction: attempt("failed", { error: { code: "E", reason: "card declined" } }) },
      "💳 payment failed, 210.00 INR, card declined",
      { state: "failed", status: "pending", provider: "razorpay" },
    ],
    ["failed", order, "💳 payment failed, 210.00 INR", { state: "failed" }],
    ["refunded", order, "💳 refunded, 210.00 INR", { state: "refunded" }],
    [
      "captured",
      {
        ...order,
        transaction: attempt("success", { refunds: [{ id: "r", amount: { value: 5000, offset: 100 } }] }),
      },
      "💳 refunded, 50.00 INR",
      { state: "refunded", status: "captured" },
    ],
    [
      "captured",
      { ...order, transaction: attempt("success", { refunds: [{ id: "r", status: "failed" }] }) },
      "💳 paid, 210.00 INR",
      {},
    ],
    ["captured", { amount: { value: 1500, offset: 1 }, currency: "JPY" }, "💳 paid, 1500 JPY", {}],
    ["captured", { amount: { value: 1255, offset: 1000 }, currency: "KWD" }, "💳 paid, 1.255 KWD", {}],
    [
      "captured",
      { amount: { value: "123456789012345678", offset: "100" }, currency: "IDR" },
      "💳 paid, 1234567890123456.78 IDR",
      {},
    ],
    ["captured", { amount: { value: 1, offset: 3 }, currency: "INR" }, "💳 paid", { amount: null }],
    ["captured", { amount: { value: 21000 }, currency: "INR" }, "💳 paid", { amount: null }],
    ["captured", { amount: 21000, currency: "INR" }, "💳 paid", { amount: null }],
    ["in_review", order, "💳 payment in review, 210.00 INR", { state: "other", status: "in_review" }],
    ["canceled", order, "💳 payment canceled, 210.00 INR", {}],
    ["tomorrow", order, "💳 payment tomorrow, 210.00 INR", { state: "other" }],
  ])("of a payment that is %s, %j, is %s", ([status, payment, text, more], { expect }) => {
    const parsed = read({ status, type: "payment", payment });
    expect(parsed?.payment).toMatchObject(more);
    expect(parsed?.payment && paymentText(parsed.payment)).toBe(text);
    expect(read({ status })?.payment).toBeNull();
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
