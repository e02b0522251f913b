import type { FieldError } from "../errors.ts";
import type { JsonObject } from "./json-text.ts";
import { fillTemplate } from "./templates/fill.ts";
import { type FormField, templateForm } from "./templates/form.ts";
import { parseTemplate } from "./templates/parse-template.ts";
import { preflight } from "./templates/preflight.ts";
import { checkHead } from "./templates/preflight-head.ts";
import { type TemplatePreview, templateBody, templatePreview } from "./templates/preview.ts";
import type { Template, TemplateRecipient, TemplateSend, TemplateValues } from "./templates/template.ts";

export type { TemplateValues } from "./templates/template.ts";

/** The part of a stored row that defines the template. */
export type Definition = {
  metaId: string | null;
  name: string;
  language: string;
  status: string;
  category: string | null;
  parameterFormat: string | null;
  components: unknown;
  /** Null while `components` come from a webhook, which lacks the media. */
  syncedAt: Date | null;
};

export type TemplateDescription = { form: FormField[]; preview: TemplatePreview };
export type FilledTemplate = { preview: TemplatePreview; template: TemplateSend; errors: FieldError[] };

/** What an agent fills in, and how it looks before. */
export function describeTemplate(definition: Definition): TemplateDescription {
  const template = read(definition);
  return { form: templateForm(template), preview: templatePreview(template, {}) };
}

/** With the values filled in: what the customer will see, what is sent, and what Meta would refuse of it. */
export function fillStored(definition: Definition, values: TemplateValues): FilledTemplate {
  const template = read(definition);
  const send = fillTemplate(template, values);
  return {
    preview: templatePreview(template, values),
    template: send,
    errors: refusalsOf(definition, { ...send }),
  };
}

/**
 * What Meta would refuse of this send. The variables are checked only against a complete definition from Graph: one from a
 * webhook lacks the media.
 */
export function refusalsOf(definition: Definition, send: JsonObject, to?: TemplateRecipient): FieldError[] {
  const template = read(definition);
  // Known only from a webhook about something else, which has no status.
  const known = template.status === "UNKNOWN" ? { ...template, status: "APPROVED" } : template;
  return isWhole(definition) ? preflight(known, send, to) : checkHead(known, send, to);
}

/** The text of a send, for the chat; null where the definition is not known. */
export function templateSendText(definition: Definition, send: unknown): string | null {
  return isWhole(definition) ? templateBody(read(definition), send) : null;
}

function isWhole({ components, syncedAt }: Definition): boolean {
  return components !== null && syncedAt !== null;
}

function read({ metaId, parameterFormat, ...definition }: Definition): Template {
  return parseTemplate({ ...definition, id: metaId, parameter_format: parameterFormat });
}
