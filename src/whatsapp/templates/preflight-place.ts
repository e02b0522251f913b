import type { FieldError } from "../../errors.ts";
import type { SentComponent } from "./sent.ts";
import { isSamePlace, subTypes } from "./slots.ts";
import type { Card, Template } from "./template.ts";

/** Whether the template has the part that a component is for, a button of its kind, and only one such component. */
export function checkPlace(
  component: SentComponent,
  sent: SentComponent[],
  template: Template,
): FieldError[] {
  const { place, pointer } = component;
  const first = sent.find((other) => isSamePlace(other.place, place));
  if (first !== component)
    return [{ pointer, code: "unexpected", detail: "This component stands there twice." }];
  const card: Card | undefined = place.card === null ? template : template.cards[place.card];
  if (!card) {
    const detail = `The template has ${template.cards.length} cards: there is no card ${place.card}.`;
    return [{ pointer, code: "out_of_range", detail }];
  }
  if (place.part === "button") return checkButton(component, card);
  const isThere = place.part === "offer" ? template.offer !== null && card === template : card[place.part];
  if (isThere || component.parameters.length === 0) return [];
  return [{ pointer, code: "unexpected", detail: `The template has no ${place.part}.` }];
}

function checkButton({ place, subType, pointer }: SentComponent, { buttons }: Card): FieldError[] {
  const index = place.button ?? 0;
  const button = buttons[index];
  if (!button) {
    const detail = `The template has ${buttons.length} buttons: there is no button ${index}, counted from 0.`;
    return [{ pointer: `${pointer}/index`, code: "out_of_range", detail }];
  }
  // A kind of button that we do not know, nor what it takes.
  if (button.kind === "other") return [];
  const expected = subTypes[button.kind];
  if (subType === (expected ?? button.kind)) return [];
  const detail = expected
    ? `The button "${button.text}" is of the kind ${expected}.`
    : `The button "${button.text}" takes nothing.`;
  return [{ pointer: `${pointer}/sub_type`, code: "wrong_kind", detail }];
}
