import type { ContactCard } from "../domain/contact-card.ts";
import type {
  CallContent,
  FormAnswers,
  InteractiveContent,
  MessageContent,
} from "../domain/message-content.ts";
import { cleanText } from "./clean-text.ts";
import { readableAnswers } from "./content/form-answers.ts";
import { parseContent } from "./content/parse-content.ts";
import { placeholderOf } from "./content/placeholder.ts";
import { STORED_TEXT_LENGTH } from "./limits.ts";

const MOST_ANSWERS = 50;

/** What WhatsApp puts on the button of these kinds is its own wording. */
const ASKED: Record<string, string> = {
  location_request_message: "location request",
  address_message: "address request",
  call_permission_request: "call permission request",
  request_contact_info: "phone number request",
  catalog_message: "catalog",
};

/**
 * What a person would read of Meta's message object — one that came in, an echo, or one that we send. Never empty: where
 * there are no words it is the type in brackets, also for types of tomorrow. Total: odd or hostile shapes never throw.
 */
export function bodyOf(message: unknown): string {
  return toBody(parseContent(message));
}

/** That, and what it was read from. */
export function parseBodyAndContent(message: unknown): { body: string; content: MessageContent } {
  const content = parseContent(message);
  return { body: toBody(content), content };
}

/** The same of what has been read already. */
export function toBody(content: MessageContent): string {
  const words = ownText(content) ?? "";
  return cleanText(words.trim() === "" ? `[${placeholderOf(content)}]` : words, STORED_TEXT_LENGTH);
}

/** Null where a content has no words of its own. */
function ownText(content: MessageContent): string | null {
  switch (content.type) {
    case "text":
    case "system":
      return content.text;
    case "image":
    case "video":
    case "sticker":
    case "audio":
      return content.caption;
    case "document":
      return content.caption ?? signed("📄", content.fileName);
    case "location":
      return signed("📍", content.name ?? content.address ?? coordinatesOf(content));
    case "contacts":
      return signed("👤", content.contacts.map(nameOf).filter(Boolean).join(", "));
    case "buttonReply":
    case "listReply":
      return content.title;
    case "templateButton":
      return content.text ?? content.payload;
    case "flowReply":
      return signed("📝", answersOf(content));
    case "addressReply":
      return signed("🏠", content.text ?? addressText(content));
    case "callPermissionReply":
      return content.response && `[call permission: ${content.response}]`;
    case "payment":
      return signed("💳", [content.method, content.status, content.referenceId].filter(Boolean).join(", "));
    case "order":
      return `🛒 ${counted(content.count, "item")}${content.text ? `: ${content.text}` : ""}`;
    case "reaction":
      return content.emoji;
    case "edit":
      return content.message && toBody(content.message);
    case "interactive":
      return interactiveWords(content);
    case "template":
      return content.name && `[template: ${content.name}]`;
    case "call":
      return callWords(content);
    case "unsupported":
    case "unknown":
    case "errors":
    case "revoke":
    case "requestWelcome":
    case "mediaPlaceholder":
    case "other":
      return null;
    default:
      return content satisfies never;
  }
}

/** Its text, and below it what can be pressed, as buttons. */
function interactiveWords(content: InteractiveContent): string | null {
  const { kind, text, header, footer, button, choices, products, cards, order } = content;
  const amount =
    order?.amount === null || !order ? null : [order.amount, order.currency].filter(Boolean).join(" ");
  const pressed = kind === "list" ? [button] : [...choices.map(({ title }) => title), button];
  const below = [
    signed("🧾", [amount, order?.status].filter(Boolean).join(", ")),
    products.length > 0 ? `🛍 ${counted(products.length, "product")}` : null,
    cards.length > 0 ? `🎠 ${counted(cards.length, "card")}` : null,
    pressed.flatMap((title) => (title ? [`[${title}]`] : [])).join(" "),
    !button && kind && Object.hasOwn(ASKED, kind) ? `[${ASKED[kind]}]` : null,
  ];
  const lines = [text ?? header?.text ?? footer, ...below].filter(Boolean);
  return lines.length > 0 ? lines.join("\n") : null;
}

function callWords({ direction, state, durationSeconds }: CallContent): string {
  const isOurs = direction === "outbound";
  switch (state) {
    case "ringing":
      return isOurs ? "📞 Outgoing call" : "📞 Incoming call";
    case "answered":
      return "📞 Call";
    case "rejected":
      return "📞 Call, declined";
    case "missed":
      return isOurs ? "📞 Call, not answered" : "📞 Missed call";
    case "ended":
      return `📞 Call${durationSeconds === null ? "" : `, ${durationOf(durationSeconds)}`}`;
    default:
      return state satisfies never;
  }
}

function durationOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function answersOf({ response, text }: FormAnswers): string | null {
  const answers = readableAnswers(response ?? {}).slice(0, MOST_ANSWERS);
  const said = answers.map(([name, answer]) => `${name}: ${answer}`).join("; ");
  // "Sent" is what WhatsApp shows for every form.
  return said || (text === "Sent" ? null : text);
}

function addressText({ response }: FormAnswers): string {
  const values = response && "values" in response ? response.values : response;
  const plain = typeof values === "object" && values !== null ? { ...values } : {};
  return readableAnswers(plain)
    .map(([, answer]) => answer)
    .join(", ");
}

function nameOf({ name, phones: [first] }: ContactCard): string {
  return name ?? first?.phone ?? "";
}

function coordinatesOf({
  latitude,
  longitude,
}: {
  latitude: number | null;
  longitude: number | null;
}): string | null {
  return latitude === null || longitude === null ? null : `${latitude}, ${longitude}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function signed(sign: string, text: string | null): string | null {
  return text ? `${sign} ${text}` : null;
}
