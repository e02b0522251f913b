import { z } from "zod";
import { cleanText } from "../whatsapp/clean-text.ts";
import { bounded } from "../whatsapp/outbound/bounded.ts";
import { fieldError } from "./problem-schema.ts";
import { cursor, id, idInPath, limit, moment, page } from "./schemas.ts";

// Meta's message templates. Definitions and sent templates are Meta's own objects, with Meta's field names.

const ofPhone = { id: idInPath.meta({ description: "The phone's id." }) };
export const phoneParams = z.object(ofPhone);
export const templateParams = z.object({
  ...ofPhone,
  templateId: idInPath.meta({ description: "Our id of the template." }),
});

const filter = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .transform((text) => cleanText(text))
    .optional();

export const templateListQuery = z.strictObject({
  cursor,
  limit: limit(100),
  status: filter(64),
  name: filter(512),
  language: filter(64),
});

const row = {
  id,
  wabaId: z.string(),
  metaId: z.string().nullable(),
  name: z.string(),
  language: z.string(),
  category: z.string().nullable(),
  parameterFormat: z.string().nullable(),
  components: z.unknown().meta({ description: "Meta's own object; null until known." }),
  status: z.string().meta({ description: "Meta's status, such as APPROVED or PAUSED; UNKNOWN until known." }),
  quality: z.string().nullable(),
  reason: z.string().nullable().meta({ description: "Why Meta rejected or paused the template." }),
  statusAt: moment.nullable(),
  syncedAt: moment.nullable().meta({ description: "When the definition was last read from Meta." }),
  updatedAt: moment,
};

export const template = z.object(row).meta({ id: "Template" });
export const templateList = z.object({ data: z.array(template), ...page }).meta({ id: "TemplateList" });

const formField = z
  .object({
    key: z.string(),
    kind: z.string(),
    label: z.string(),
    where: z.object({ part: z.string(), card: z.int().nullable(), button: z.int().nullable() }),
    variable: z.string().nullable(),
    required: z.boolean(),
    maxLength: z.int().nullable(),
    example: z.string().nullable(),
  })
  .meta({ id: "TemplateFormField" });

const button = z
  .object({ kind: z.string(), text: z.string(), target: z.string().nullable() })
  .meta({ id: "TemplatePreviewButton" });
const card = {
  header: z.looseObject({ kind: z.string() }).nullable(),
  body: z.string(),
  buttons: z.array(button),
};
const preview = z
  .object({
    ...card,
    footer: z.string().nullable(),
    offer: z.object({ text: z.string(), expiresAt: z.string().nullable() }).nullable(),
    cards: z.array(z.object(card)),
  })
  .meta({ id: "TemplatePreview" });

/** A template with the form of its variables and an unfilled preview. */
export const openTemplate = z
  .object({ ...row, form: z.array(formField), preview })
  .meta({ id: "OpenTemplate" });

/** Values by the form's keys. */
export const previewRequest = z
  .strictObject({
    values: bounded(z.record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())]))),
  })
  .meta({ id: "PreviewRequest" });

export const previewed = z
  .object({
    preview,
    template: z
      .looseObject({ name: z.string() })
      .meta({ description: "Pass it as `template` when you send." }),
    errors: z
      .array(fieldError)
      .meta({ description: "What Meta would reject. Pointers are relative to `template`." }),
  })
  .meta({ id: "PreviewedTemplate" });

export const synced = z.object({ listed: z.int(), gone: z.int() }).meta({
  id: "SyncedTemplates",
  description: "How many templates Meta has, and how many it no longer has.",
});

export const profile = z
  .looseObject({})
  .meta({ id: "BusinessProfile", description: "Meta's own object: about, address, description, …." });
