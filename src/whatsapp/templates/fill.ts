import type { JsonObject } from "../json-text.ts";
import { parameterOf, parseValue } from "./parameters.ts";
import { componentAt, parameterFor, sentComponents } from "./sent.ts";
import { isSamePlace, type Slot, slotsOf, subTypes } from "./slots.ts";
import type { Template, TemplateSend, TemplateValue, TemplateValues } from "./template.ts";

/** A form that is opened without a token of its own. https://developers.facebook.com/docs/whatsapp/flows */
const NO_FLOW_TOKEN = "unused";

/** Meta's send object. What was not filled in is left out, and `preflight` names it. */
export function fillTemplate(template: Template, values: TemplateValues): TemplateSend {
  const slots = slotsOf(template);
  const inCard = (card: number | null) => componentsOf(slots, card, template, values);
  const cards = template.cards.map((_, i) => ({ card_index: i, components: inCard(i) }));
  const carousel = cards.length > 0 ? [{ type: "carousel", cards }] : [];
  const { name, language } = template;
  return { name, language: { code: language }, components: [...inCard(null), ...carousel] };
}

/** The values of a send object, by the keys of the form: what `fillTemplate` was given, or what anybody sent. */
export function parseValues(template: Template, send: unknown): TemplateValues {
  const slots = slotsOf(template);
  const { sent } = sentComponents(send);
  const values: [string, TemplateValue][] = [];
  for (const slot of slots) {
    const component = componentAt(sent, slot.place);
    if (!component) continue;
    const { parameter } = parameterFor(slot, positionOf(slot, slots), component);
    const value = parseValue(slot, parameter);
    if (value !== undefined) values.push([slot.key, value]);
  }
  return Object.fromEntries(values);
}

/** Which of its component's parameters is the slot's. */
export function positionOf(slot: Slot, slots: Slot[]): number {
  return slots.filter(({ place }) => isSamePlace(place, slot.place)).indexOf(slot);
}

function componentsOf(
  slots: Slot[],
  card: number | null,
  template: Template,
  values: TemplateValues,
): JsonObject[] {
  const here = slots.filter(({ place }) => place.card === card);
  const firsts = here.filter((slot) => positionOf(slot, here) === 0);
  return firsts.flatMap((first) => {
    const parameters = here
      .filter(({ place }) => isSamePlace(place, first.place))
      .flatMap((slot) => filled(slot, values));
    return parameters.length > 0 ? [{ ...headOf(first, template), parameters }] : [];
  });
}

function filled(slot: Slot, values: TemplateValues): JsonObject[] {
  const value = Object.hasOwn(values, slot.key) ? values[slot.key] : undefined;
  if (slot.kind === "data") {
    const data = value === undefined ? {} : { flow_action_data: value };
    return [{ type: "action", action: { flow_token: NO_FLOW_TOKEN, ...data } }];
  }
  return value === undefined ? [] : [parameterOf(slot, value)];
}

function headOf({ place }: Slot, template: Template): JsonObject {
  const { part, card, button } = place;
  if (part === "offer") return { type: "limited_time_offer" };
  if (button === null) return { type: part };
  const buttons = card === null ? template.buttons : (template.cards[card]?.buttons ?? []);
  const kind = buttons[button]?.kind;
  return { type: "button", sub_type: kind && subTypes[kind], index: String(button) };
}
