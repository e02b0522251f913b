import type { z } from "zod";
import type { checkReport, openPhone, phoneList, storedCheckReport } from "./phone-schemas.ts";
import type { problem } from "./problem-schema.ts";
import type { openTemplate, previewed, template } from "./template-schemas.ts";

// Types of requests and answers for the page, which gets none of the schemas.

export type Problem = z.infer<typeof problem>;
export type TemplateRow = z.infer<typeof template>;
export type OpenTemplate = z.infer<typeof openTemplate>;
export type TemplateFormField = OpenTemplate["form"][number];
export type PreviewedTemplate = z.infer<typeof previewed>;
export type PhoneList = z.infer<typeof phoneList>;
export type OpenPhone = z.infer<typeof openPhone>;
export type CheckReport = z.infer<typeof checkReport>;
export type StoredCheckReport = z.infer<typeof storedCheckReport>;
export type Check = CheckReport["checks"][number];
