import { belongingsOf } from "./belongings.ts";
import { cleanText } from "./clean-text.ts";
import { contactFinder } from "./find-contact.ts";
import { historyParts } from "./history-parts.ts";
import { idOf, objectOf } from "./json-fields.ts";
import { isObject, type JsonObject, pick } from "./json-text.ts";
import { besideOf, SharedParts } from "./shared-parts.ts";

/** Where in a body something stood. */
export type Place = {
  wabaId: string | null;
  field: string | null;
  phoneNumberId: string | null;
  /** The digits that Meta shows for `phoneNumberId`, where the same object has both. */
  displayPhoneNumber?: string;
};

/** The lists that we take apart; what `history` holds are chunks of threads of messages. */
export type List = "messages" | "message_echoes" | "statuses" | "calls" | "history";

/**
 * One piece of a webhook body, and `body`: a webhook body that holds this piece alone, in its place. Reading that body
 * gives this piece again and nothing else.
 */
export type Piece =
  | {
      kind: "item";
      place: Place;
      list: List;
      item: unknown;
      contact: JsonObject | null;
      /** What stands in `body`, in the change's place. */
      value: JsonObject;
      body: JsonObject;
    }
  | { kind: "rest"; place: Place; known: boolean; value?: unknown; body: JsonObject };

const OF_CHATS: readonly List[] = ["messages", "message_echoes", "statuses"];
/** The pick fields whose lists are ours to apply: `standby` uses the same names for what is another app's to answer. */
const LISTS: Record<string, readonly List[]> = {
  messages: OF_CHATS,
  smb_message_echoes: OF_CHATS,
  message_echoes: OF_CHATS,
  calls: ["calls", "statuses"],
  history: ["history", "messages", "message_echoes"],
};
const SHARED = ["messaging_product", "metadata"];

type Wrap = (inner: unknown) => JsonObject;

/**
 * Takes a body apart so that everything in it is in exactly one piece: every item of every list is a piece, and so is
 * whatever stands beside or in place of what Meta documents. The root must have an `entry` that is a list with something in it.
 */
export function* splitPayload(root: JsonObject & { entry: unknown[] }): Generator<Piece> {
  const { shared, own } = besideOf(root, ["object"], ["entry"]);
  const nowhere: Place = { wabaId: null, field: null, phoneNumberId: null };
  if (!isEmpty(own)) yield { kind: "rest", place: nowhere, known: false, body: { ...shared.next(), ...own } };
  for (const entry of root.entry) {
    const wrap: Wrap = (inner) => ({ ...shared.next(), entry: [inner] });
    if (isObject(entry)) yield* splitEntry(entry, wrap);
    else yield { kind: "rest", place: nowhere, known: false, body: wrap(entry) };
  }
}

function* splitEntry(entry: JsonObject, wrap: Wrap): Generator<Piece> {
  const id = idOf(entry.id);
  // Of what is about one number alone some bodies have the id 0.
  const place: Place = { wabaId: id === "0" ? null : id, field: null, phoneNumberId: null };
  const { changes } = entry;
  const list = Array.isArray(changes) ? changes : [];
  const { shared, own } = besideOf(entry, ["id", "time"], ["changes"]);
  if (list.length === 0) yield { kind: "rest", place, known: false, body: wrap(entry) };
  else if (!isEmpty(own))
    yield { kind: "rest", place, known: false, body: wrap({ ...shared.next(), ...own }) };
  for (const change of list) {
    const wrapChange: Wrap = (inner) => wrap({ ...shared.next(), changes: [inner] });
    if (isObject(change)) yield* splitChange(change, place, wrapChange);
    else yield { kind: "rest", place, known: false, body: wrapChange(change) };
  }
}

function* splitChange(change: JsonObject, { wabaId }: Place, wrap: Wrap): Generator<Piece> {
  const { value } = change;
  const phoneNumberId = phoneNumberIdOf(value);
  const shown = [objectOf(value).metadata, objectOf(value).recipient].find(
    (one) => phoneNumberId !== null && idOf(objectOf(one).phone_number_id) === phoneNumberId,
  );
  const displayPhoneNumber = displayPhoneOf(shown);
  const place: Place = {
    wabaId,
    field: fieldOf(change),
    phoneNumberId,
    ...(displayPhoneNumber && { displayPhoneNumber }),
  };
  const lists = listsOf(change.field);
  const items = isObject(value) ? itemsOf(value, lists) : [];
  if (!isObject(value) || items.length === 0) {
    yield { kind: "rest", place, known: isObject(value) && isKnown(value, lists), value, body: wrap(change) };
    return;
  }
  const { shared, own } = besideOf(change, ["field"], ["value"]);
  if (!isEmpty(own)) {
    const { displayPhoneNumber: _, ...apart } = place;
    const body = wrap({ ...shared.next(), ...own });
    yield { kind: "rest", place: { ...apart, phoneNumberId: null }, known: false, body };
  }
  const wrapValue: Wrap = (inner) => wrap({ ...shared.next(), value: inner });
  yield* splitValue({ value, lists, items }, place, wrapValue);
}

