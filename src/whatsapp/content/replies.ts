import type { ContentByType } from "../../domain/message-content.ts";
import { countOf, idOf, numberOf, objectsOf, shortTextOf, textOf, timeOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { productOf } from "./common-fields.ts";
import { formAnswersOf } from "./form-answers.ts";
import { interactiveOf } from "./outbound.ts";

const READERS: Record<string, (reply: JsonObject) => ContentByType> = {
  button_reply: ({ id, title }) => ({ type: "buttonReply", id: shortTextOf(id), title: shortTextOf(title) }),
  list_reply: ({ id, title, description }) => ({
    type: "listReply",
    id: shortTextOf(id),
    title: shortTextOf(title),
    description: shortTextOf(description),
  }),
  nfm_reply: (reply) =>
    reply.name === "address_message"
      ? { type: "addressReply", ...formAnswersOf(reply) }
      : { type: "flowReply", name: shortTextOf(reply.name), ...formAnswersOf(reply) },
  call_permission_reply: (reply) => ({
    type: "callPermissionReply",
    response: shortTextOf(reply.response),
    permanent: reply.is_permanent === true,
    expiresAt: timeOf(reply.expiration_timestamp),
    source: shortTextOf(reply.response_source),
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
      currency: shortTextOf(item.currency),
    })),
    count: countOf(items),
  };
}

/** Brazil's payments; Meta's pages do not describe them, so every name is tried that has been seen. */
function paymentOf(payment: JsonObject): ContentByType {
  return {
    type: "payment",
    method: shortTextOf(payment.payment_method) ?? shortTextOf(payment.type),
    status: shortTextOf(payment.status) ?? shortTextOf(payment.payment_status),
    referenceId: shortTextOf(payment.reference_id),
    lastFourDigits: shortTextOf(payment.last_four_digits),
    at: timeOf(payment.payment_timestamp) ?? timeOf(payment.timestamp),
  };
}
