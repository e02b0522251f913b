import { z } from "zod";
import {
  CALL_PAYLOAD_LENGTH,
  CALL_TTL_MINUTES,
  COUPON_LENGTH,
  TEMPLATE_BUTTONS,
  TEMPLATE_URL_LENGTH,
} from "../limits.ts";
import {
  arrayOf,
  atMost,
  integerBetween,
  literal,
  metaObject,
  nonBlank,
  nonEmpty,
  unionError,
} from "./checks.ts";
import { product } from "./interactive-parts.ts";
import { payment } from "./payments.ts";
import { productSections } from "./product-sections.ts";

// What the buttons of a template are given. Meta writes `sub_type` in small letters, and in some examples in capitals.

const last = TEMPLATE_BUTTONS - 1;
const indexError = `The index of a button is a number from 0 to ${last}.`;
const index = z
  .union(
    [
      integerBetween({ min: 0, max: last }, "The index of a button"),
      z.string().regex(/^\d$/, { error: indexError }),
    ],
    { error: indexError },
  )
  .meta({ id: "TemplateButtonIndex" });

/** A button of one kind with the one parameter it takes. */
function button<const Kind extends string, Value extends z.ZodType>(kind: Kind, value: Value) {
  const parameters = arrayOf(value, "A button", "parameters", { min: 1, max: 1 });
  return metaObject({ ...placed, sub_type: eitherCase(kind), parameters }, "A button");
}

const placed = { type: literal("button", "BUTTON"), index };

function eitherCase<const Kind extends string>(kind: Kind) {
  return literal(kind, kind.toUpperCase() as Uppercase<Kind>);
}

const text = metaObject(
  { type: literal("text"), text: nonBlank(TEMPLATE_URL_LENGTH, "The ending of a url") },
  "A parameter",
);
const payload = metaObject({ type: literal("payload"), payload: nonEmpty("A payload") }, "A parameter");
const coupon = metaObject(
  { type: literal("coupon_code"), coupon_code: nonBlank(COUPON_LENGTH, "A coupon") },
  "A parameter",
);
const acting = <Shape extends z.ZodRawShape>(action: Shape) =>
  metaObject({ type: literal("action"), action: metaObject(action, "An action") }, "A parameter");

const callValue = z.discriminatedUnion(
  "type",
  [
    metaObject(
      {
        type: literal("ttl_minutes"),
        ttl_minutes: integerBetween({ min: 1, max: CALL_TTL_MINUTES }, "ttl_minutes"),
      },
      "A parameter",
    ),
    metaObject(
      { type: literal("payload"), payload: atMost(CALL_PAYLOAD_LENGTH, "The payload of a call") },
      "A parameter",
    ),
  ],
  unionError("A parameter of a call button", ["ttl_minutes", "payload"]),
);

const calls = metaObject(
  {
    ...placed,
    sub_type: eitherCase("voice_call"),
    parameters: arrayOf(callValue, "A button", "parameters", { min: 0, max: 2 }).optional(),
  },
  "A button",
);

const subTypes = ["quick_reply", "url", "copy_code", "flow", "catalog", "mpm", "voice_call", "order_details"];

export const templateButton = z
  .discriminatedUnion(
    "sub_type",
    [
      button("quick_reply", payload),
      button("url", text),
      button("copy_code", coupon),
      button("flow", acting({ flow_token: nonEmpty("The token of a flow").optional() })),
      button("catalog", acting({ thumbnail_product_retailer_id: product.optional() })),
      button("mpm", acting({ thumbnail_product_retailer_id: product, sections: productSections })),
      calls,
      button("order_details", acting({ order_details: payment })),
    ],
    unionError("The sub_type of a button", subTypes),
  )
  .meta({ id: "TemplateButton" });
