import type { FieldError } from "../../errors.ts";
import { isNonBlank, objectOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import type { Template, TemplateRecipient } from "./template.ts";

/** Why a template cannot be sent in this state; only `APPROVED` can. */
const reasons: Record<string, string> = {
  PENDING: "Meta is still reviewing this template.",
  IN_APPEAL: "Meta's refusal of this template is being appealed.",
  REJECTED: "Meta has rejected this template.",
  PAUSED: "Meta has paused this template because customers did not like it: choose another.",
  DISABLED: "Meta has disabled this template for good: choose another.",
  LOCKED: "Meta has locked this template: choose another.",
  LIMIT_EXCEEDED: "This account has more templates than Meta allows: this one cannot be sent.",
  ARCHIVED: "This template is in the archive at Meta.",
  PENDING_DELETION: "This template is being deleted.",
  DELETED: "This template has been deleted.",
};

/** Whether this template can be sent at all, and to this recipient; whether the send object means this one. */
export function checkHead(template: Template, send: JsonObject, to?: TemplateRecipient): FieldError[] {
  const { code, policy } = objectOf(send.language);
  const errors: FieldError[] = [];
  const add = (pointer: string, code: string, detail: string) => errors.push({ pointer, code, detail });

  if (template.status !== "APPROVED") {
    const why = Object.hasOwn(reasons, template.status) ? reasons[template.status] : undefined;
    add("/name", "not_approved", why ?? "Meta has not approved this template.");
  }
  if (!isNonBlank(send.name)) add("/name", "missing", "The template's name is missing.");
  else if (send.name !== template.name) {
    add("/name", "wrong_template", `The values are for the template "${template.name}".`);
  }
  if (!isNonBlank(code)) add("/language/code", "missing", "The template's language is missing.");
  else if (code !== template.language) {
    add("/language/code", "wrong_template", `The template is in the language "${template.language}".`);
  }
  if (policy !== undefined && policy !== "deterministic") {
    add("/language/policy", "invalid", 'The only policy is "deterministic".');
  }
  if (to && needsPhone(template) && !to.phone) {
    // Meta's 131062.
    add(
      "",
      "phone_needed",
      "A template with a one-time code goes to phone numbers only; this one is unknown.",
    );
  }
  return errors;
}

function needsPhone({ category, buttons }: Template): boolean {
  return category === "AUTHENTICATION" || buttons.some(({ kind }) => kind === "otp");
}
