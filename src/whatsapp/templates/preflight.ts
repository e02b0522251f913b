import type { FieldError } from "../../errors.ts";
import { objectOf } from "../json-fields.ts";
import { isObject } from "../json-text.ts";
import { parseValues, positionOf } from "./fill.ts";
import { nameOf } from "./form.ts";
import { faultOf } from "./parameters.ts";
import { checkHead } from "./preflight-head.ts";
import { checkLengths } from "./preflight-lengths.ts";
import { checkPlace } from "./preflight-place.ts";
import { componentAt, parameterFor, type SentComponent, sentComponents } from "./sent.ts";
import { isSamePlace, type Slot, slotsOf } from "./slots.ts";
import type { Template, TemplateRecipient } from "./template.ts";

/** Enough to be useful, and the answer to a hostile body stays small. */
const MOST_ERRORS = 40;

/**
 * What Meta would refuse of a template message, each with the place in the send object (a JSON pointer), a rule and a
 * sentence for an agent; empty when there is nothing. Parts of the definition that we do not know are not checked.
 */
export function preflight(template: Template, send: unknown, to?: TemplateRecipient): FieldError[] {
  if (!isObject(send)) return [invalid("", "A template message needs a name, a language and components.")];
  const { sent, misplaced } = sentComponents(send);
  const slots = slotsOf(template);
  const errors = [
    ...checkHead(template, send, to),
    ...misplaced.map(({ pointer, reason }) => invalid(pointer, reason)),
    ...sent.flatMap((component) => checkPlace(component, sent, template)),
    ...slots.flatMap((slot) => checkSlot(slot, slots, sent, template)),
    ...sent.flatMap((component) => checkExtra(component, slots)),
    ...checkLengths(template, parseValues(template, send), sent),
    ...checkSameCode(slots, sent),
  ];
  return errors.slice(0, MOST_ERRORS);
}

function checkSlot(slot: Slot, slots: Slot[], sent: SentComponent[], template: Template): FieldError[] {
  const name = nameOf(slot, template);
  const component = componentAt(sent, slot.place);
  const missing = (pointer: string) =>
    slot.required ? [{ pointer, code: "missing", detail: sentence(`${name} has no value`) }] : [];
  if (!component) return missing("/components");
  const { parameter, at } = parameterFor(slot, positionOf(slot, slots), component);
  if (parameter === undefined) return missing(`${component.pointer}/parameters`);
  const pointer = `${component.pointer}/parameters/${at}`;
  const fault = faultOf(slot, parameter);
  const errors = fault ? [{ pointer, code: fault.code, detail: sentence(`${name} ${fault.reason}`) }] : [];
  const isNamed = slot.kind === "text" && isObject(parameter) && parameter.parameter_name !== undefined;
  if (!isNamed || slot.byName) return errors;
  const detail = sentence(
    `${name} goes by its position: parameter_name is for templates with named variables`,
  );
  return [...errors, { pointer: `${pointer}/parameter_name`, code: "wrong_format", detail }];
}

/** Parameters for which the template has no variable: Meta counts them (132000). */
function checkExtra({ place, parameters, pointer }: SentComponent, slots: Slot[]): FieldError[] {
  const here = slots.filter((slot) => isSamePlace(slot.place, place));
  return parameters.flatMap((parameter, i) => {
    const byName = here.some((slot) => slot.byName);
    const name = objectOf(parameter).parameter_name;
    const first = parameters.findIndex((one) => objectOf(one).parameter_name === name);
    const isKnown = byName ? here.some((slot) => slot.variable === name) && first === i : i < here.length;
    if (isKnown) return [];
    const at = `${pointer}/parameters/${i}`;
    if (byName && typeof name !== "string") {
      const detail = "This template's variables have names: the parameter needs its parameter_name.";
      return [{ pointer: at, code: "wrong_format", detail }];
    }
    const which = byName ? `parameter ${JSON.stringify(name).slice(0, 80)}` : `parameter ${i + 1}`;
    const many = here.length === 0 ? "none" : String(here.length);
    const detail = `The template has no place for ${which} of this ${place.part}: it takes ${many}.`;
    return [{ pointer: at, code: "unexpected", detail }];
  });
}

/** Meta wants the code of the text and that of the button to be one. */
function checkSameCode(slots: Slot[], sent: SentComponent[]): FieldError[] {
  const codes = slots
    .filter(({ kind }) => kind === "code")
    .flatMap((slot) => {
      const component = componentAt(sent, slot.place);
      if (!component) return [];
      const { parameter, at } = parameterFor(slot, positionOf(slot, slots), component);
      const { text } = objectOf(parameter);
      return typeof text === "string" ? [{ text, pointer: `${component.pointer}/parameters/${at}` }] : [];
    });
  const detail = "The code of the button must be the code of the text.";
  return codes
    .filter(({ text }) => text !== codes[0]?.text)
    .map(({ pointer }) => ({ pointer: `${pointer}/text`, code: "invalid", detail }));
}

function invalid(pointer: string, detail: string): FieldError {
  return { pointer, code: "invalid", detail };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
