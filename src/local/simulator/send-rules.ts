import { at, type Fields, isFields, listOf } from "./fields.ts";
import { GraphRefusal } from "./graph-errors.ts";

/** Throws a refusal when the body violates the rule. */
type Rule = (body: Fields) => void;

const media = (type: string, ...rest: Rule[]) => [idOrLink(type), ...rest];
const caption = (type: string) => text(`${type}.caption`, { max: 1024 });

/** Meta's limits for each message type; other types do not exist. */
const rulesByType: Record<string, Rule[]> = {
  text: [text("text.body", { min: 1, max: 4096 })],
  image: media("image", caption("image")),
  video: media("video", caption("video")),
  document: media("document", caption("document")),
  audio: media("audio"),
  sticker: media("sticker"),
  location: [coordinate("location.latitude", 90), coordinate("location.longitude", 180)],
  contacts: [contactCards],
  reaction: [text("reaction.message_id", { min: 1 }), text("reaction.emoji", { min: 0 })],
  template: [text("template.name", { min: 1, max: 512 }), text("template.language.code", { min: 1 })],
  interactive: [text("interactive.type", { min: 1 }), interactive],
};

const body = (max: number) => text("interactive.body.text", { min: 1, max });
const frame = [text("interactive.header.text", { max: 60 }), text("interactive.footer.text", { max: 60 })];

/** The kinds of `interactive` with special limits; the others need a body of up to 1024 characters. */
const rulesByInteractive: Record<string, Rule[]> = {
  button: [body(1024), ...frame, buttons],
  list: [body(4096), ...frame, text("interactive.action.button", { min: 1, max: 20 }), listRows],
  cta_url: [body(1024), ...frame, text("interactive.action.parameters.display_text", { min: 1, max: 20 })],
  flow: [body(1024), ...frame, text("interactive.action.parameters.flow_cta", { min: 1, max: 30 })],
  product: [],
  call_permission_request: [text("interactive.body.text", { max: 1024 })],
  product_list: [body(1024), text("interactive.header.text", { min: 1, max: 60 })],
  carousel: [body(1024)],
};

/** Throws `GraphRefusal` when Meta would refuse this body for any recipient. */
export function checkSend(message: Fields): void {
  if (message.messaging_product !== "whatsapp") throw missing("messaging_product");
  const { type = "text" } = message;
  if (typeof type !== "string" || !Object.hasOwn(rulesByType, type)) {
    throw new GraphRefusal(
      100,
      `Param type must be one of {${Object.keys(rulesByType).join(", ").toUpperCase()}}`,
    );
  }
  if (!isFields(message[type]) && type !== "contacts") throw missing(type);
  if (message.recipient_type !== undefined && message.recipient_type !== "individual") {
    throw invalid("recipient_type", "it must be individual");
  }
  text("biz_opaque_callback_data", { max: 512 })(message);
  if (message.context !== undefined) text("context.message_id", { min: 1 })(message);
  for (const rule of rulesByType[type] ?? []) rule(message);
}

export function missing(path: string): GraphRefusal {
  return new GraphRefusal(100, `The parameter ${parameterName(path)} is required.`);
}

export function invalid(path: string, why: string): GraphRefusal {
  return new GraphRefusal(100, `Param ${parameterName(path)} is not valid: ${why}.`);
}

/** Checks a string's length in code points, so that an emoji counts as one. The string is required when `min` is set. */
function text(path: string, { min, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number }): Rule {
  return (message) => {
    const value = at(message, path);
    if (value === undefined && min === undefined) return;
    if (value === undefined) throw missing(path);
    if (typeof value !== "string") throw invalid(path, "it must be a string");
    const { length } = [...value];
    if (length < (min ?? 0)) throw missing(path);
    if (length > max) throw invalid(path, `it must be at most ${max} characters long`);
  };
}

function idOrLink(type: string): Rule {
  return (message) => {
    const { id, link } = isFields(message[type]) ? message[type] : {};
    if ((id === undefined) === (link === undefined)) throw invalid(type, "either id or link is needed");
    if (typeof (id ?? link) !== "string")
      throw invalid(`${type}.${id ? "id" : "link"}`, "it must be a string");
    if (typeof link === "string" && !/^https?:\/\/./.test(link))
      throw invalid(`${type}.link`, "it must be a URL");
  };
}

function coordinate(path: string, limit: number): Rule {
  return (message) => {
    const value = at(message, path);
    if (value === undefined || value === "") throw missing(path);
    if (!(Math.abs(Number(value)) <= limit)) throw invalid(path, `it must be a number up to ${limit}`);
  };
}

function contactCards(message: Fields): void {
  const cards = message.contacts;
  if (!Array.isArray(cards) || cards.length === 0) throw missing("contacts");
  if (cards.length > 257) throw invalid("contacts", "there can be 257 at most");
  for (const card of cards) {
    if (typeof at(card, "name.formatted_name") !== "string") throw missing("contacts.name.formatted_name");
  }
}

function interactive(message: Fields): void {
  const kind = String(at(message, "interactive.type"));
  const rules = Object.hasOwn(rulesByInteractive, kind) ? rulesByInteractive[kind] : undefined;
  for (const rule of rules ?? [body(1024)]) rule(message);
}

function buttons(message: Fields): void {
  const list = listOf(at(message, "interactive.action.buttons"));
  if (list.length < 1 || list.length > 3) throw invalid("interactive.action.buttons", "there must be 1 to 3");
  for (const button of list) {
    text("reply.id", { min: 1, max: 256 })(button);
    text("reply.title", { min: 1, max: 20 })(button);
  }
  unique(
    "interactive.action.buttons",
    list.map((button) => at(button, "reply.id")),
  );
  unique(
    "interactive.action.buttons",
    list.map((button) => at(button, "reply.title")),
  );
}

function listRows(message: Fields): void {
  const sections = listOf(at(message, "interactive.action.sections"));
  const rows = sections.flatMap((section) => listOf(section.rows));
  if (sections.length < 1 || sections.length > 10)
    throw invalid("interactive.action.sections", "there must be 1 to 10");
  if (rows.length < 1 || rows.length > 10)
    throw invalid("interactive.action.sections", "there must be 1 to 10 rows");
  for (const section of sections)
    text("title", sections.length > 1 ? { min: 1, max: 24 } : { max: 24 })(section);
  for (const row of rows) {
    text("id", { min: 1, max: 200 })(row);
    text("title", { min: 1, max: 24 })(row);
    text("description", { max: 72 })(row);
  }
  unique(
    "interactive.action.sections",
    rows.map((row) => row.id),
  );
}

function unique(path: string, values: unknown[]): void {
  if (new Set(values).size < values.length) throw invalid(path, "ids and titles must differ");
}

/** `text.body` → `text['body']`, as Meta names parameters. */
function parameterName(path: string): string {
  const [first = "", ...rest] = path.split(".");
  return first + rest.map((key) => `['${key}']`).join("");
}
