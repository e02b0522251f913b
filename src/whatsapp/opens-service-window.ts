import { isObject, type JsonObject } from "./json-text.ts";

/**
 * Types that do not open the customer's 24 hours. Meta's pages say nothing of reactions: not opening is the safe side.
 * `errors` and `media_placeholder` come with synced history alone.
 */
const KEEPS_SHUT: readonly string[] = ["reaction", "edit", "revoke", "system", "errors", "media_placeholder"];

/**
 * Whether a customer's message of this type starts the 24 hours anew. What we cannot show (`unsupported`) was written by
 * the customer all the same, unless Meta names it as one of the above, as it does for edits. A permission that WhatsApp
 * gave by itself was no message of theirs.
 */
export function opensServiceWindow(item: JsonObject, type: string): boolean {
  const { unsupported, interactive } = item;
  if (type === "unsupported" && isObject(unsupported)) {
    return !KEEPS_SHUT.some((kind) => kind === unsupported.type);
  }
  if (type === "interactive" && isObject(interactive)) {
    const { call_permission_reply: permission } = interactive;
    return !isObject(permission) || permission.response_source !== "automatic";
  }
  return !KEEPS_SHUT.includes(type);
}
