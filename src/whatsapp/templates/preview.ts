import { cleanText } from "../clean-text.ts";
import { objectOf, stringOf } from "../json-fields.ts";
import { STORED_TEXT_LENGTH } from "../limits.ts";
import { parseValues } from "./fill.ts";
import { isSamePlace, type Place, slotsOf } from "./slots.ts";
import type { Button, Card, Header, Template, TemplateValue, TemplateValues } from "./template.ts";
import { fillText } from "./variables.ts";

/** A header as the customer will see it: its text, or a file, place or product, which is null until it is chosen. */
export type HeaderPreview =
  | { kind: "text"; text: string }
  | { kind: Exclude<Header["kind"], "text">; value: TemplateValue | null };

/** `target` is where it leads or what it copies: an address, a phone number or a code. */
export type ButtonPreview = { kind: Button["kind"]; text: string; target: string | null };

export type CardPreview = {
  header: HeaderPreview | null;
  body: string;
  buttons: ButtonPreview[];
};

export type TemplatePreview = CardPreview & {
  footer: string | null;
  offer: { text: string; expiresAt: string | null } | null;
  cards: CardPreview[];
};

/** What the customer will see; a variable without a value stays as it stands in the template. */
export function templatePreview(template: Template, values: TemplateValues): TemplatePreview {
  const { footer, offer, cards } = template;
  const find = finder(template, values);
  return {
    ...previewCard(template, null, find),
    footer,
    offer: offer && {
      text: offer.text,
      expiresAt: find.text({ part: "offer", card: null, button: null }),
    },
    cards: cards.map((card, i) => previewCard(card, i, find)),
  };
}

/**
 * The text of a template that was sent, for the chat: header, text, footer and buttons, a blank line between them.
 * Without its definition, or where it has no text, the name in brackets.
 */
export function templateBody(template: Template | null, send: unknown): string {
  const name = stringOf(objectOf(send).name)?.trim();
  const unknown = name ? `[template: ${name}]` : "[template]";
  if (!template) return cleanText(unknown, STORED_TEXT_LENGTH);
  const { footer, offer, cards, header, body, buttons } = templatePreview(
    template,
    parseValues(template, send),
  );
  const parts = [
    headerWords(header),
    offer?.text ?? "",
    body,
    footer ?? "",
    buttonWords(buttons),
    ...cards.map((card) => lines([headerWords(card.header), card.body, buttonWords(card.buttons)], "\n")),
  ];
  return cleanText(lines(parts, "\n\n") || unknown, STORED_TEXT_LENGTH);
}

/** The value for a place, or for one variable of its text; null until there is one. */
type Finder = {
  value(place: Place): TemplateValue | null;
  text(place: Place, variable?: string): string | null;
};

function finder(template: Template, values: TemplateValues): Finder {
  const slots = slotsOf(template);
  const value = (place: Place, variable: string | null) => {
    const slot = slots.find((one) => isSamePlace(one.place, place) && one.variable === variable);
    return (slot && Object.hasOwn(values, slot.key) ? values[slot.key] : null) ?? null;
  };
  return {
    value: (place) => value(place, null),
    text: (place, variable) => {
      const text = value(place, variable ?? null);
      return typeof text === "string" && text !== "" ? text : null;
    },
  };
}

function previewCard(template: Card, card: number | null, find: Finder): CardPreview {
  const { header, body, buttons } = template;
  const place: Place = { part: "body", card, button: null };
  return {
    header: header && previewHeader(header, { ...place, part: "header" }, find),
    body: body ? fillText(body, (name) => find.text(place, name)) : "",
    buttons: buttons.map((one, button) => previewButton(one, { part: "button", card, button }, find)),
  };
}

function previewHeader(header: Header, place: Place, find: Finder): HeaderPreview {
  if (header.kind !== "text") return { kind: header.kind, value: find.value(place) };
  return { kind: "text", text: fillText(header, (name) => find.text(place, name)) };
}

function previewButton(button: Button, place: Place, find: Finder): ButtonPreview {
  const { kind, text } = button;
  if (button.kind === "phone_number") return { kind, text, target: button.phone };
  if (button.kind === "copy_code" || button.kind === "otp") return { kind, text, target: find.text(place) };
  if (button.kind !== "url") return { kind, text, target: null };
  const address = { text: button.url, variables: button.variable ? [button.variable] : [] };
  return { kind, text, target: fillText(address, (name) => find.text(place, name)) };
}

function headerWords(header: HeaderPreview | null): string {
  if (!header) return "";
  if (header.kind === "text") return header.text;
  const { filename, name } = objectOf(header.value);
  if (header.kind === "location") return `📍 ${stringOf(name) || "[location]"}`;
  if (header.kind === "document") return `📄 ${stringOf(filename) || "[document]"}`;
  return `[${header.kind}]`;
}

function buttonWords(buttons: ButtonPreview[]): string {
  return buttons.map(({ text, kind }) => `[${text || kind}]`).join(" ");
}

function lines(parts: string[], between: string): string {
  return parts.filter((part) => part.trim() !== "").join(between);
}
