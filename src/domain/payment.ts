export const paymentStates = ["pending", "failed", "canceled", "other", "paid", "refunded"] as const;
export type PaymentState = (typeof paymentStates)[number];

/** How far the customer has paid an order that we sent, as Meta reported it. */
export type Payment = {
  state: PaymentState;
  /** Meta's word for it. */
  status: string;
  /** Exact, with as many decimals as the currency has; of a refund what was paid back, if Meta says so. */
  amount: string | null;
  currency: string | null;
  /** The payment provider's id of the transaction, and which provider it is. */
  transactionId: string | null;
  provider: string | null;
  /** Our own name of the order. */
  referenceId: string | null;
  /** Why it failed. */
  reason: string | null;
  at: string;
};

const STATE_TEXTS: Partial<Record<PaymentState, string>> = {
  pending: "payment pending",
  failed: "payment failed",
  canceled: "payment canceled",
  paid: "paid",
  refunded: "refunded",
};

/** `💳 paid, 210.00 INR`: the first line of the order's body. */
export function paymentText({ state, status, amount, currency, reason }: Payment): string {
  const what = STATE_TEXTS[state] ?? `payment ${status.replaceAll("_", " ")}`;
  const sum = amount === null ? null : [amount, currency].filter(Boolean).join(" ");
  return `💳 ${[what, sum, reason].filter(Boolean).join(", ")}`;
}
