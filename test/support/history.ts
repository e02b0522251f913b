/** An old message of a phone that has just been connected. `at` is in whole seconds. */
export type OldMessage = { wamid: string; customer: string; fromMe: boolean; at: number; text: string };

const OUR_NUMBER = "79001234567";
const STEP_S = 7;
const WORDS = "Good day, is the blue one there again? ";

/** `count` messages with customers in turn, each older than the one before; every third is ours. */
export function oldMessages(
  customers: string[],
  count: number,
  newestAt: number,
  prefix: string,
): OldMessage[] {
  return Array.from({ length: count }, (_, i) => ({
    wamid: `${prefix}${i}`,
    customer: customers[i % customers.length] ?? "",
    fromMe: Math.floor(i / customers.length) % 3 === 2,
    at: newestAt - i * STEP_S,
    text: `${WORDS.repeat(1 + (i % 7))}${i}`,
  }));
}

/** The webhook body of one chunk that holds these, in this order but for the threads. */
export function historyBody(phoneNumberId: string, chunkOrder: number, messages: OldMessage[]): object {
  const threads = [...Map.groupBy(messages, ({ customer }) => customer)].map(([customer, own]) => ({
    id: customer,
    context: { wa_id: customer },
    messages: own.map(({ wamid, fromMe, at, text }) => ({
      from: fromMe ? OUR_NUMBER : customer,
      ...(fromMe && { to: customer }),
      id: wamid,
      timestamp: String(at),
      type: "text",
      text: { body: text },
      history_context: { status: "READ" },
    })),
  }));
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: OUR_NUMBER, phone_number_id: phoneNumberId },
    history: [{ metadata: { phase: 1, chunk_order: chunkOrder, progress: 50 }, threads }],
  };
  const entry = [{ id: "123456789012345", changes: [{ field: "history", value }] }];
  return { object: "whatsapp_business_account", entry };
}
