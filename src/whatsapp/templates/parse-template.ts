import { cleanText } from "../clean-text.ts";
import { idOf, listOf, objectOf, objectsOf, stringOf, textOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { SHORT_TEXT_LENGTH } from "../limits.ts";
import {
  type Button,
  type Card,
  type Header,
  mediaKinds,
  plainButtonKinds,
  type Template,
  type VariableText,
} from "./template.ts";
import { hasNames, parseVariables } from "./variables.ts";

// More than Meta allows anywhere, so that nothing real is cut.
const WORD_LENGTH = 64;
const NAME_LENGTH = 512;
const MOST_PARTS = 20;
/** How Graph returns the button of an authentication template. */
const OTP_ADDRESS = /^https:\/\/www\.whatsapp\.com\/otp\/code\/?\?/;

/**
 * Reads a template's definition: of Graph's list, of a webhook or about to be created. Total: whatever is odd or hostile
 * is left out, and no part is longer than Meta allows by far. A template without a name has an empty one, and `preflight`
 * refuses it.
 */
export function parseTemplate(raw: unknown): Template {
  const template = objectOf(raw);
  const parts = partsOf(template.components);
  const category = keyword(template.category).toUpperCase();
  const format = keyword(template.parameter_format).toUpperCase();
  const named =
    format === "NAMED" || (format !== "POSITIONAL" && parts.some((part) => hasNames(textIn(part.text))));
  const isCode = category === "AUTHENTICATION";
  const part = (type: string) => parts.find((one) => keyword(one.type).toLowerCase() === type);
  const footer = part("footer");
  const offer = part("limited_time_offer");
  return {
    id: idOf(template.id),
    name: textIn(template.name, NAME_LENGTH),
    language: languageOf(template.language),
    status: keyword(template.status).toUpperCase(),
    category,
    quality: keyword(objectOf(template.quality_score).score) || null,
    named,
    header: parseHeader(part("header"), named),
    body: parseBody(part("body"), named, isCode),
    footer: textIn(footer?.text) || null,
    buttons: partsOf(part("buttons")?.buttons).map((one) => parseButton(one, isCode)),
    cards: partsOf(part("carousel")?.cards).map((card) => parseCard(card, named)),
    offer: offer ? parseOffer(objectOf(offer.limited_time_offer)) : null,
  };
}

/** Graph's list gives a text; what a send or a draft holds may be `{ code }`. */
function languageOf(language: unknown): string {
  return keyword(isObject(language) ? language.code : language);
}

function parseHeader(part: JsonObject | undefined, named: boolean): Header | null {
  if (!part) return null;
  const format = keyword(part.format).toLowerCase() || "text";
  const example = objectOf(part.example);
  if (format === "text") {
    const examples = exampleOf(example.header_text, example.header_text_named_params);
    return { kind: "text", ...parseVariables(textIn(part.text), named, examples) };
  }
  const kind = mediaKinds.find((one) => one === format);
  if (kind) return { kind, example: textIn(listOf(example.header_handle)[0]) || null };
  if (format === "location" || format === "product") return { kind: format };
  return { kind: "other", format };
}

/** The text of an authentication template is Meta's own, and missing in a definition that is about to be created. */
function parseBody(part: JsonObject | undefined, named: boolean, isCode: boolean): VariableText | null {
  if (!part) return null;
  const example = objectOf(part.example);
  const first = listOf(example.body_text)[0];
  const text = textIn(part.text) || (isCode ? "{{1}}" : "");
  const examples = exampleOf(
    Array.isArray(first) ? first : example.body_text,
    example.body_text_named_params,
  );
  return parseVariables(text, named, examples);
}

function parseCard(card: JsonObject, named: boolean): Card {
  const parts = partsOf(card.components);
  const part = (type: string) => parts.find((one) => keyword(one.type).toLowerCase() === type);
  return {
    header: parseHeader(part("header"), named),
    body: parseBody(part("body"), named, false),
    buttons: partsOf(part("buttons")?.buttons).map((one) => parseButton(one, false)),
  };
}

function parseButton(button: JsonObject, isCode: boolean): Button {
  const type = keyword(button.type).toLowerCase();
  const text = textIn(button.text, SHORT_TEXT_LENGTH);
  const example = textIn(Array.isArray(button.example) ? button.example[0] : button.example) || null;
  if (type === "otp") return { kind: "otp", text, otpType: otpTypeOf(keyword(button.otp_type)) };
  if (type === "url") {
    const url = textIn(button.url);
    if (isCode && OTP_ADDRESS.test(url)) {
      return { kind: "otp", text, otpType: otpTypeOf(/[?&]otp_type=(\w+)/.exec(url)?.[1] ?? "") };
    }
    const [variable = null] = parseVariables(url, false, () => example).variables;
    return { kind: "url", text, url, variable };
  }
  if (type === "phone_number") return { kind: type, text, phone: textIn(button.phone_number, WORD_LENGTH) };
  if (type === "copy_code") return { kind: type, text, example };
  const plain = plainButtonKinds.find((one) => one === type);
  return plain ? { kind: plain, text } : { kind: "other", text, type };
}

function otpTypeOf(otpType: string) {
  const type = otpType.toLowerCase();
  return type === "copy_code" || type === "one_tap" || type === "zero_tap" ? type : "other";
}

function parseOffer(offer: JsonObject) {
  return { text: textIn(offer.text), expires: offer.has_expiration === true };
}

/** Examples come as a list, or for named variables as pairs of name and example. */
function exampleOf(list: unknown, pairs: unknown): (name: string, position: number) => string | null {
  const named = partsOf(pairs);
  const texts = Array.isArray(list) ? list : typeof list === "string" ? [list] : [];
  return (name, position) => {
    const pair = named.find(({ param_name }) => param_name === name);
    return textIn(pair ? pair.example : texts[position]) || null;
  };
}

/** One of Meta's keywords, trimmed. */
function keyword(value: unknown): string {
  return textOf(value, WORD_LENGTH)?.trim() ?? "";
}

/** A text, also a blank one: it is part of what was approved. */
function textIn(value: unknown, maxLength = SHORT_TEXT_LENGTH): string {
  return cleanText(stringOf(value) ?? "", maxLength);
}

/** The parts of a definition. */
function partsOf(value: unknown): JsonObject[] {
  return objectsOf(value, MOST_PARTS);
}
