import { z } from "zod";
import { kinds, listOf, metas, only, some, whole, words } from "./checks.ts";
import { HEADER_LENGTH, TEMPLATE_VALUE_LENGTH, VALUES } from "./limits.ts";
import { location } from "./location.ts";
import { documentFile, image, video } from "./media.ts";
import { referenceId } from "./payments.ts";

// What is filled into the header and the body of a template.

/** The variable that a value is for, where the template's variables have names. */
const named = { parameter_name: some("The name of a parameter").optional() };

const currency = metas(
  {
    fallback_value: some("The fallback of a currency"),
    code: some("The code of a currency"),
    amount_1000: whole({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }, "amount_1000"),
  },
  "A currency",
);
const dateTime = metas({ fallback_value: some("The fallback of a date") }, "A date");

const inWords = <Length extends number>(length: Length) =>
  [
    metas({ type: only("text"), text: words(length, "A value"), ...named }, "A parameter"),
    metas({ type: only("currency"), currency, ...named }, "A parameter"),
    metas({ type: only("date_time"), date_time: dateTime, ...named }, "A parameter"),
  ] as const;

const headerValue = z.discriminatedUnion(
  "type",
  [
    ...inWords(HEADER_LENGTH),
    metas({ type: only("image"), image }, "A parameter"),
    metas({ type: only("video"), video }, "A parameter"),
    metas({ type: only("document"), document: documentFile }, "A parameter"),
    metas({ type: only("location"), location }, "A parameter"),
  ],
  kinds("A parameter of the header", [
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
  kinds("A parameter of the body", ["text", "currency", "date_time"]),
);

export const header = metas(
  {
    type: only("header", "HEADER"),
    parameters: listOf(headerValue, "A header", "parameters", { min: 0, max: 1 }).optional(),
  },
  "A component",
);

/** By position or by name, and not some so and some so: Meta answers 132000 or 132012. */
export const body = metas(
  {
    type: only("body", "BODY"),
    parameters: listOf(bodyValue, "A body", "parameters", { min: 0, max: VALUES })
      .refine((all) => new Set(all.map((one) => one.parameter_name === undefined)).size < 2, {
        error: "Either all parameters of a body have a parameter_name, or none has.",
      })
      .optional(),
  },
  "A component",
);

const offer = metas(
  {
    expiration_time_ms: whole(
      { min: 1, max: Number.MAX_SAFE_INTEGER },
      "The end of an offer, in milliseconds,",
    ),
  },
  "An offer",
);
const offerValue = metas({ type: only("limited_time_offer"), limited_time_offer: offer }, "A parameter");

export const limitedTimeOffer = metas(
  {
    type: only("limited_time_offer", "LIMITED_TIME_OFFER"),
    parameters: listOf(offerValue, "An offer", "parameters", { min: 1, max: 1 }),
  },
  "A component",
);

const orderValue = metas(
  {
    type: only("order_status"),
    order_status: metas({ reference_id: referenceId }, "An order"),
  },
  "A parameter",
);

export const orderStatus = metas(
  {
    type: only("order_status", "ORDER_STATUS"),
    parameters: listOf(orderValue, "An order", "parameters", { min: 1, max: 1 }),
  },
  "A component",
);
