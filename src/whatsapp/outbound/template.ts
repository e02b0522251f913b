import { z } from "zod";
import { CARDS, TEMPLATE_BUTTONS, TEMPLATE_NAME_LENGTH, VALUES } from "../limits.ts";
import {
  allDistinct,
  arrayOf,
  integerBetween,
  literal,
  metaObject,
  nonBlank,
  nonEmpty,
  oneOf,
  unionError,
} from "./checks.ts";
import { templateButton } from "./template-buttons.ts";
import { body, header, limitedTimeOffer, orderStatus } from "./template-values.ts";

const cardComponent = z.discriminatedUnion(
  "type",
  [header, body, templateButton],
  unionError("A component of a card", ["header", "body", "button"]),
);

const card = metaObject(
  {
    card_index: integerBetween({ min: 0, max: CARDS.max - 1 }, "The index of a card"),
    components: arrayOf(cardComponent, "A card", "components", { min: 1, max: VALUES }),
  },
  "A card",
);

const carousel = metaObject(
  {
    type: literal("carousel", "CAROUSEL"),
    cards: arrayOf(card, "A carousel", "cards", CARDS).refine(
      (all) => allDistinct(all.map(({ card_index }) => card_index)),
      "The indexes of cards must differ.",
    ),
  },
  "A component",
);

const component = z.discriminatedUnion(
  "type",
  [header, body, templateButton, carousel, limitedTimeOffer, orderStatus],
  unionError("A component", ["header", "body", "button", "carousel", "limited_time_offer", "order_status"]),
);

const components = arrayOf(component, "A template", "components", { min: 0, max: VALUES })
  .refine(
    (all) => allDistinct(onlyOnes(all)),
    "Of header, body, carousel, offer and order there is one at most.",
  )
  .refine((all) => all.filter(isButton).length <= TEMPLATE_BUTTONS, {
    error: ({ input }) =>
      `A template has at most ${TEMPLATE_BUTTONS} buttons; this one has ${(input as Component[]).filter(isButton).length}.`,
  })
  .refine((all) => allDistinct(all.map((one) => (isButton(one) ? String(one.index) : undefined))), {
    error: "The indexes of buttons must differ.",
  });

/**
 * Meta's `template`: which one, in which language, and what fills its variables. Whether that fits is known to the
 * template's definition, not here.
 */
export const template = metaObject(
  {
    name: nonBlank(TEMPLATE_NAME_LENGTH, "The name of a template"),
    language: metaObject(
      {
        code: nonEmpty("The code of a language"),
        policy: oneOf(["deterministic"], "The policy of a language").optional(),
      },
      "The language of a template",
    ),
    components: components.optional(),
  },
  "A template",
).meta({ id: "TemplateMessage" });

type Component = z.infer<typeof component>;

function isButton(one: Component): one is z.infer<typeof templateButton> {
  return "sub_type" in one;
}

function onlyOnes(all: Component[]): string[] {
  return all.filter((one) => !isButton(one)).map(({ type }) => type.toLowerCase());
}
