import type { JsonObject } from "../json-text.ts";

/** A variable of a text: its name ("1", "first_name") and Meta's example of what goes there. */
export type Variable = { name: string; example: string | null };

/** A text as it was approved, with `{{…}}` where a variable goes; `variables` in the order of the parameters. */
export type VariableText = { text: string; variables: Variable[] };

export const mediaKinds = ["image", "video", "document"] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** `other` is a format that we do not know: it is shown by its name and never checked. */
export type Header =
  | ({ kind: "text" } & VariableText)
  | { kind: MediaKind; example: string | null }
  | { kind: "location" }
  | { kind: "product" }
  | { kind: "other"; format: string };

export type Button = { text: string } & (
  | { kind: "url"; url: string; variable: Variable | null }
  | { kind: "phone_number"; phone: string }
  | { kind: "copy_code"; example: string | null }
  | { kind: "otp"; otpType: "copy_code" | "one_tap" | "zero_tap" | "other" }
  | { kind: PlainButtonKind }
  | { kind: "other"; type: string }
);

export const plainButtonKinds = [
  "quick_reply",
  "flow",
  "catalog",
  "mpm",
  "spm",
  "voice_call",
  "order_details",
  "request_contact_info",
  "call_permission_request",
] as const;
export type PlainButtonKind = (typeof plainButtonKinds)[number];

export type Card = { header: Header | null; body: VariableText | null; buttons: Button[] };

/** A template's definition, as Graph returns it, in our types. Strings that Meta left out are empty. */
export type Template = {
  id: string | null;
  name: string;
  language: string;
  /** Meta's status, in capitals: `APPROVED`, `PAUSED`, …, also one that we do not know. */
  status: string;
  category: string;
  quality: string | null;
  named: boolean;
  header: Header | null;
  body: VariableText | null;
  footer: string | null;
  buttons: Button[];
  cards: Card[];
  offer: { text: string; expires: boolean } | null;
};

/** A file by the id of an upload or by its https address. */
export type MediaValue = ({ id: string } | { link: string }) & { filename?: string };
export type LocationValue = { latitude: number; longitude: number; name?: string; address?: string };
export type ProductValue = { productId: string; catalogId: string };
export type ProductsValue = { thumbnailId: string; sections: { title: string; productIds: string[] }[] };

/**
 * What was filled in, by the keys of the form: a text, a code or a moment (RFC 3339) is a string; an order is Meta's own
 * `order_details`, and a form's data Meta's own `flow_action_data`.
 */
export type TemplateValue = string | MediaValue | LocationValue | ProductValue | ProductsValue | JsonObject;
export type TemplateValues = Readonly<Record<string, TemplateValue | undefined>>;

/** Meta's object under `template` in the body of a send. */
export type TemplateSend = { name: string; language: { code: string }; components: JsonObject[] };

/** The recipient. A person without a phone number is known by the user id alone. */
export type TemplateRecipient = { phone: string | null; userId: string | null; groupId?: string | null };
