import type { FieldError } from "../../errors.ts";
import { CARD_BODY_LENGTH, HEADER_LENGTH, TEMPLATE_BODY_LENGTH, TEMPLATE_URL_LENGTH } from "../limits.ts";
import { templatePreview } from "./preview.ts";
import { componentAt, type SentComponent } from "./sent.ts";
import type { Place } from "./slots.ts";
import type { Template, TemplateValues } from "./template.ts";

/** Which texts are too long once they are filled in (Meta's 132005); only those that hold something sent. */
export function checkLengths(
  template: Template,
  values: TemplateValues,
  sent: SentComponent[],
): FieldError[] {
  const preview = templatePreview(template, values);
  const all = [{ ...preview, card: null }, ...preview.cards.map((card, i) => ({ ...card, card: i }))];
  const texts = all.flatMap(({ header, body, buttons, card }) => [
    {
      place: { part: "header", card, button: null } as Place,
      what: "The header",
      text: header?.kind === "text" ? header.text : "",
      most: HEADER_LENGTH,
    },
    {
      place: { part: "body", card, button: null } as Place,
      what: "The text",
      text: body,
      most: card === null ? TEMPLATE_BODY_LENGTH : CARD_BODY_LENGTH,
    },
    ...buttons.map(({ kind, text, target }, i) => ({
      place: { part: "button", card, button: i } as Place,
      what: `The address of the button "${text}"`,
      text: kind === "url" ? (target ?? "") : "",
      most: TEMPLATE_URL_LENGTH,
    })),
  ]);
  return texts.flatMap(({ place, what, text, most }) => {
    const component = componentAt(sent, place);
    if (!component || component.parameters.length === 0 || text.length <= most) return [];
    const of = place.card === null ? "" : ` of card ${place.card + 1}`;
    const detail = `${what}${of} has at most ${most} characters; filled in it has ${text.length}.`;
    return [{ pointer: `${component.pointer}/parameters`, code: "too_long", detail }];
  });
}
