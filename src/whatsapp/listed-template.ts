import { isObject, type JsonObject } from "./json-text.ts";
import { parseTemplate } from "./templates/parse-template.ts";

/** A template as Graph lists it, in our types; `components` are Graph's own. */
export type ListedTemplate = {
  metaId: string | null;
  name: string;
  language: string;
  category: string | null;
  parameterFormat: string | null;
  components: unknown[];
  status: string;
  quality: string | null;
  reason: string | null;
};

/** Null for what has no name or no language: then it cannot be sent. */
export function parseListedTemplate(raw: JsonObject): ListedTemplate | null {
  const { id: metaId, name, language, status, category, quality } = parseTemplate(raw);
  if (name === "" || language === "" || status === "") return null;
  const { parameter_format: format, rejected_reason: reason, components } = raw;
  return {
    metaId,
    name,
    language,
    category: category || null,
    parameterFormat: typeof format === "string" ? format.toUpperCase().slice(0, 64) : null,
    components: Array.isArray(components) ? components.filter(isObject) : [],
    status,
    quality,
    reason: typeof reason === "string" && reason !== "NONE" ? reason.slice(0, 4_096) : null,
  };
}
