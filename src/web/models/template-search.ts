import type { TemplateRow } from "../../http/contract.ts";

type Wanted = { search: string; language: string; category: string };

/** The templates of a language and a category, an empty one being any, with all words in their name or their texts. */
export function findTemplates(
  templates: readonly TemplateRow[],
  { search, language, category }: Wanted,
): TemplateRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter((template) => {
    if (language !== "" && template.language !== language) return false;
    if (category !== "" && template.category !== category) return false;
    const text = `${template.name} ${template.language} ${textsOf(template.components)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What a template says, with its variables; empty where it has no text of its own. */
export function bodyOf({ components }: Pick<TemplateRow, "components">): string {
  return fieldsOf(components, "BODY").join(" ");
}

function textsOf(components: unknown): string {
  return fieldsOf(components, null).join(" ");
}

/** The texts of Meta's components, or of those of a type. */
function fieldsOf(components: unknown, type: string | null): string[] {
  if (!Array.isArray(components)) return [];
  return (components as unknown[]).flatMap((component) => {
    if (typeof component !== "object" || component === null) return [];
    const { type: own, text } = component as Record<string, unknown>;
    return typeof text === "string" && (type === null || own === type) ? [text] : [];
  });
}
