import { parseTemplate } from "../../../src/whatsapp/templates/parse-template.ts";
import type { Template } from "../../../src/whatsapp/templates/template.ts";

/** A template with these components, approved and positional unless said otherwise. */
export function aTemplate(components: unknown, more: object = {}): Template {
  const base = { id: "1", name: "order_ready", language: "en_US", status: "APPROVED", category: "UTILITY" };
  return parseTemplate({ ...base, ...more, components });
}

export const body = (text: string, example?: object) => ({ type: "BODY", text, ...(example && { example }) });
export const buttons = (...list: object[]) => ({ type: "BUTTONS", buttons: list });

/** Every kind of header, variable and button that takes something. */
export const rich = aTemplate([
  { type: "HEADER", format: "DOCUMENT", example: { header_handle: ["4::abc"] } },
  body("Hello {{1}}, order {{2}} is ready, {{1}}.", { body_text: [["Anna", "A-17"]] }),
  { type: "FOOTER", text: "The shop" },
  { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Today only", has_expiration: true } },
  buttons(
    {
      type: "URL",
      text: "Track",
      url: "https://shop.example/t/{{1}}",
      example: ["https://shop.example/t/7"],
    },
    { type: "COPY_CODE", text: "Copy", example: "SALE10" },
    { type: "FLOW", text: "Book" },
    { type: "CATALOG", text: "See all" },
    { type: "MPM", text: "Choose" },
    { type: "ORDER_DETAILS", text: "Pay" },
    { type: "QUICK_REPLY", text: "Thanks" },
    { type: "PHONE_NUMBER", text: "Call", phone_number: "+15550100" },
  ),
]);

export const named = aTemplate(
  [
    {
      type: "HEADER",
      format: "TEXT",
      text: "For {{first_name}}",
      example: { header_text_named_params: [{ param_name: "first_name", example: "Anna" }] },
    },
    body("Order {{order}} for {{first_name}}"),
  ],
  { parameter_format: "NAMED" },
);

export const oneTimeCode = aTemplate(
  [body("*{{1}}* is your code."), buttons({ type: "OTP", otp_type: "ONE_TAP", text: "Autofill" })],
  { category: "AUTHENTICATION" },
);

export const carousel = aTemplate([
  body("Look, {{1}}"),
  {
    type: "CAROUSEL",
    cards: ["Red", "Blue"].map((colour) => ({
      components: [
        { type: "HEADER", format: "IMAGE" },
        body(`${colour} at {{1}}`),
        buttons({ type: "URL", text: "Buy", url: "https://shop.example/{{1}}" }),
      ],
    })),
  },
]);
