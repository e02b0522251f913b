import { idOf, objectOf } from "./json-fields.ts";
import type { JsonObject } from "./json-text.ts";
import { isSilent } from "./shared-parts.ts";

type Belonging = {
  key: string;
  lists: readonly string[];
  /** By which one owner is distinguished from another. */
  owner: readonly string[];
  /** Whose it may be: of anything that stands there alone, or only of what lacks it. */
  fits: (item: JsonObject) => boolean;
};

const anything = () => true;

/**
 * What stands beside the items of a value and belongs to one of them: Meta's summary of the chat that a message is in, and errors.
 * Those beside readable messages are about the account. The first line that fits one owner alone decides; where none does, nothing
 * says whose it is.
 */
const BELONGINGS: Record<string, readonly Belonging[]> = {
  calls: [
    { key: "errors", lists: ["calls", "statuses"], owner: ["id"], fits: anything },
    { key: "errors", lists: ["calls", "statuses"], owner: ["id"], fits: isUnexplained },
  ],
  messages: [
    { key: "errors", lists: ["messages", "message_echoes", "statuses"], owner: ["id"], fits: isUnexplained },
    { key: "conversation_context", lists: ["messages"], owner: ["from_user_id", "from"], fits: anything },
  ],
};

/** It failed, or is a message without its content, and has no word why. */
function isUnexplained(item: JsonObject): boolean {
  const { errors, status, type } = item;
  if (Array.isArray(errors) && errors.length > 0) return false;
  if (typeof status === "string") return /^(?:failed|error)$/i.test(status);
  return typeof type === "string" && (type === "unsupported" || !Object.hasOwn(item, type));
}

/** The keys of `value` that belong to one of its items, each with that item: the last one, where several are of one owner. */
export function belongingsOf(
  value: JsonObject,
  field: string | null,
  items: { list: string; item: unknown }[],
): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const { key, lists, owner, fits } of (field &&
    Object.hasOwn(BELONGINGS, field) &&
    BELONGINGS[field]) ||
    []) {
    if (found.has(key) || !Object.hasOwn(value, key) || isSilent(value[key])) continue;
    const fitting = items.filter(({ list, item }) => lists.includes(list) && fits(objectOf(item)));
    const owners = fitting.map(({ item }) =>
      owner.map((name) => idOf(objectOf(item)[name])).find((id) => id !== null),
    );
    if (new Set(owners).size === 1) found.set(key, fitting.at(-1)?.item);
  }
  return found;
}
