import { cleanText } from "./clean-text.ts";

/** The longest body that is kept; Meta's own limit for a text is 4,096. */
const BODY_LENGTH = 65_536;
const TYPE_LENGTH = 64;

type Content = Record<string, unknown>;

/**
 * What a person would read of Meta's message object — one that came in, an echo, or one that we send. Never empty: where
 * there are no words it is the type in brackets, also for types of tomorrow. Total: odd or hostile shapes never throw.
 */
export function bodyOf(message: unknown): string {
  return bodyWithin(message, 0);
}

/** Meta's `type`; where it is missing, the key that holds the content; `unknown` when there is none either. */
export function typeOf(message: unknown): string {
  const { type, ...rest } = contentOf(message);
  if (typeof type === "string" && type.trim() !== "") return cleanText(type, TYPE_LENGTH);
  return Object.keys(readers).find((key) => Object.hasOwn(rest, key)) ?? "unknown";
}

function bodyWithin(message: unknown, depth: 0 | 1): string {
  const type = typeOf(message);
  const all = contentOf(message);
  const inner = Object.hasOwn(all, type) ? all[type] : undefined;
  // An edit holds a message, which could hold an edit, and so on: one level is Meta's, more is a bomb.
  const edited = type === "edit" && depth === 0 ? contentOf(inner).message : undefined;
  if (edited !== undefined) return bodyWithin(edited, 1);
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  const body = read?.(contentOf(inner), inner) ?? "";
  return cleanText(body.trim() === "" ? `[${type}]` : body, BODY_LENGTH);
}

/** Type → its words, or nothing. The second argument is for `contacts`, the one type whose content is a list. */
const readers: Record<string, (content: Content, raw: unknown) => string> = {
  text: ({ body }) => textOf(body),
  image: ({ caption }) => textOf(caption),
  video: ({ caption }) => textOf(caption),
  audio: ({ voice }) => (voice === true ? "[voice message]" : ""),
  document: ({ caption, filename }) => textOf(caption) || signed("📄", textOf(filename)),
  sticker: () => "",
  location: (content) =>
    signed("📍", textOf(content.name) || textOf(content.address) || coordinatesOf(content)),
  contacts: (_, list) =>
    signed("👤", (Array.isArray(list) ? list : []).map(nameOf).filter(Boolean).join(", ")),
  interactive: interactiveBody,
  button: ({ text, payload }) => textOf(text) || textOf(payload),
  template: ({ name }) => (textOf(name) ? `[template: ${textOf(name)}]` : ""),
  reaction: ({ emoji }) => textOf(emoji) || "[reaction removed]",
  order: orderBody,
  system: ({ body }) => textOf(body),
  edit: () => "",
  revoke: () => "[deleted]",
};

/** A reply names what was chosen; what we send has its own text. */
function interactiveBody(content: Content): string {
  const title = textOf(contentOf(content.button_reply).title) || textOf(contentOf(content.list_reply).title);
  if (title) return title;
  if ("nfm_reply" in content) return "[flow reply]";
  const { response } = contentOf(content.call_permission_reply);
  if (textOf(response)) return `[call permission: ${textOf(response)}]`;
  return textOf(contentOf(content.body).text) || textOf(contentOf(content.header).text);
}

function orderBody({ product_items, text }: Content): string {
  const count = Array.isArray(product_items) ? product_items.length : 0;
  return `🛒 ${count} ${count === 1 ? "item" : "items"}${textOf(text) ? `: ${textOf(text)}` : ""}`;
}

function nameOf(contact: unknown): string {
  const { name, phones } = contentOf(contact);
  const { formatted_name, first_name } = contentOf(name);
  const phone = contentOf(Array.isArray(phones) ? phones[0] : undefined).phone;
  return textOf(formatted_name) || textOf(first_name) || textOf(phone);
}

/** `JSON.stringify`, because a coordinate may be a raw number (`json-text.ts`), which has no text of its own. */
function coordinatesOf({ latitude, longitude }: Content): string {
  const pair = [latitude, longitude].map((value) => textOf(value) || JSON.stringify(value) || "");
  return pair.every((value) => /^-?\d{1,3}(?:\.\d{1,30})?$/.test(value)) ? pair.join(", ") : "";
}

function signed(sign: string, text: string): string {
  return text && `${sign} ${text}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" && value.trim() !== "" ? value : "";
}

function contentOf(value: unknown): Content {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