type Value = { value: JsonObject; lists: readonly List[]; items: Item[] };

function* splitValue({ value, lists, items }: Value, place: Place, wrap: Wrap): Generator<Piece> {
  const taken = lists.filter((list) => Array.isArray(value[list]));
  const belongings = belongingsOf(value, place.field, items);
  const { shared, own } = besideOf(value, SHARED, [...taken, ...belongings.keys()]);
  const contacts = Array.isArray(value.contacts) ? value.contacts : [];
  const find = contactFinder(contacts, items);
  const used = new Map<unknown, SharedParts>();
  for (const { list, item, alone } of items) {
    const contact = list === "history" ? null : find(list, item);
    const known = used.get(contact) ?? new SharedParts({ contact });
    if (contact) used.set(contact, known);
    const keys = [...belongings].filter(([, owner]) => owner === item).map(([key]) => key);
    const named = contact && { contacts: [known.next().contact] };
    const inner = { ...shared.next(), ...named, [list]: [alone], ...pick(value, keys) };
    yield { kind: "item", place, list, item, contact, value: inner, body: wrap(inner) };
  }
  const chunks = lists.includes("history") && Array.isArray(value.history) ? value.history : [];
  for (const chunk of historyParts(chunks).rests) {
    const inner = { ...shared.next(), history: [chunk] };
    yield { kind: "rest", place, known: isKnown(inner, lists), value: inner, body: wrap(inner) };
  }
  const left = contacts.filter((contact) => !used.has(contact));
  for (const [key, beside] of Object.entries(own)) {
    const contactsLeft = key === "contacts" && Array.isArray(beside) ? left : null;
    if (contactsLeft?.length === 0) continue;
    const rest = contactsLeft ?? beside;
    const inner = { ...shared.next(), ...Object.fromEntries([[key, rest]]) };
    yield { kind: "rest", place, known: isKnown(inner, lists), value: inner, body: wrap(inner) };
  }
}

/** `alone`: what stands in the list where this is all that is in it. */
type Item = { list: List; item: unknown; alone: unknown };

function itemsOf(value: JsonObject, lists: readonly List[]): Item[] {
  return lists.flatMap((list): Item[] => {
    const inner: unknown = value[list];
    const items: unknown[] = Array.isArray(inner) ? inner : [];
    if (list === "history") return historyParts(items).items.map((old) => ({ list, ...old }));
    return items.map((item) => ({ list, item, alone: item }));
  });
}

/** Those of a field; a missing field is forgiven. */
function listsOf(field: unknown): readonly List[] {
  if (field === undefined) return OF_CHATS;
  return (typeof field === "string" && Object.hasOwn(LISTS, field) && LISTS[field]) || [];
}

/**
 * Whether this is of a shape that Meta may well send: something besides what all values share, and no broken list. What is
 * of no field of ours may be of any shape.
 */
function isKnown(value: JsonObject, ours: readonly List[]): boolean {
  if (ours.length === 0) return true;
  const { own } = besideOf(value, SHARED, []);
  const broken = [...ours, "contacts"].some((list) => list in own && !Array.isArray(own[list]));
  return !isEmpty(own) && !broken;
}

function fieldOf(change: JsonObject): string | null {
  return typeof change.field === "string" ? cleanText(change.field, 256) : null;
}

/** Handovers name it as the recipient, settings as theirs, and an alert as the entity that it is about. */
export function phoneNumberIdOf(value: unknown): string | null {
  const { metadata, recipient, phone_number_settings, entity_type, entity_id } = objectOf(value);
  const places = [metadata, recipient, phone_number_settings].map(objectOf);
  const ids = places.map(({ phone_number_id }) => idOf(phone_number_id));
  return ids.find((id) => id !== null) ?? (entity_type === "PHONE_NUMBER" ? idOf(entity_id) : null);
}

/** The digits of our own number in the `metadata` of a value. */
export function displayPhoneOf(metadata: unknown): string | null {
  return idOf(objectOf(metadata).display_phone_number)?.replace(/\D/g, "") ?? null;
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
