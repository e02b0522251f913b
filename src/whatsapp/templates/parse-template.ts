import { cleanText } from "../clean-text.ts";
import { objectOf } from "../content/loose.ts";
import { idOf, isObject, type JsonObject } from "../json-text.ts";
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

/** More than Meta allows anywhere, so that nothing real is cut; what is longer is no template of Meta's. */
const TEXT_LENGTH = 4_096;
const WORD_LENGTH = 64;
const NAME_LENGTH = 512;
const MOST_PARTS = 20;
/** How Graph tells the button of an authentication template when it is read back. */
const OTP_ADDRESS = /^https:\/\/www\.whatsapp\.com\/otp\/code\/?\?/;

/**
 * Reads a template's definition: of Graph's list, of a webhook or about to be created. Total: whatever is odd or hostile
 * is left out, and no part is longer than Meta allows by far. A template without a name has an empty one, and `preflight`
 * refuses it.
 */
export function parseTemplate(raw: unknown): Template {
  const template = objectOf(raw);
  const parts = objectsOf(template.components);
  const category = wordOf(template.category).toUpperCase();
  const format = wordOf(template.parameter_format).toUpperCase();
  const named =
    format === "NAMED" || (format !== "POSITIONAL" && parts.some((part) => hasNames(textOf(part.text))));
  const isCode = category === "AUTHENTICATION";
  const part = (type: string) => parts.find((one) => wordOf(one.type).toLowerCase() === type);
  const footer = part("footer");
  const offer = part("limited_time_offer");
  return {
    id: idOf(template.id),
    name: textOf(template.name, NAME_LENGTH),
    language: languageOf(template.language),
    status: wordOf(template.status).toUpperCase(),
    category,
    quality: wordOf(objectOf(template.quality_score).score) || null,
    named,
    header: parseHeader(part("header"), named),
    body: parseBody(part("body"), named, isCode),
    footer: textOf(footer?.text) || null,
    buttons: objectsOf(part("buttons")?.buttons).map((one) => parseButton(one, isCode)),
    cards: objectsOf(part("carousel")?.cards).map((card) => parseCard(card, named)),
    offer: offer ? parseOffer(objectOf(offer.limited_time_offer)) : null,
  };
}

/** Graph's list gives a text; what a send or a draft holds may be `{ code }`. */
function languageOf(language: unknown): string {
  return wordOf(isObject(language) ? language.code : language);
}

function parseHeader(part: JsonObject | undefined, named: boolean): Header | null {
  if (!part) return null;
  const format = wordOf(part.format).toLowerCase() || "text";
  const example = objectOf(part.example);
  if (format === "text") {
    const examples = exampleOf(example.header_text, example.header_text_named_params);
    return { kind: "text", ...parseVariables(textOf(part.text), named, examples) };
  }
  const kind = mediaKinds.find((one) => one === format);
  if (kind) return { kind, example: textOf(listOf(example.header_handle)[0]) || null };
  if (format === "location" || format === "product") return { kind: format };
  return { kind: "other", format };
}

/** The text of an authentication template is Meta's own, and missing in a definition that is about to be created. */
function parseBody(part: JsonObject | undefined, named: boolean, isCode: boolean): VariableText | null {
  if (!part) return null;
  const example = objectOf(part.example);
  const first = listOf(example.body_text)[0];
  const text = textOf(part.text) || (isCode ? "{{1}}" : "");
  const examples = exampleOf(
    Array.isArray(first) ? first : example.body_text,
    example.body_text_named_params,
  );
  return parseVariables(text, named, examples);
}

function parseCard(card: JsonObject, named: boolean): Card {
  const parts = objectsOf(card.components);
  const part = (type: string) => parts.find((one) => wordOf(one.type).toLowerCase() === type);
  return {
    header: parseHeader(part("header"), named),
    body: parseBody(part("body"), named, false),
    buttons: objectsOf(part("buttons")?.buttons).map((one) => parseButton(one, false)),
  };
}

function parseButton(button: JsonObject, isCode: boolean): Button {
  const type = wordOf(button.type).toLowerCase();
  const text = textOf(button.text, TEXT_LENGTH);
  const example = textOf(Array.isArray(button.example) ? button.example[0] : button.example) || null;
  if (type === "otp") return { kind: "otp", text, otpType: otpTypeOf(wordOf(button.otp_type)) };
  if (type === "url") {
    const url = textOf(button.url);
    if (isCode && OTP_ADDRESS.test(url)) {
      return { kind: "otp", text, otpType: otpTypeOf(/[?&]otp_type=(\w+)/.exec(url)?.[1] ?? "") };
    }
    const [variable = null] = parseVariables(url, false, () => example).variables;
    return { kind: "url", text, url, variable };
  }
  if (type === "phone_number") return { kind: type, text, phone: textOf(button.phone_number, WORD_LENGTH) };
  if (type === "copy_code") return { kind: type, text, example };
  const plain = plainButtonKinds.find((one) => one === type);
  return plain ? { kind: plain, text } : { kind: "other", text, type };
}

function otpTypeOf(word: string) {
  const type = word.toLowerCase();
  return type === "copy_code" || type === "one_tap" || type === "zero_tap" ? type : "other";
}

function parseOffer(offer: JsonObject) {
  return { text: textOf(offer.text), expires: offer.has_expiration === true };
}

/** Examples come as a list, or for named variables as pairs of name and example. */
function exampleOf(list: unknown, pairs: unknown): (name: string, position: number) => string | null {
  const named = objectsOf(pairs);
  const texts = Array.isArray(list) ? list : typeof list === "string" ? [list] : [];
  return (name, position) => {
    const pair = named.find(({ param_name }) => param_name === name);
    return textOf(pair ? pair.example : texts[position]) || null;
  };
}

function wordOf(value: unknown): string {
  return textOf(value, WORD_LENGTH).trim();
}

function textOf(value: unknown, longest = TEXT_LENGTH): string {
  return typeof value === "string" ? cleanText(value, longest) : "";
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST_PARTS) : [];
}

function objectsOf(value: unknown): JsonObject[] {
  return listOf(value).filter(isObject);
}
