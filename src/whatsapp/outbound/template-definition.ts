import { z } from "zod";
import {
  CARD_BODY_LENGTH,
  CARDS,
  CODE_MINUTES,
  FOOTER_LENGTH,
  HEADER_LENGTH,
  OFFER_LENGTH,
  TEMPLATE_BODY_LENGTH,
  TEMPLATE_NAME_LENGTH,
  TEMPLATE_TTL_SECONDS,
  VALUES,
} from "../limits.ts";
import { bounded } from "./bounded.ts";
import {
  arrayOf,
  integerBetween,
  literal,
  metaObject,
  nonBlank,
  nonEmpty,
  oneOf,
  unionError,
} from "./checks.ts";
import { buttons } from "./template-definition-buttons.ts";

// What a template is made or changed with, in Meta's names.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components

const example = metaObject({}, "The example").optional();
const needsExample = {
  error: "A text with variables needs an example of their values.",
  path: ["example"],
};

const header = metaObject(
  {
    type: literal("HEADER", "header"),
    format: oneOf(
      ["TEXT", "IMAGE", "VIDEO", "GIF", "DOCUMENT", "LOCATION", "PRODUCT"],
      "The format of a header",
    ),
    text: nonBlank(HEADER_LENGTH, "A header").optional(),
    example,
  },
  "A component",
)
  .refine(({ format, text }) => (format === "TEXT") === (text !== undefined), {
    error: "A header of the format TEXT has a text, and no other has one.",
    path: ["text"],
  })
  .refine((one) => one.example !== undefined || !hasVariables(one.text), needsExample)
  .refine((one) => one.example !== undefined || !["IMAGE", "VIDEO", "GIF", "DOCUMENT"].includes(one.format), {
    error: "A header with media needs an example: the handle of an upload.",
    path: ["example"],
  })
  .meta({ id: "TemplateDefinitionHeader" });

/** The text is Meta's own in templates of authentication. */
const bodyOf = (limit: number) =>
  metaObject(
    {
      type: literal("BODY", "body"),
      text: nonBlank(limit, "The text of a template").optional(),
      add_security_recommendation: z.boolean({ error: "This must be true or false." }).optional(),
      example,
    },
    "A component",
  ).refine((one) => one.example !== undefined || !hasVariables(one.text), needsExample);

const body = bodyOf(TEMPLATE_BODY_LENGTH);

const footer = metaObject(
  {
    type: literal("FOOTER", "footer"),
    text: nonBlank(FOOTER_LENGTH, "A footer").optional(),
    code_expiration_minutes: integerBetween(
      { min: 1, max: CODE_MINUTES },
      "code_expiration_minutes",
    ).optional(),
  },
  "A component",
);

const cardComponent = z.discriminatedUnion(
  "type",
  [header, bodyOf(CARD_BODY_LENGTH), buttons],
  unionError("A component of a card", ["HEADER", "BODY", "BUTTONS"]),
);
const card = metaObject(
  { components: arrayOf(cardComponent, "A card", "components", { min: 1, max: VALUES }) },
  "A card",
);
const carousel = metaObject(
  { type: literal("CAROUSEL", "carousel"), cards: arrayOf(card, "A carousel", "cards", CARDS) },
  "A component",
);

const offer = metaObject(
  {
    type: literal("LIMITED_TIME_OFFER", "limited_time_offer"),
    limited_time_offer: metaObject({ text: nonBlank(OFFER_LENGTH, "The title of an offer") }, "An offer"),
  },
  "A component",
);
const callPermission = metaObject(
  { type: literal("CALL_PERMISSION_REQUEST", "call_permission_request") },
  "A component",
);

const component = z
  .discriminatedUnion(
    "type",
    [header, body, footer, buttons, carousel, offer, callPermission],
    unionError("A component", [
      "HEADER",
      "BODY",
      "FOOTER",
      "BUTTONS",
      "CAROUSEL",
      "LIMITED_TIME_OFFER",
      "CALL_PERMISSION_REQUEST",
    ]),
  )
  .meta({ id: "TemplateDefinitionComponent" });

const categories = ["AUTHENTICATION", "MARKETING", "UTILITY"] as const;
const category = oneOf(categories, "The category");
const ttl = z.int({ error: "message_send_ttl_seconds must be a whole number." }).optional();

const components = arrayOf(component, "A template", "components", { min: 1, max: VALUES })
  .refine((all) => all.some(({ type }) => type.toUpperCase() === "BODY"), "A template has a body.")
  .refine((all) => new Set(all.map(({ type }) => type.toUpperCase())).size === all.length, {
    error: "Of each component there is one at most.",
  });

const ttlError = {
  error: ({ input }: { input?: unknown }) => {
    const { min, max } = TEMPLATE_TTL_SECONDS[(input as { category: Category }).category];
    return `message_send_ttl_seconds must be from ${min} to ${max} for this category, or -1.`;
  },
  path: ["message_send_ttl_seconds"],
};

/** A new template. */
export const templateCreation = bounded(
  metaObject(
    {
      name: nonBlank(TEMPLATE_NAME_LENGTH, "The name of a template").regex(/^[a-z0-9_]*$/, {
        error: "The name of a template has small English letters, digits and underscores.",
      }),
      language: nonEmpty("The language"),
      category,
      parameter_format: oneOf(["POSITIONAL", "NAMED", "positional", "named"], "parameter_format").optional(),
      message_send_ttl_seconds: ttl,
      components,
    },
    "A template",
  )
    .refine((one) => isTtl(one.category, one.message_send_ttl_seconds), ttlError)
    .meta({
      id: "TemplateCreation",
      examples: [
        {
          name: "order_shipped",
          language: "en",
          category: "UTILITY",
          components: [{ type: "BODY", text: "Your order has been shipped." }],
        },
      ],
    }),
);

/** What becomes of a template that is there: it keeps its name and its language. */
export const templateEdit = bounded(
  metaObject(
    { category: category.optional(), message_send_ttl_seconds: ttl, components: components.optional() },
    "A template",
  )
    .refine((one) => isTtl(one.category, one.message_send_ttl_seconds), ttlError)
    .meta({ id: "TemplateEdit" }),
);

type Category = (typeof categories)[number];

function isTtl(category: Category | undefined, seconds: number | undefined): boolean {
  if (category === undefined || seconds === undefined || seconds === -1) return true;
  const { min, max } = TEMPLATE_TTL_SECONDS[category];
  return seconds >= min && seconds <= max;
}

function hasVariables(text: string | undefined): boolean {
  return text !== undefined && /\{\{\s*\w+\s*\}\}/.test(text);
}
