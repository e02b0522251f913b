import type { MetaError } from "../../domain/common-fields.ts";

/** Meta's code for "this type is not supported", which says no more than `unsupported` does. */
const TYPE_NOT_SUPPORTED = 131051;
/** Meta could not download the file. https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes */
const FILE_LOST = 131052;

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
  return (
    detail ??
    title ??
    (code === FILE_LOST ? "the file could not be downloaded" : code === null ? null : `Meta error ${code}`)
  );
}
