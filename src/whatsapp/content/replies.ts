import type { ContentByType, FieldsOf, Money, ReplyContentType } from "../../domain/message-content.ts";
import {
  countOf,
  idOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  ownOf,
  shortTextOf,
  textOf,
  timeOf,
} from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { parseProduct } from "./common-fields.ts";
import { always, type ContentTypes } from "./content-type.ts";
import {
  type FormAnswers,
  parseFormAnswers,
  readableAnswers,
  shownText,
  unreadableAnswers,
} from "./form-answers.ts";
import {
  amountText,
  type Decimal,
  decimalOf,
  decimalText,
  moneyText,
  product,
  sumOf,
  ZERO,
} from "./money.ts";
import { counted, withIcon } from "./text-parts.ts";

const MAX_ANSWERS = 50;

// Most replies are parts of Meta's `interactive`, which `parseReply` takes apart.
export const replyContentTypes = {
  buttonReply: {
    parsers: {},
    toText: ({ title }) => title,
    toPlaceholder: () => "button reply",
    opensServiceWindow: always,
  },
  listReply: {
    parsers: {},
    toText: ({ title, description }) => [title, description].filter(Boolean).join(" — "),
    toPlaceholder: () => "list reply",
    opensServiceWindow: always,
  },
  templateButton: {
    parsers: {
      button: ({ text, payload }) => ({
        type: "templateButton",
        text: shortTextOf(text),
        payload: shortTextOf(payload),
      }),
    },
    toText: ({ text, payload }) => text ?? payload,
    toPlaceholder: () => "button",
    opensServiceWindow: always,
  },
  flowReply: {
    parsers: {},
    toText: (content) => withIcon("📝", answersText(content)),
    toPlaceholder: () => "flow reply",
    opensServiceWindow: always,
  },
  addressReply: {
    parsers: {},
    toText: (content) =>
      withIcon("🏠", shownText(content) ?? (addressText(content) || unreadableAnswers(content))),
    toPlaceholder: () => "address",
    opensServiceWindow: always,
  },
  callPermissionReply: {
    parsers: {},
    toText: ({ response }) => response && `[call permission: ${response}]`,
    toPlaceholder: () => "call permission",
    // WhatsApp may give the permission automatically; then the customer has written nothing.
    opensServiceWindow: ({ source }) => source !== "automatic",
  },
  payment: {
    parsers: {},
    toText: ({ method, status, referenceId }) =>
      withIcon("💳", [method, status, referenceId].filter(Boolean).join(", ")),
    opensServiceWindow: always,
  },
  order: {
    parsers: { order: parseOrder },
    toText: (content) => orderText(content),
    opensServiceWindow: always,
  },
} satisfies ContentTypes<ReplyContentType>;

/** The reply in Meta's `interactive`; null when it has none, and so is a message with buttons such as we send. */
export function parseReply(content: JsonObject): ContentByType | null {
  for (const [kind, parse] of Object.entries(REPLY_PARSERS)) {
    const reply = ownOf(content, kind);
    if (isObject(reply)) return parse(reply);
  }
  return null;
}

/**
 * What the customer chose, in a reply of a kind that this version does not know; null where no text of it is found. Meta names the
 * reply after its kind: `carousel_reply` in `{"type": "carousel_reply", "carousel_reply": {…}}`.
 */
export function parseUnknownReply(content: JsonObject): string | null {
  const kinds = [shortTextOf(content.type), ...Object.keys(content)];
  const [reply] = kinds.flatMap((kind) => (kind?.endsWith("_reply") ? [ownOf(content, kind)] : []));
  if (typeof reply === "string") return shortTextOf(reply);
  const chosen = objectOf(reply);
  return [chosen, ...Object.values(chosen).filter(isObject)].map(choiceText).find(Boolean) ?? null;
}

const CHOICE_NAMES = ["title", "text", "display_text", "label", "body", "name", "caption"];

/** The text in an object of a kind that we do not know, by the names that Meta gives to texts; null where there is none. */
export function choiceText(choice: JsonObject): string | null {
  const title = CHOICE_NAMES.map((name) => shortTextOf(ownOf(choice, name))).find((text) => text !== null);
  return [title, shortTextOf(ownOf(choice, "description"))].filter(Boolean).join(" — ") || null;
}

