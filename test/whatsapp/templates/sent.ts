import { aTemplate, body, buttons } from "./definitions.ts";

export const text = (text: unknown, more: object = {}) => ({ type: "text", text, ...more });
export const inBody = (...parameters: unknown[]) => [{ type: "body", parameters }];
export const head = { name: "order_ready", language: { code: "en_US" } };
export const one = aTemplate([body("Hi {{1}}, all is well")]);
export const image = aTemplate([{ type: "HEADER", format: "IMAGE" }, body("Hi")]);
export const place = aTemplate([{ type: "HEADER", format: "LOCATION" }, body("Hi")]);
export const inHeader = (parameter: unknown) => [{ type: "header", parameters: [parameter] }];
export const track = aTemplate([
  buttons(
    { type: "URL", text: "Track", url: "https://a.example/{{1}}" },
    { type: "QUICK_REPLY", text: "No" },
  ),
]);
export const button = (index: unknown, sub_type: string, ...parameters: unknown[]) => [
  { type: "button", sub_type, index, parameters },
];
export const coupon = aTemplate([buttons({ type: "COPY_CODE", text: "Copy" })]);
