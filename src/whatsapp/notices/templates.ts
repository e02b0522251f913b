import type { Notice, Severity, TemplateSubject } from "../../domain/notice.ts";
import { idOf, objectOf, objectsOf, shortTextOf, timeOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";

const SEVERITY: Record<string, Severity> = {
  REJECTED: "warning",
  PAUSED: "warning",
  FLAGGED: "warning",
  LOCKED: "warning",
  LIMIT_EXCEEDED: "warning",
  PENDING_DELETION: "warning",
  DELETED: "warning",
  DISABLED: "critical",
};
const QUALITY: Record<string, Severity> = { YELLOW: "warning", RED: "critical" };

/** Field `message_template_status_update`. */
export function parseTemplateStatus(value: JsonObject, at: string | null): Notice {
  const { event, reason, other_info, rejection_info, disable_info } = value;
  const status = shortTextOf(event);
  const other = objectOf(other_info);
  const why =
    shortTextOf(objectOf(rejection_info).reason) ?? shortTextOf(other.description) ?? shortTextOf(reason);
  const shownReason = why === "NONE" ? null : why;
  const statusText = status?.toLowerCase().replaceAll("_", " ") ?? "changed";
  return {
    kind: "templateStatus",
    severity: severityOf(SEVERITY, status),
    title: `Template ${named(value)} is now ${statusText}${shownReason ? `: ${shownReason}` : ""}.`,
    at,
    subject: subjectOf(value),
    detail: {
      status,
      category: shortTextOf(value.message_template_category),
      reason: shownReason,
      recommendation: shortTextOf(objectOf(rejection_info).recommendation),
      disabledAt: timeOf(objectOf(disable_info).disable_date),
    },
  };
}

/** Field `message_template_quality_update`. */
export function parseTemplateQuality(value: JsonObject, at: string | null): Notice {
  const [previous, quality] = [
    shortTextOf(value.previous_quality_score),
    shortTextOf(value.new_quality_score),
  ];
  return {
    kind: "templateQuality",
    severity: severityOf(QUALITY, quality),
    title: `The quality of template ${named(value)} is ${quality ?? "unknown"}${previous ? `; it was ${previous}` : ""}.`,
    at,
    subject: subjectOf(value),
    detail: { previous, quality },
  };
}

/** Field `message_template_components_update`. */
export function parseTemplateComponents(value: JsonObject, at: string | null): Notice {
  const buttons = objectsOf(value.message_template_buttons).map((one) =>
    shortTextOf(one.message_template_button_text),
  );
  return {
    kind: "templateComponents",
    severity: "info",
    title: `The text of template ${named(value)} was changed.`,
    at,
    subject: subjectOf(value),
    detail: {
      header: shortTextOf(value.message_template_title),
      body: shortTextOf(value.message_template_element),
      footer: shortTextOf(value.message_template_footer),
      buttons: buttons.filter((text) => text !== null),
    },
  };
}

/** Field `template_category_update`: sent a day ahead, when `new_category` is still what it was, and once it is done. */
export function parseTemplateCategory(value: JsonObject, at: string | null): Notice {
  const [previous, category] = [shortTextOf(value.previous_category), shortTextOf(value.new_category)];
  const correct = shortTextOf(value.correct_category);
  const next = correct === category ? null : correct;
  const change = next
    ? `will change from ${category ?? "unknown"} to ${next}`
    : `is now ${category ?? "unknown"}`;
  return {
    kind: "templateCategory",
    // The category sets the price.
    severity: "warning",
    title: `The category of template ${named(value)} ${change}.`,
    at,
    subject: subjectOf(value),
    detail: { previous, category, next, changesAt: timeOf(value.category_update_timestamp) },
  };
}

/** Field `template_correct_category_detection`; Meta's page gives no example, so both spellings are tried. */
export function parseTemplateMisuse(value: JsonObject, at: string | null): Notice {
  const category = shortTextOf(value.category) ?? shortTextOf(value.new_category);
  const correct = shortTextOf(value.correct_category);
  return {
    kind: "templateCategoryMisuse",
    severity: "warning",
    title: `Meta finds the category of template ${named(value)} wrong${correct ? `: it should be ${correct}` : ""}.`,
    at,
    subject: subjectOf(value),
    detail: { category, correct },
  };
}

function subjectOf(value: JsonObject): TemplateSubject {
  return {
    type: "template",
    templateId: idOf(value.message_template_id),
    name: shortTextOf(value.message_template_name),
    language: shortTextOf(value.message_template_language),
  };
}

function named(value: JsonObject): string {
  const { name, templateId, language } = subjectOf(value);
  return [`"${name ?? templateId ?? "without a name"}"`, language && `(${language})`]
    .filter(Boolean)
    .join(" ");
}

function severityOf(table: Record<string, Severity>, status: string | null): Severity {
  return (status !== null && Object.hasOwn(table, status) && table[status]) || "info";
}
