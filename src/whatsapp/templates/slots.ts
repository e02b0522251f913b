import {
  CARD_BODY_LENGTH,
  COUPON_LENGTH,
  HEADER_LENGTH,
  TEMPLATE_BODY_LENGTH,
  TEMPLATE_URL_LENGTH,
} from "../limits.ts";
import type { Button, Header, MediaKind, Template, VariableText } from "./template.ts";
import { fillText } from "./variables.ts";

/** What goes into a slot; `suffix` ends a button's address, `thumbnail` is the picture of a catalog, `data` a form's. */
export type SlotKind =
  | "text"
  | "suffix"
  | "code"
  | "coupon"
  | MediaKind
  | "location"
  | "product"
  | "products"
  | "thumbnail"
  | "order"
  | "data"
  | "payload"
  | "datetime";

/** The component that a slot belongs to; cards and buttons count from 0, `card` is null outside a carousel. */
export type Place = {
  part: "header" | "body" | "button" | "offer";
  card: number | null;
  button: number | null;
};

/** One parameter of a send. The places of one code (its text and its button) share a key. */
export type Slot = {
  key: string;
  kind: SlotKind;
  place: Place;
  /** The name of the variable in its text, and whether its parameter has to carry it. */
  variable: string | null;
  byName: boolean;
  required: boolean;
  /** Of the value alone; null where no length is known. */
  maxLength: number | null;
  example: string | null;
};

/** What a button's component is called in a send; a button that takes nothing has none. */
export const subTypes: Partial<Record<Button["kind"], string>> = {
  quick_reply: "quick_reply",
  url: "url",
  otp: "url",
  copy_code: "copy_code",
  flow: "flow",
  catalog: "catalog",
  mpm: "mpm",
  voice_call: "voice_call",
  order_details: "order_details",
};

/** Every parameter that a send of the template has or may have, in the order of a form. */
export function slotsOf(template: Template): Slot[] {
  const { header, body, offer, buttons, cards, named } = template;
  const isCode = buttons.some(({ kind }) => kind === "otp");
  const place = (part: Place["part"]): Place => ({ part, card: null, button: null });
  const slots = [
    ...headerSlots(header, named, place("header")),
    ...bodySlots(body, named, place("body"), TEMPLATE_BODY_LENGTH),
    ...(offer?.expires ? [slot("offer.expiresAt", "datetime", place("offer"), { required: true })] : []),
    ...buttonSlots(buttons, null),
    ...cards.flatMap((card, i) => [
      ...headerSlots(card.header, named, { part: "header", card: i, button: null }),
      ...bodySlots(card.body, named, { part: "body", card: i, button: null }, CARD_BODY_LENGTH),
      ...buttonSlots(card.buttons, i),
    ]),
  ];
  return isCode ? slots.map(asCode) : slots;
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.part === b.part && a.card === b.card && a.button === b.button;
}

/** In an authentication template what goes into the text is the code, and the same as what the button copies. */
function asCode(slot: Slot): Slot {
  const isCode = slot.kind === "code" || (slot.place.part === "body" && slot.place.card === null);
  return isCode ? { ...slot, key: "code", kind: "code", maxLength: COUPON_LENGTH } : slot;
}

function headerSlots(header: Header | null, named: boolean, place: Place): Slot[] {
  if (!header || header.kind === "other") return [];
  if (header.kind === "text") return textSlots(header, named, place, HEADER_LENGTH);
  const example = "example" in header ? header.example : null;
  return [slot(`${keyOf(place)}.${header.kind}`, header.kind, place, { required: true, example })];
}

function bodySlots(body: VariableText | null, named: boolean, place: Place, longest: number): Slot[] {
  return body ? textSlots(body, named, place, longest) : [];
}

/** A value may be as long as the limit leaves room for when all others have one character. */
function textSlots(text: VariableText, byName: boolean, place: Place, longest: number): Slot[] {
  return text.variables.map(({ name, example }) => {
    const key = `${keyOf(place)}.${name}`;
    const maxLength = roomFor(text, name, longest);
    return slot(key, "text", place, { required: true, variable: name, byName, example, maxLength });
  });
}

function roomFor(text: VariableText, name: string, longest: number): number {
  const without = fillText(text, (other) => (other === name ? "" : "x")).length;
  const once = fillText(text, () => "x").length;
  return Math.max(1, Math.floor((longest - without) / Math.max(1, once - without)));
}

function buttonSlots(buttons: Button[], card: number | null): Slot[] {
  return buttons.flatMap((button, i) => {
    const place: Place = { part: "button", card, button: i };
    const one = (name: string, kind: SlotKind, more: Partial<Slot> = {}) => [
      slot(`${keyOf(place)}.${name}`, kind, place, more),
    ];
    if (button.kind === "url") return button.variable ? one("url", "suffix", suffixOf(button)) : [];
    if (button.kind === "otp") return one("code", "code", { required: true });
    if (button.kind === "copy_code") {
      return one("code", "coupon", {
        required: true,
        maxLength: COUPON_LENGTH,
        example: button.example,
      });
    }
    if (button.kind === "mpm") return one("products", "products", { required: true });
    if (button.kind === "order_details") return one("order", "order", { required: true });
    if (button.kind === "catalog") return one("thumbnail", "thumbnail");
    if (button.kind === "flow") return one("data", "data");
    if (button.kind === "quick_reply") return one("payload", "payload");
    return [];
  });
}

function suffixOf({ url, variable }: Extract<Button, { kind: "url" }>): Partial<Slot> {
  if (!variable) return {};
  const { name, example } = variable;
  const maxLength = roomFor({ text: url, variables: [variable] }, name, TEMPLATE_URL_LENGTH);
  // Meta takes an example of the whole address; what is filled in is its end.
  const [start = ""] = url.split("{{");
  const end = example?.startsWith(start) ? example.slice(start.length) : "";
  return { required: true, variable: name, example: end || example, maxLength };
}

function keyOf({ part, card, button }: Place): string {
  return `${card === null ? "" : `cards.${card}.`}${part}${button === null ? "" : `s.${button}`}`;
}

function slot(key: string, kind: SlotKind, place: Place, more: Partial<Slot> = {}): Slot {
  const none = { variable: null, byName: false, required: false, maxLength: null, example: null };
  return { ...none, ...more, key, kind, place };
}
