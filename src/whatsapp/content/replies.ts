import type { ContentByType } from "../../domain/message-content.ts";
import { idOf, isObject, type JsonObject, numberOf, timeOf } from "../json-text.ts";
import { productOf } from "./common-fields.ts";
import { formAnswersOf } from "./form-answers.ts";
import { countOf, objectsOf, textOf, wordOf } from "./loose.ts";
import { interactiveOf } from "./outbound.ts";

const READERS: Record<string, (reply: JsonObject) => ContentByType> = {
  button_reply: ({ id, title }) => ({ type: "buttonReply", id: wordOf(id), title: wordOf(title) }),
  list_reply: ({ id, title, description }) => ({
    type: "listReply",
    id: wordOf(id),
    title: wordOf(title),
    description: wordOf(description),
  }),
  nfm_reply: (reply) =>
    reply.name === "address_message"
      ? { type: "addressReply", ...formAnswersOf(reply) }
      : { type: "flowReply", name: wordOf(reply.name), ...formAnswersOf(reply) },
  call_permission_reply: (reply) => ({
    type: "callPermissionReply",
    response: wordOf(reply.response),
    permanent: reply.is_permanent === true,
    expiresAt: timeOf(reply.expiration_timestamp),
    source: wordOf(reply.response_source),
  }),
  payment_method: paymentOf,
  payment_notification: paymentOf,
};

/** What a customer has chosen or filled in; what names no reply is a message with buttons, such as we send. */
export function replyOf(content: JsonObject): ContentByType {
  for (const [kind, read] of Object.entries(READERS)) {
    const reply = Object.hasOwn(content, kind) ? content[kind] : undefined;
    if (isObject(reply)) return read(reply);
  }
  return interactiveOf(content);
}

export function orderOf({ catalog_id, text, product_items: items }: JsonObject): ContentByType {
  return {
    type: "order",
    catalogId: idOf(catalog_id),
    text: textOf(text),
    items: objectsOf(items).map((item) => ({
      productId: productOf(item).productId,
      quantity: numberOf(item.quantity),
      price: numberOf(item.item_price),
      currency: wordOf(item.currency),
    })),
    count: countOf(items),
  };
}

/** Brazil's payments; Meta's pages do not describe them, so every name is tried that has been seen. */
function paymentOf(payment: JsonObject): ContentByType {
  return {
    type: "payment",
    method: wordOf(payment.payment_method) ?? wordOf(payment.type),
    status: wordOf(payment.status) ?? wordOf(payment.payment_status),
    referenceId: wordOf(payment.reference_id),
    lastFourDigits: wordOf(payment.last_four_digits),
    at: timeOf(payment.payment_timestamp) ?? timeOf(payment.timestamp),
  };
}
