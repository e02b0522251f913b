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

/** The texts of Meta's components. */
function textsOf(components: unknown): string {
  if (!Array.isArray(components)) return "";
  return (components as unknown[])
    .map((component) => {
      const text: unknown =
        typeof component === "object" && component ? Reflect.get(component, "text") : null;
      return typeof text === "string" ? text : "";
    })
    .join(" ");
}
