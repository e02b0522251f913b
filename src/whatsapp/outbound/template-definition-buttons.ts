import { z } from "zod";
import {
  COUPON_LENGTH,
  TEMPLATE_BUTTON_LENGTH,
  TEMPLATE_BUTTONS,
  TEMPLATE_PHONE_LENGTH,
  TEMPLATE_URL_LENGTH,
} from "../limits.ts";
import { arrayOf, atMost, httpUrl, literal, metaObject, nonBlank, nonEmpty, unionError } from "./checks.ts";

// The buttons that a template is made with. Meta takes their types in capitals, and in small letters too.

const label = nonBlank(TEMPLATE_BUTTON_LENGTH, "A button title");
const button = <const Type extends string, Shape extends z.ZodRawShape>(type: Type, more: Shape) =>
  metaObject({ type: literal(type, type.toLowerCase() as Lowercase<Type>), ...more }, "A button");

const url = button("URL", {
  text: label,
  url: httpUrl("https?", "The url of a button").refine((text) => text.length <= TEMPLATE_URL_LENGTH, {
    error: ({ input }) =>
      `The url of a button has at most ${TEMPLATE_URL_LENGTH} characters; this one has ${String(input).length}.`,
  }),
  example: z.union([nonEmpty("An example"), z.array(nonEmpty("An example"))]).optional(),
}).refine((one) => !one.url.includes("{{") || one.example !== undefined, {
  error: "A url with a variable needs an example.",
  path: ["example"],
});

const coupon = nonBlank(COUPON_LENGTH, "A coupon");
const flow = button("FLOW", {
  text: label,
  flow_id: nonEmpty("The id of a flow").optional(),
  flow_name: nonEmpty("The name of a flow").optional(),
  flow_json: nonEmpty("The JSON of a flow").optional(),
}).refine(
  (one) => [one.flow_id, one.flow_name, one.flow_json].filter((given) => given !== undefined).length === 1,
  { error: "Give one of flow_id, flow_name and flow_json.", path: ["flow_id"] },
);

const otp = button("OTP", {
  otp_type: z.literal(["COPY_CODE", "ONE_TAP", "ZERO_TAP", "copy_code", "one_tap", "zero_tap"], {
    error: "otp_type must be one of: COPY_CODE, ONE_TAP, ZERO_TAP.",
  }),
  text: label.optional(),
  autofill_text: label.optional(),
});

const all = [
  button("QUICK_REPLY", { text: label }),
  url,
  button("PHONE_NUMBER", { text: label, phone_number: nonBlank(TEMPLATE_PHONE_LENGTH, "A phone number") }),
  button("COPY_CODE", { example: z.union([coupon, z.array(coupon).min(1)], { error: couponError }) }),
  otp,
  flow,
  button("CATALOG", { text: label }),
  button("MPM", { text: label }),
  button("SPM", { text: label }),
  button("VOICE_CALL", { text: label }),
  button("ORDER_DETAILS", { text: label }),
  button("REQUEST_CONTACT_INFO", { text: atMost(TEMPLATE_BUTTON_LENGTH, "A button title").optional() }),
] as const;

const oneButton = z
  .discriminatedUnion(
    "type",
    all,
    unionError(
      "The type of a button",
      all.map((one) => [...one.shape.type.values][0] ?? ""),
    ),
  )
  .meta({ id: "TemplateDefinitionButton" });

export const buttons = metaObject(
  {
    type: literal("BUTTONS", "buttons"),
    buttons: arrayOf(oneButton, "A template", "buttons", { min: 1, max: TEMPLATE_BUTTONS }),
  },
  "A component",
).meta({ id: "TemplateDefinitionButtons" });

function couponError() {
  return `An example of a coupon is needed, of at most ${COUPON_LENGTH} characters.`;
}
