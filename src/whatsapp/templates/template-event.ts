import { idOf, objectOf, objectsOf, shortTextOf, textOf, timeOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";

/**
 * What a webhook changes of a stored template; a missing field stays as it is. `components` are in
 * Graph's form and hold texts only: media, examples and the rest come from Graph only.
 */
export type TemplateEvent = {
  templateId: string | null;
  name: string | null;
  language: string | null;
  /** Meta's name of the event; one that we do not know changes no status. */
  event: string | null;
  status?: string;
  quality?: string;
  category?: string;
  /** Announced, and not in force before then (RFC 3339; null where Meta gives no time). */
  nextCategory?: { category: string; at: string | null };
  reason?: string | null;
  components?: JsonObject[];
};

/**
 * The fields of Meta's webhook that speak of one template.
 * @internal
 */
export const templateFields = [
  "message_template_status_update",
  "message_template_quality_update",
  "message_template_components_update",
  "template_category_update",
] as const;

/** What happened → the status it leaves. `FLAGGED` only warns: the template can still be sent. */
const statuses: Record<string, string> = {
  APPROVED: "APPROVED",
  REINSTATED: "APPROVED",
  UNLOCKED: "APPROVED",
  REJECTED: "REJECTED",
  PENDING: "PENDING",
  IN_APPEAL: "IN_APPEAL",
  PAUSED: "PAUSED",
  DISABLED: "DISABLED",
  LOCKED: "LOCKED",
  LIMIT_EXCEEDED: "LIMIT_EXCEEDED",
  ARCHIVED: "ARCHIVED",
  UNARCHIVED: "APPROVED",
  PENDING_DELETION: "PENDING_DELETION",
  DELETED: "DELETED",
};

const WORD_LENGTH = 64;
const MOST_BUTTONS = 20;

/** Reads the value of one of `templateFields`; null for other fields, and where no template can be recognized. */
export function templateEvent({ field, value }: { field: string; value: unknown }): TemplateEvent | null {
  const read = readers[templateFields.find((one) => one === field) ?? "none"];
  if (!read || !isObject(value)) return null;
  const templateId = idOf(value.message_template_id);
  const name = idOf(value.message_template_name);
  const language = textOf(value.message_template_language, WORD_LENGTH);
  if (!templateId && !(name && language)) return null;
  return { templateId, name, language, event: textOf(value.event, WORD_LENGTH), ...read(value) };
}

type Change = Partial<Omit<TemplateEvent, "templateId" | "name" | "language" | "event">>;

const readers: Record<(typeof templateFields)[number] | "none", ((value: JsonObject) => Change) | null> = {
  none: null,
  message_template_status_update: (value) => {
    const event = textOf(value.event, WORD_LENGTH)?.toUpperCase() ?? "";
    const status = Object.hasOwn(statuses, event) ? statuses[event] : undefined;
    const category = textOf(value.message_template_category, WORD_LENGTH);
    return { ...(status && { status }), ...(category && { category }), reason: reasonOf(value) };
  },
  message_template_quality_update: (value) => {
    const quality = textOf(value.new_quality_score, WORD_LENGTH);
    return quality ? { quality } : {};
  },
  message_template_components_update: (value) => ({ components: componentsOf(value) }),
  template_category_update: (value) => {
    const category = textOf(value.new_category, WORD_LENGTH);
    const next = textOf(value.correct_category, WORD_LENGTH);
    // Announced a day ahead: until then `new_category` is the one in force.
    const nextCategory = next &&
      next !== category && { category: next, at: timeOf(value.category_update_timestamp) };
    return { ...(category && { category }), ...(nextCategory && { nextCategory }) };
  },
};

/** Meta's explanation, the longest first: what was wrong and what to do, or the name of the rule. */
function reasonOf({ reason, rejection_info, other_info }: JsonObject): string | null {
  const { reason: why, recommendation } = objectOf(rejection_info);
  const said = [why, recommendation].map(shortTextOf).filter((text) => text !== null);
  if (said.length > 0) return said.join(" ");
  const rule = shortTextOf(reason);
  return shortTextOf(objectOf(other_info).description) ?? (rule === "NONE" ? null : rule);
}

function componentsOf(value: JsonObject): JsonObject[] {
  const title = shortTextOf(value.message_template_title);
  const body = shortTextOf(value.message_template_element);
  const footer = shortTextOf(value.message_template_footer);
  const buttons = objectsOf(value.message_template_buttons, MOST_BUTTONS).map((button) => ({
    type: textOf(button.message_template_button_type, WORD_LENGTH),
    text: shortTextOf(button.message_template_button_text),
    ...optional("url", shortTextOf(button.message_template_button_url)),
    ...optional("phone_number", shortTextOf(button.message_template_button_phone_number)),
  }));
  return [
    ...(title ? [{ type: "HEADER", format: "TEXT", text: title }] : []),
    ...(body ? [{ type: "BODY", text: body }] : []),
    ...(footer ? [{ type: "FOOTER", text: footer }] : []),
    ...(buttons.length > 0 ? [{ type: "BUTTONS", buttons }] : []),
  ];
}

function optional(key: string, text: string | null): Record<string, string> {
  return text === null ? {} : { [key]: text };
}