const REPLY_PARSERS: Record<string, (reply: JsonObject) => ContentByType> = {
  button_reply: ({ id, title }) => ({ type: "buttonReply", id: shortTextOf(id), title: shortTextOf(title) }),
  list_reply: ({ id, title, description }) => ({
    type: "listReply",
    id: shortTextOf(id),
    title: shortTextOf(title),
    description: shortTextOf(description),
  }),
  nfm_reply: (reply) =>
    reply.name === "address_message"
      ? { type: "addressReply", ...parseFormAnswers(reply) }
      : { type: "flowReply", name: shortTextOf(reply.name), ...parseFormAnswers(reply) },
  call_permission_reply: (reply) => ({
    type: "callPermissionReply",
    response: shortTextOf(reply.response),
    permanent: reply.is_permanent === true,
    expiresAt: timeOf(reply.expiration_timestamp),
    source: shortTextOf(reply.response_source),
  }),
  payment_method: parsePayment,
  payment_notification: parsePayment,
};

function parseOrder({ catalog_id, text, product_items: items }: JsonObject): FieldsOf<"order"> {
  const lines = listOf(items, countOf(items)).map(objectOf);
  return {
    type: "order",
    catalogId: idOf(catalog_id),
    text: textOf(text),
    items: objectsOf(items).map((item) => ({
      productId: parseProduct(item).productId,
      quantity: numberOf(item.quantity),
      price: numberOf(item.item_price),
      currency: shortTextOf(item.currency),
    })),
    count: countOf(items),
    pieces: piecesOf(lines),
    total: totalOf(lines),
  };
}

function piecesOf(lines: JsonObject[]): number | null {
  const quantities = lines.map(({ quantity }) => decimalOf(quantity));
  if (quantities.length === 0 || !quantities.every((quantity) => quantity !== null)) return null;
  return Number(decimalText(sumOf(quantities)));
}

/** The sum in each currency; nothing where a line has no price, no quantity or no currency. */
function totalOf(lines: JsonObject[]): Money[] {
  const sums = new Map<string, Decimal>();
  for (const { quantity, item_price: price, currency } of lines) {
    const [pieces, each, unit] = [decimalOf(quantity), decimalOf(price), shortTextOf(currency)];
    if (!pieces || !each || !unit) return [];
    sums.set(unit, sumOf([sums.get(unit) ?? ZERO, product(pieces, each)]));
  }
  return [...sums].map(([currency, sum]) => ({ amount: amountText(sum, currency), currency }));
}

/** `🛒 7 items, 19.00 EUR: before noon`. Without quantities it is the lines that count; some orders come without lines. */
function orderText({ pieces, count, total, text }: FieldsOf<"order">): string {
  const sum = total.map(moneyText).join(" + ");
  const items = count === 0 ? "Order without a list of items" : counted(pieces ?? count, "item");
  return `🛒 ${[items, sum].filter(Boolean).join(", ")}${text ? `: ${text}` : ""}`;
}

/** Payments in Brazil. Meta's pages do not describe them, so this tries every name that was seen. */
function parsePayment(payment: JsonObject): FieldsOf<"payment"> {
  return {
    type: "payment",
    method: shortTextOf(payment.payment_method) ?? shortTextOf(payment.type),
    status: shortTextOf(payment.status) ?? shortTextOf(payment.payment_status),
    referenceId: shortTextOf(payment.reference_id),
    lastFourDigits: shortTextOf(payment.last_four_digits),
    at: timeOf(payment.payment_timestamp) ?? timeOf(payment.timestamp),
  };
}

function answersText(form: FormAnswers): string | null {
  const answers = readableAnswers(form.response ?? {}).slice(0, MAX_ANSWERS);
  const shown = answers.map(([name, answer]) => `${name}: ${answer}`).join("; ");
  return shown || unreadableAnswers(form) || shownText(form);
}

function addressText({ response }: FormAnswers): string {
  const values = response && "values" in response ? response.values : response;
  const plain = typeof values === "object" && values !== null ? { ...values } : {};
  return readableAnswers(plain)
    .map(([, answer]) => answer)
    .join(", ");
}
