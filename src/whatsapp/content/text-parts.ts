import type { MetaError } from "../../domain/common-fields.ts";

/** Meta's code for "this type is not supported", which says no more than `unsupported` does. */
const TYPE_NOT_SUPPORTED = 131051;
/**
 * What Meta's codes mean for a message or call that came in, where Meta gives no words.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
const CODE_TEXTS = new Map([
  [131000, "something went wrong at WhatsApp"],
  [131016, "something went wrong at WhatsApp"],
  [131052, "the file could not be downloaded"],
  [131060, "WhatsApp does not have this message"],
  [138001, "the customer cannot be called"],
  [138004, "the call could not be connected"],
  [138006, "the customer has not permitted calls"],
  [138007, "the call could not be connected"],
]);
/** Further codes for "this type is not supported": where Meta adds no words, the placeholder says enough. */
const OTHERS_NOT_SUPPORTED = [501, 130501];

/** `📍 Cafe Anna`; null without a text. */
export function withIcon(icon: string, text: string | null): string | null {
  return text ? `${icon} ${text}` : null;
}

/** `1 item`, `2 items`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `list_reply` as a person would write it. */
export function plainName(name: string): string {
  return name.replace(/(?<=[^_])_+(?=[^_])/g, " ").trim();
}

/** Why Meta could not deliver a message, or what became of a call; null where nothing says so. */
export function reasonOf({ errors }: { errors: MetaError[] }): string | null {
  const error = errors.find(({ code }) => code !== TYPE_NOT_SUPPORTED);
  if (!error) return null;
  const { code, detail, title } = error;
  const given = detail ?? title;
  if (given !== null) return given;
  if (code === null || OTHERS_NOT_SUPPORTED.includes(code)) return null;
  return CODE_TEXTS.get(code) ?? `Meta error ${code}`;
}
