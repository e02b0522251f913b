import { isKeyUsed } from "../db/new-messages.ts";
import { findTemplate, languagesOfTemplate } from "../db/templates.ts";
import { AppError } from "../errors.ts";
import { parseListedTemplate } from "../whatsapp/listed-template.ts";
import { refusalsOf, templateSendText } from "../whatsapp/stored-template.ts";
import { askGraph } from "./ask-graph.ts";
import type { ActionContext } from "./context.ts";
import { requireAccount } from "./require-phone.ts";

type Send = { name: string; language: { code: string } };
type Recipient = { phone: string | null; userId: string | null };

/** A template's text for the chat (null: unknown), and whether it is known to be marketing. */
export type CheckedTemplate = { body: string | null; isMarketing: boolean };

/**
 * Compares a template message with the stored template, if there is one; `to` is null where the chat identifies the recipient.
 * Throws `invalid_request`, naming each variable that Meta would refuse, or the languages that the template has. A key that was
 * used before passes: it gets its first answer, whatever has become of the template since.
 */
export async function checkTemplate(
  ctx: ActionContext,
  organizationPhoneId: number,
  send: Send,
  to: Recipient | null,
  key: string | null,
): Promise<CheckedTemplate> {
  const { agent, db } = ctx;
  const which = { name: send.name, language: send.language.code };
  const template = await findTemplate(db, agent.organizationId, organizationPhoneId, which);
  const refusals = template
    ? refusalsOf(template, { ...send }, to ?? undefined)
    : await otherLanguage(ctx, organizationPhoneId, send);
  if (refusals.length > 0 && !(key && (await isKeyUsed(db, agent.id, key)))) {
    const errors = refusals.map((one) => ({ ...one, pointer: `/template${one.pointer}` }));
    throw new AppError("invalid_request", errors.map(({ detail }) => detail).join(" "), { errors });
  }
  if (!template) return { body: null, isMarketing: false };
  return { body: templateSendText(template, send), isMarketing: template.category === "MARKETING" };
}

/** Refuses a language that the template does not have. Where it has none that we or Graph know of, Meta decides. */
async function otherLanguage(ctx: ActionContext, organizationPhoneId: number, { name, language }: Send) {
  const languages = await languagesOf(ctx, organizationPhoneId, name);
  if (languages.length === 0 || languages.includes(language.code)) return [];
  const detail = `There is no template "${name}" in ${language.code}. It exists in: ${languages.join(", ")}.`;
  return [{ pointer: "/language/code", code: "invalid" as const, detail }];
}

/** What Graph lists now, since a language may be new; while Graph cannot be asked, what is stored. */
async function languagesOf(ctx: ActionContext, organizationPhoneId: number, name: string): Promise<string[]> {
  try {
    const { wabaId } = await requireAccount(ctx, organizationPhoneId);
    const raw = await askGraph(ctx, organizationPhoneId, ({ client }) => client.templates(wabaId, name));
    return raw.flatMap((one) => parseListedTemplate(one)?.language ?? []).sort();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return await languagesOfTemplate(ctx.db, ctx.agent.organizationId, organizationPhoneId, name);
  }
}
