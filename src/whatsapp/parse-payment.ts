import type { Payment, PaymentState } from "../domain/payment.ts";
import { amountText, type Decimal, offsetDecimalOf, sumOf } from "./content/money.ts";
import { idOf, objectOf, objectsOf, shortTextOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";

/** Meta's words, those of its payment lookup and of Brazil too. */
const STATES: Record<string, PaymentState> = {
  pending: "pending",
  processing: "pending",
  captured: "paid",
  completed: "paid",
  success: "paid",
  failed: "failed",
  canceled: "canceled",
  cancelled: "canceled",
  expired: "canceled",
  refund: "refunded",
  refunded: "refunded",
  partially_refunded: "refunded",
};

/** Whether an item of `statuses[]` reports a payment, rather than the delivery of a message. */
export function isPayment({ type, payment }: JsonObject): boolean {
  return type === "payment" || (type === undefined && isObject(payment));
}

/**
 * The payment of an order: the item's own status, unless its transaction failed or was paid back.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-in/orderdetailstemplate
 */
export function parsePayment(item: JsonObject, at: string): Payment {
  const payment = objectOf(item.payment);
  const transaction = isObject(payment.transaction)
    ? payment.transaction
    : (objectsOf(payment.transactions).at(-1) ?? {});
  const status = shortTextOf(item.status) ?? "unknown";
  const refunds = [payment, transaction].flatMap(refundsOf);
  const state = refunds.length > 0 ? "refunded" : stateOf(status, transaction);
  const currency = shortTextOf(payment.currency) ?? shortTextOf(transaction.currency);
  const paid = amountOf(payment) ?? amountOf(transaction) ?? totalOf(payment);
  const back = refunds.map(amountOf).filter((amount) => amount !== null);
  const amount = back.length > 0 ? sumOf(back) : paid;
  const error = objectOf(transaction.error ?? payment.error);
  return {
    state,
    status,
    amount: amount && amountText(amount, currency),
    currency,
    transactionId: idOf(transaction.id),
    provider: shortTextOf(transaction.type),
    referenceId: shortTextOf(payment.reference_id),
    reason: state === "failed" ? (shortTextOf(error.reason) ?? shortTextOf(error.message)) : null,
    at,
  };
}

/** An attempt may fail while the order is still open: `pending` then. */
function stateOf(status: string, transaction: JsonObject): PaymentState {
  const state = ownState(status) ?? "other";
  return state === "pending" && ownState(shortTextOf(transaction.status)) === "failed" ? "failed" : state;
}

function ownState(word: string | null): PaymentState | undefined {
  const name = word?.toLowerCase() ?? "";
  return Object.hasOwn(STATES, name) ? STATES[name] : undefined;
}

/** What was paid back; a refund that failed or is under way is none yet. */
function refundsOf({ refund, refunds }: JsonObject): JsonObject[] {
  return [...(isObject(refund) ? [refund] : []), ...objectsOf(refunds)].filter(({ status }) => {
    const state = ownState(shortTextOf(status)) ?? "paid";
    return state === "paid" || state === "refunded";
  });
}

function amountOf({ amount }: JsonObject): Decimal | null {
  const { value, offset } = objectOf(amount);
  return offsetDecimalOf(value, offset);
}

function totalOf({ total_amount: amount }: JsonObject): Decimal | null {
  return amountOf({ amount });
}
