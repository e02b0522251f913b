import { objectOf } from "../json-fields.ts";
import { isObject } from "../json-text.ts";
import { isSamePlace, type Place, type Slot } from "./slots.ts";

/** More than any template has: a hostile body is not gone through to its end. */
const MOST_COMPONENTS = 40;
const MOST_PARAMETERS = 60;

/** One component of a send: where it belongs, what it holds, and where it stands (a JSON pointer into the send object). */
export type SentComponent = {
  place: Place;
  /** Meta's kind of a button; null for all others. */
  subType: string | null;
  parameters: unknown[];
  pointer: string;
};

/** What is not a component: an unknown type, no object, or a bad index. */
export type Misplaced = { pointer: string; reason: string };

/** The components of a send, those of cards among them, and what could not be understood. */
export function sentComponents(send: unknown): { sent: SentComponent[]; misplaced: Misplaced[] } {
  const found = { sent: [] as SentComponent[], misplaced: [] as Misplaced[] };
  const { components } = objectOf(send);
  if (components !== undefined && !Array.isArray(components)) {
    found.misplaced.push({ pointer: "/components", reason: "The components must be a list." });
  }
  collect(components, "/components", null, found);
  return found;
}

/** Which parameter of a component is for which slot: by name where slots go by name, otherwise by position. */
export function parameterFor(
  slot: Slot,
  place: number,
  { parameters }: SentComponent,
): { parameter: unknown; at: number } {
  const at = slot.byName
    ? parameters.findIndex((one) => isObject(one) && one.parameter_name === slot.variable)
    : place;
  return { parameter: parameters[at], at };
}

export function componentAt(sent: SentComponent[], place: Place): SentComponent | undefined {
  return sent.find((component) => isSamePlace(component.place, place));
}

type Found = ReturnType<typeof sentComponents>;

function collect(components: unknown, at: string, card: number | null, found: Found): void {
  if (!Array.isArray(components)) return;
  for (const [i, component] of components.slice(0, MOST_COMPONENTS).entries()) {
    const pointer = `${at}/${i}`;
    const { type, index, sub_type, parameters, cards } = objectOf(component);
    const lowerType = typeof type === "string" ? type.toLowerCase() : "";
    if (lowerType === "carousel" && card === null) {
      collectCards(cards, `${pointer}/cards`, found);
      continue;
    }
    const part = partOf(lowerType);
    if (!part) {
      found.misplaced.push({ pointer: `${pointer}/type`, reason: "There is no such kind of component." });
      continue;
    }
    const button = part === "button" ? indexOf(index) : null;
    if (part === "button" && button === null) {
      found.misplaced.push({
        pointer: `${pointer}/index`,
        reason: "A button needs its index, counted from 0.",
      });
      continue;
    }
    const subType = typeof sub_type === "string" ? sub_type.toLowerCase() : null;
    const list = Array.isArray(parameters) ? parameters.slice(0, MOST_PARAMETERS) : [];
    found.sent.push({ place: { part, card, button }, subType, parameters: list, pointer });
  }
  if (components.length > MOST_COMPONENTS) {
    found.misplaced.push({ pointer: at, reason: `There are more than ${MOST_COMPONENTS} components.` });
  }
}

function collectCards(cards: unknown, at: string, found: Found): void {
  if (!Array.isArray(cards)) {
    found.misplaced.push({ pointer: at, reason: "A carousel needs its cards." });
    return;
  }
  for (const [i, card] of cards.slice(0, MOST_COMPONENTS).entries()) {
    const { card_index, components } = objectOf(card);
    const index = indexOf(card_index);
    if (index !== null) collect(components, `${at}/${i}/components`, index, found);
    else
      found.misplaced.push({
        pointer: `${at}/${i}/card_index`,
        reason: "A card needs its index, counted from 0.",
      });
  }
}

function partOf(type: string): Place["part"] | null {
  if (type === "header" || type === "body" || type === "button") return type;
  return type === "limited_time_offer" ? "offer" : null;
}

/** Meta takes an index as a number and as its text. */
function indexOf(value: unknown): number | null {
  const isText = typeof value === "string" && /^\d{1,3}$/.test(value);
  const index = isText ? Number(value) : value;
  return typeof index === "number" && Number.isSafeInteger(index) && index >= 0 ? index : null;
}
