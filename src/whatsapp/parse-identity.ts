import type { ContactPreference, ContactSync, Identity, IdentityChange } from "../domain/identity-change.ts";
import { isUserId } from "../domain/user-id.ts";
import { messageTypeOf } from "./content/parse-content.ts";
import { parseSystem } from "./content/system.ts";
import { idOf, objectOf, objectsOf, phoneIdOf, shortTextOf, timeOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";

/** All updates of one POST are read. */
const MOST_ITEMS = 10_000;

/** Field `user_id_update`: the only webhook that always names the old user id. An update without a new one is left out. */
export function parseIdentityChanges(value: unknown): IdentityChange[] {
  return objectsOf(objectOf(value).user_id_update, MOST_ITEMS).flatMap((update) => {
    const [userId, parent] = [objectOf(update.user_id), objectOf(update.parent_user_id)];
    const at = timeOf(update.timestamp);
    const current = { ...personOf(update), userId: idOf(userId.current), parentUserId: idOf(parent.current) };
    if (!at || !current.userId) return [];
    const previous = { phone: null, userId: idOf(userId.previous), parentUserId: idOf(parent.previous) };
    return [{ previous, current, at }];
  });
}

/** Parses the identity change of a system message; null for all other messages, and where nothing new is named. */
export function parseIdentityChange(message: unknown): IdentityChange | null {
  if (!isObject(message) || messageTypeOf(message) !== "system") return null;
  const { event, previous, current } = parseSystem(message, objectOf(message.system));
  const at = timeOf(message.timestamp);
  if (!at || (event !== "numberChanged" && event !== "userIdChanged")) return null;
  if (!current.phone && !current.userId) return null;
  return { previous: { ...previous, parentUserId: idOf(message.from_parent_user_id) }, current, at };
}

/** Field `user_preferences`. What does not say whose it is, or what is wanted, is left out. */
export function parsePreferences(value: unknown): ContactPreference[] {
  return objectsOf(objectOf(value).user_preferences, MOST_ITEMS).flatMap((preference) => {
    const person = personOf(preference);
    const [category, wanted] = [shortTextOf(preference.category), shortTextOf(preference.value)];
    const at = timeOf(preference.timestamp);
    if (!at || !category || !wanted || (!person.phone && !person.userId)) return [];
    const [detail, signupId] = [shortTextOf(preference.detail), idOf(preference.signup_id)];
    return [{ ...person, category, value: wanted, detail, signupId, at }];
  });
}

/** Field `smb_app_state_sync`: what was added to, or taken from, the address book of the phone's own app. */
export function parseContactSync(value: unknown): ContactSync[] {
  return objectsOf(objectOf(value).state_sync, MOST_ITEMS).flatMap((change) => {
    const contact = objectOf(change.contact);
    const person = personOf({ ...contact, wa_id: contact.phone_number });
    const at = timeOf(objectOf(change.metadata).timestamp);
    const { action } = change;
    if (change.type !== "contact" || !at || (action !== "add" && action !== "remove")) return [];
    if (!person.phone && !person.userId) return [];
    const [name, firstName, username] = [contact.full_name, contact.first_name, contact.username].map(
      shortTextOf,
    );
    return [
      { ...person, name: name ?? null, firstName: firstName ?? null, username: username ?? null, action, at },
    ];
  });
}

function personOf({ wa_id, user_id, parent_user_id }: JsonObject): Identity {
  const id = phoneIdOf(wa_id);
  const named = isUserId(id ?? "");
  return {
    phone: named ? null : id,
    userId: idOf(user_id) ?? (named ? id : null),
    parentUserId: idOf(parent_user_id),
  };
}
