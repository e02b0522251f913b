import { idOf, phoneIdOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";
import type { List } from "./payload.ts";

/** Which ids of an item name the person outside; Meta's names for them differ from list to list. */
const IDENTITIES: Record<List, readonly string[]> = {
  messages: ["from_user_id", "from"],
  message_echoes: ["to_user_id", "to"],
  statuses: [
    "recipient_user_id",
    "recipient_id",
    "recipient_participant_user_id",
    "recipient_participant_id",
    "participant_recipient_id",
  ],
  calls: ["from_user_id", "from", "to_user_id", "to"],
  history: [],
};

type Item = { list: List; item: unknown };

/**
 * Finds whose contact goes with an item: by id, because Meta does not promise one order for both lists. A lone contact
 * belongs to the items of a lone person even so: `from` and `wa_id` of one person "may not always match", say Meta's pages.
 */
export function contactFinder(contacts: unknown[], items: Item[]) {
  const byId = new Map<string, JsonObject>();
  const named = contacts.filter(isObject).flatMap((contact) => [
    { id: idOf(contact.user_id), contact },
    { id: phoneIdOf(contact.wa_id), contact },
  ]);
  for (const { id, contact } of named) if (id && !byId.has(id)) byId.set(id, contact);
  const [first] = contacts;
  const people = new Set(items.map((item) => idsIn(item)[0]));
  const lone = people.size === 1 && contacts.length === 1 && isObject(first) ? first : null;
  return (list: List, item: unknown): JsonObject | null => {
    const id = idsIn({ list, item }).find((id) => byId.has(id));
    return (id !== undefined && byId.get(id)) || lone;
  };
}

function idsIn({ list, item }: Item): string[] {
  return isObject(item) ? IDENTITIES[list].flatMap((key) => phoneIdOf(item[key]) ?? []) : [];
}
