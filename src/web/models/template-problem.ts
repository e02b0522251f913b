import type { PreviewedTemplate, TemplateFormField } from "../../http/contract.ts";
import type { Language } from "../strings/strings.ts";
import { anyTemplateProblemRu, templateProblemsRu } from "../strings/template-problems-ru.ts";

type TemplateProblem = PreviewedTemplate["errors"][number];

const PLACE = /^\/components\/(\d+)(?:\/cards\/(\d+)\/components\/(\d+))?(?:\/parameters\/(\d+))?/;

/**
 * The field of the form whose value a problem is about, by its pointer into the template as it would be sent; the first one of its
 * part where the problem is the whole text's. Undefined where it is about none.
 */
export function fieldOf(
  { pointer }: Pick<TemplateProblem, "pointer">,
  template: object,
  form: readonly TemplateFormField[],
): TemplateFormField | undefined {
  const [, outer, card, inner, parameter = "0"] = PLACE.exec(pointer) ?? [];
  if (outer === undefined) return undefined;
  const beside = itemOf(template, "components", outer);
  const component = card === undefined ? beside : itemOf(itemOf(beside, "cards", card), "components", inner);
  const { type, index } = component as { type?: unknown; index?: unknown };
  const here = form.filter(
    ({ where }) =>
      where.part === (type === "limited_time_offer" ? "offer" : type) &&
      where.card === (card === undefined ? null : Number(card)) &&
      where.button === (index === undefined ? null : Number(index)),
  );
  return here[Number(parameter)];
}

/** What is wrong with a filled-in template, in the language of the page. `field`: the name of what it is about. */
export function templateProblemText(
  { code, detail }: Pick<TemplateProblem, "code" | "detail">,
  field: string,
  language: Language,
): string {
  return language === "en" ? detail : (templateProblemsRu[code] ?? anyTemplateProblemRu)(field);
}

function itemOf(parent: object, key: string, index: string | undefined): object {
  const list: unknown = Reflect.get(parent, key);
  const item: unknown = Array.isArray(list) ? list[Number(index)] : undefined;
  return typeof item === "object" && item !== null ? item : {};
}
