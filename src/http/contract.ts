import type { z } from "zod";
import type { problem } from "./schemas.ts";
import type { openTemplate, previewed, template } from "./template-schemas.ts";

// Types of requests and answers for the page, which gets none of the schemas.

export type Problem = z.infer<typeof problem>;
export type TemplateRow = z.infer<typeof template>;
export type OpenTemplate = z.infer<typeof openTemplate>;
export type TemplateFormField = OpenTemplate["form"][number];
export type PreviewedTemplate = z.infer<typeof previewed>;
