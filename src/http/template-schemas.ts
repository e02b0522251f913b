import { z } from "zod";
import { bounded } from "../whatsapp/outbound/bounded.ts";
import { cursor, fieldError, id, idInPath, limit, moment, page } from "./schemas.ts";

// Meta's message templates. Their definitions and what is sent of them are Meta's own objects, in Meta's names.

const ofPhone = { id: idInPath.meta({ description: "The number's id." }) };
export const phoneParams = z.object(ofPhone);
export const templateParams = z.object({
  ...ofPhone,
  templateId: idInPath.meta({ description: "The template's id, ours." }),
});

export const templateListQuery = z.strictObject({
  cursor,
  limit: limit(100),
  status: z.string().min(1).max(64).optional(),
  name: z.string().min(1).max(512).optional(),
  language: z.string().min(1).max(64).optional(),
});

const row = {
  id,
  wabaId: z.string(),
  metaId: z.string().nullable(),
  name: z.string(),
  language: z.string(),
  category: z.string().nullable(),
  parameterFormat: z.string().nullable(),
  components: z.unknown().meta({ description: "Meta's own; null until they were told." }),
  status: z
    .string()
    .meta({ description: "Meta's word, such as APPROVED or PAUSED; UNKNOWN until it is told." }),
  quality: z.string().nullable(),
  reason: z.string().nullable().meta({ description: "Why Meta has rejected or paused it." }),
  statusAt: moment.nullable(),
  syncedAt: moment.nullable().meta({ description: "When Graph last told the definition." }),
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

/** What a number's agents see of a template: with the form that they fill in, and how it looks before. */
export const openTemplate = z
  .object({ ...row, form: z.array(formField), preview })
  .meta({ id: "OpenTemplate" });

/** By the keys of the form. */
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
      .meta({ description: "For `template` of a send, as it stands." }),
    errors: z
      .array(fieldError)
      .meta({ description: "What Meta would refuse of it; pointers are into `template`." }),
  })
  .meta({ id: "PreviewedTemplate" });

export const synced = z
  .object({ listed: z.int(), gone: z.int() })
  .meta({ id: "SyncedTemplates", description: "How many there are, and how many were gone." });

export const profile = z
  .looseObject({})
  .meta({ id: "BusinessProfile", description: "Meta's own object: about, address, description, …." });
