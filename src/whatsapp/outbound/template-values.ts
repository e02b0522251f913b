import { z } from "zod";
import { HEADER_LENGTH, TEMPLATE_VALUE_LENGTH, VALUES } from "../limits.ts";
import { arrayOf, integerBetween, literal, metaObject, nonBlank, nonEmpty, unionError } from "./checks.ts";
import { location } from "./location.ts";
import { documentFile, image, video } from "./media.ts";
import { referenceId } from "./payments.ts";

// What is filled into the header and the body of a template.

/** The variable that a value is for, where the template's variables have names. */
const named = { parameter_name: nonEmpty("The name of a parameter").optional() };

const currency = metaObject(
  {
    fallback_value: nonEmpty("The fallback of a currency"),
    code: nonEmpty("The code of a currency"),
    amount_1000: integerBetween(
      { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
      "amount_1000",
    ),
  },
  "A currency",
);
const dateTime = metaObject({ fallback_value: nonEmpty("The fallback of a date") }, "A date");

const currencyValue = metaObject({ type: literal("currency"), currency, ...named }, "A parameter").meta({
  id: "TemplateCurrency",
});
const dateTimeValue = metaObject(
  { type: literal("date_time"), date_time: dateTime, ...named },
  "A parameter",
).meta({ id: "TemplateDateTime" });

const inWords = <Length extends number>(length: Length) =>
  [
    metaObject({ type: literal("text"), text: nonBlank(length, "A value"), ...named }, "A parameter"),
    currencyValue,
    dateTimeValue,
  ] as const;

const headerValue = z.discriminatedUnion(
  "type",
  [
    ...inWords(HEADER_LENGTH),
    metaObject({ type: literal("image"), image }, "A parameter"),
    metaObject({ type: literal("video"), video }, "A parameter"),
    metaObject({ type: literal("document"), document: documentFile }, "A parameter"),
    metaObject({ type: literal("location"), location }, "A parameter"),
  ],
  unionError("A parameter of the header", [
    "text",
    "currency",
    "date_time",
    "image",
    "video",
    "document",
    "location",
  ]),
);

const bodyValue = z.discriminatedUnion(
  "type",
  inWords(TEMPLATE_VALUE_LENGTH),
  unionError("A parameter of the body", ["text", "currency", "date_time"]),
);

export const header = metaObject(
  {
    type: literal("header", "HEADER"),
    parameters: arrayOf(headerValue, "A header", "parameters", { min: 0, max: 1 }).optional(),
  },
  "A component",
).meta({ id: "TemplateHeader" });

/** By position or by name, and not some so and some so: Meta answers 132000 or 132012. */
export const body = metaObject(
  {
    type: literal("body", "BODY"),
    parameters: arrayOf(bodyValue, "A body", "parameters", { min: 0, max: VALUES })
      .refine((all) => new Set(all.map((one) => one.parameter_name === undefined)).size < 2, {
        error: "Either all parameters of a body have a parameter_name, or none has.",
      })
      .optional(),
  },
  "A component",
).meta({ id: "TemplateBody" });

const offer = metaObject(
  {
    expiration_time_ms: integerBetween(
      { min: 1, max: Number.MAX_SAFE_INTEGER },
      "The end of an offer, in milliseconds,",
    ),
  },
  "An offer",
);
const offerValue = metaObject(
  { type: literal("limited_time_offer"), limited_time_offer: offer },
  "A parameter",
);

export const limitedTimeOffer = metaObject(
  {
    type: literal("limited_time_offer", "LIMITED_TIME_OFFER"),
    parameters: arrayOf(offerValue, "An offer", "parameters", { min: 1, max: 1 }),
  },
  "A component",
);

const orderValue = metaObject(
  {
    type: literal("order_status"),
    order_status: metaObject({ reference_id: referenceId }, "An order"),
  },
  "A parameter",
);

export const orderStatus = metaObject(
  {
    type: literal("order_status", "ORDER_STATUS"),
    parameters: arrayOf(orderValue, "An order", "parameters", { min: 1, max: 1 }),
  },
  "A component",
);
