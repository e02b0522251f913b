import type {
  ContentOf,
  FieldsOf,
  OutboundContentType,
  TemplateParameter,
} from "../../domain/message-content.ts";
import { idOf, listOf, numberOf, objectOf, objectsOf, shortTextOf, textOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { parseProduct } from "./common-fields.ts";
import { always, type ContentTypes } from "./content-type.ts";
import { amountText, decimalOf, decimalText, moneyText, offsetDecimalOf } from "./money.ts";
import { parseReply, parseUnknownReply } from "./replies.ts";
import { counted, plainName, withIcon } from "./text-parts.ts";

type Interactive = ContentOf<"interactive">;

export const outboundContentTypes = {
  interactive: {
    parsers: { interactive: (content) => parseReply(content) ?? parseInteractive(content) },
    toText: interactiveText,
    toPlaceholder: ({ kind }) => plainName(kind ?? "interactive"),
    opensServiceWindow: always,
  },
  template: {
    parsers: { template: parseTemplateMessage },
    toText: ({ name }) => name && `[template: ${name}]`,
    opensServiceWindow: always,
  },
} satisfies ContentTypes<OutboundContentType>;

/** WhatsApp itself labels the button of these kinds. */
const OWN_LABELS: Record<string, string> = {
  location_request_message: "location request",
  address_message: "address request",
  call_permission_request: "call permission request",
  request_contact_info: "phone number request",
  catalog_message: "catalog",
};

/** The names in Meta's objects of the button that opens the list, the page, the form or the call. */
const BUTTON_NAMES = ["button", "display_text", "flow_cta"];

/** A message with buttons, a list, products, …: https://developers.facebook.com/docs/whatsapp/cloud-api/messages */
function parseInteractive(content: JsonObject): FieldsOf<"interactive"> {
  const action = objectOf(content.action);
  const parameters = objectOf(action.parameters);
  const sections = objectsOf(action.sections);
  return {
    type: "interactive",
    kind: shortTextOf(content.type),
    header: parseHeader(content.header),
    text: textOf(objectOf(content.body).text) ?? parseUnknownReply(content),
    footer: shortTextOf(objectOf(content.footer).text),
    button: buttonOf(action) ?? buttonOf(parameters),
    choices: [
      ...objectsOf(action.buttons).map(({ reply }) => objectOf(reply)),
      ...sections.flatMap(rowsOf),
    ].map(({ id, title, description }) => ({
      id: shortTextOf(id),
      title: shortTextOf(title),
      description: shortTextOf(description),
    })),
    products: [
      ...("product_retailer_id" in action ? [parseProduct(action)] : []),
      ...sections.flatMap(({ product_items: items }) =>
        objectsOf(items).map((item) => ({ ...parseProduct(item), catalogId: idOf(action.catalog_id) })),
      ),
    ],
    cards: objectsOf(action.cards).map(parseCard),
    order: parseOrder(parameters),
  };
}

function parseTemplateMessage({ name, language, components }: JsonObject): FieldsOf<"template"> {
  return {
    type: "template",
    name: shortTextOf(name),
    language: shortTextOf(objectOf(language).code),
    parameters: objectsOf(components).flatMap((component) => parseParameters(component, null)),
  };
}

/** A carousel's components are within its cards: no more than this one level is read. */
function parseParameters(component: JsonObject, card: number | null): TemplateParameter[] {
  const { type, parameters, cards } = component;
  const within =
    card === null
      ? listOf(cards)
          .map(objectOf)
          .flatMap(({ components, card_index }, position) =>
            objectsOf(components).flatMap((inner) =>
              parseParameters(inner, numberOf(card_index) ?? position),
            ),
          )
      : [];
  const own = objectsOf(parameters).map((parameter) => ({
    component: shortTextOf(type)?.toLowerCase() ?? null,
    index: card ?? numberOf(component.index),
    name: shortTextOf(parameter.parameter_name),
    type: shortTextOf(parameter.type),
    text: parameterText(parameter),
  }));
  return [...own, ...within];
}

function parameterText(parameter: JsonObject): string | null {
  const { text, payload, coupon_code, currency, date_time, location, document } = parameter;
  const values = [
    text,
    payload,
    coupon_code,
    objectOf(currency).fallback_value,
    objectOf(date_time).fallback_value,
  ];
  return (
    [...values, objectOf(location).name, objectOf(document).filename]
      .map(shortTextOf)
      .find((value) => value !== null) ?? null
  );
}

function parseHeader(header: unknown): Interactive["header"] {
  if (!isObject(header)) return null;
  const media = ["image", "video", "document"].map((kind) => idOf(objectOf(header[kind]).id));
  return {
    type: shortTextOf(header.type),
    text: shortTextOf(header.text),
    mediaId: media.find((id) => id !== null) ?? null,
  };
}

function rowsOf({ rows }: JsonObject): JsonObject[] {
  return objectsOf(rows);
}

function buttonOf(object: JsonObject): string | null {
  return BUTTON_NAMES.map((name) => shortTextOf(object[name])).find((text) => text !== null) ?? null;
}

function parseCard({ body, action }: JsonObject) {
  const { parameters, buttons } = objectOf(action);
  const [first] = objectsOf(buttons, 1);
  const reply =
    shortTextOf(objectOf(objectOf(first).reply).title) ??
    shortTextOf(objectOf(objectOf(first).quick_reply).title);
  return { text: textOf(objectOf(body).text), button: buttonOf(objectOf(parameters)) ?? reply };
}

/** An amount is `value` divided by `offset`: 1100 and 100 are 11. */
function parseOrder(parameters: JsonObject): Interactive["order"] {
  const { order, reference_id, total_amount, currency } = parameters;
  if (!isObject(order) && !isObject(total_amount)) return null;
  const { value, offset } = objectOf(total_amount);
  const amount = offsetDecimalOf(value, offset);
  return {
    referenceId: shortTextOf(reference_id),
    status: shortTextOf(objectOf(order).status),
    amount: amount && Number(decimalText(amount)),
    currency: shortTextOf(currency),
  };
}

/** The text, with the buttons below it. */
function interactiveText(content: Interactive): string | null {
  const { kind, text, header, footer, button, choices, products, cards, order } = content;
  const amount = decimalOf(order?.amount);
  const sum =
    order && amount && moneyText({ amount: amountText(amount, order.currency), currency: order.currency });
  const buttons = kind === "list" ? [button] : [...choices.map(({ title }) => title), button];
  const below = [
    withIcon("🧾", [sum, order?.status].filter(Boolean).join(", ")),
    products.length > 0 ? `🛍 ${counted(products.length, "product")}` : null,
    cards.length > 0 ? `🎠 ${counted(cards.length, "card")}` : null,
    buttons.flatMap((title) => (title ? [`[${title}]`] : [])).join(" "),
    !button && kind && Object.hasOwn(OWN_LABELS, kind) ? `[${OWN_LABELS[kind]}]` : null,
  ];
  const lines = [text ?? header?.text ?? footer, ...below].filter(Boolean);
  return lines.length > 0 ? lines.join("\n") : null;
}
