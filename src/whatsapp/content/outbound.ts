import type { ContentByType, InteractiveContent } from "../../domain/message-content.ts";
import type { TemplateParameter } from "../../domain/template-parameter.ts";
import { idOf, numberOf, objectOf, objectsOf, shortTextOf, textOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { productOf } from "./common-fields.ts";

/** Where Meta's send objects name what opens the list, the page, the form or the call. */
const BUTTON_NAMES = ["button", "display_text", "flow_cta"];

/** A message with buttons, a list, products, …: https://developers.facebook.com/docs/whatsapp/cloud-api/messages */
export function interactiveOf(content: JsonObject): InteractiveContent {
  const action = objectOf(content.action);
  const parameters = objectOf(action.parameters);
  const sections = objectsOf(action.sections);
  return {
    type: "interactive",
    kind: shortTextOf(content.type),
    header: headerOf(content.header),
    text: textOf(objectOf(content.body).text),
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
      ...("product_retailer_id" in action ? [productOf(action)] : []),
      ...sections.flatMap(({ product_items: items }) =>
        objectsOf(items).map((item) => ({ ...productOf(item), catalogId: idOf(action.catalog_id) })),
      ),
    ],
    cards: objectsOf(action.cards).map(cardOf),
    order: orderOf(parameters),
  };
}

export function templateOf({ name, language, components }: JsonObject): ContentByType {
  return {
    type: "template",
    name: shortTextOf(name),
    language: shortTextOf(objectOf(language).code),
    parameters: objectsOf(components).flatMap((component) => parametersOf(component, null)),
  };
}

/** A carousel's components stand within its cards, one level deep: more is a bomb. */
function parametersOf(component: JsonObject, card: number | null): TemplateParameter[] {
  const { type, parameters, cards } = component;
  const within =
    card === null
      ? objectsOf(cards).flatMap(({ components, card_index }, position) =>
          objectsOf(components).flatMap((inner) => parametersOf(inner, numberOf(card_index) ?? position)),
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
  const words = [
    text,
    payload,
    coupon_code,
    objectOf(currency).fallback_value,
    objectOf(date_time).fallback_value,
  ];
  return (
    [...words, objectOf(location).name, objectOf(document).filename]
      .map(shortTextOf)
      .find((word) => word !== null) ?? null
  );
}

function headerOf(header: unknown): InteractiveContent["header"] {
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

function cardOf({ body, action }: JsonObject) {
  const { parameters, buttons } = objectOf(action);
  const [first] = objectsOf(buttons, 1);
  const reply =
    shortTextOf(objectOf(objectOf(first).reply).title) ??
    shortTextOf(objectOf(objectOf(first).quick_reply).title);
  return { text: textOf(objectOf(body).text), button: buttonOf(objectOf(parameters)) ?? reply };
}

/** Amounts come as `value` in parts of `offset`: 1100 of 100 is 11. */
function orderOf(parameters: JsonObject): InteractiveContent["order"] {
  const { order, reference_id, total_amount, currency } = parameters;
  if (!isObject(order) && !isObject(total_amount)) return null;
  const { value, offset } = objectOf(total_amount);
  const [amount, parts] = [numberOf(value), numberOf(offset) ?? 1];
  return {
    referenceId: shortTextOf(reference_id),
    status: shortTextOf(objectOf(order).status),
    amount: amount === null || parts === 0 ? null : amount / parts,
    currency: shortTextOf(currency),
  };
}
