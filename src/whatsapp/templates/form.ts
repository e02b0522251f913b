import { type Place, type Slot, type SlotKind, slotsOf } from "./slots.ts";
import type { Template } from "./template.ts";

export type FormField = {
  /** Under which the value stands in `TemplateValues`. */
  key: string;
  kind: SlotKind;
  /** For a client that has no texts of its own for `where` and `variable`. */
  label: string;
  where: Place;
  variable: string | null;
  required: boolean;
  /** Of this value, in UTF-16 units, when the others of its text have one character each; `preflight` knows the sum. */
  maxLength: number | null;
  example: string | null;
};

/**
 * What an agent fills in, in the order of the message. A code that stands in several places is one field; what is for
 * programs only, such as the answer of a quick reply, is none.
 */
export function templateForm(template: Template): FormField[] {
  const fields = new Map<string, FormField>();
  for (const slot of slotsOf(template)) {
    if (slot.kind === "payload" || fields.has(slot.key)) continue;
    const { key, kind, place: where, variable, required, maxLength, example } = slot;
    const label = labelOf(slot, template);
    fields.set(key, { key, kind, label, where, variable, required, maxLength, example });
  }
  return [...fields.values()];
}

/** The name of a slot inside a sentence, and with a capital in a form: "the body's variable {{1}}". */
export function nameOf({ kind, place, variable }: Slot, template: Template): string {
  const card = place.card === null ? "" : ` of card ${place.card + 1}`;
  if (place.part === "button") {
    const buttons = place.card === null ? template.buttons : template.cards[place.card]?.buttons;
    const text = buttons?.[place.button ?? 0]?.text;
    return `${names[kind]} of the button ${text ? `"${text}"` : (place.button ?? 0) + 1}${card}`;
  }
  if (kind === "code") return "the code";
  if (variable !== null) return `the ${place.part}'s variable {{${variable}}}${card}`;
  return place.part === "offer" ? "the end of the offer" : `the header's ${kind}${card}`;
}

const names: Record<SlotKind, string> = {
  text: "the text",
  suffix: "the end of the address",
  code: "the code",
  coupon: "the coupon code",
  image: "the image",
  video: "the video",
  document: "the document",
  location: "the location",
  product: "the product",
  products: "the products",
  thumbnail: "the pictured product",
  order: "the order",
  data: "the form's data",
  payload: "the answer",
  datetime: "the moment",
};

function labelOf(slot: Slot, template: Template): string {
  const name = nameOf(slot, template).replace(/^the /, "");
  return name.charAt(0).toUpperCase() + name.slice(1);
}
