import { isKeyUsed } from "../db/outgoing.ts";
import { findTemplate } from "../db/templates.ts";
import { AppError } from "../errors.ts";
import { refusalsOf, templateSendText } from "../whatsapp/stored-template.ts";
import type { ActionContext } from "./context.ts";

type Send = { name: string; language: { code: string } };
type Recipient = { phone: string | null; userId: string | null };

/** A template's text for the chat (null: unknown), and whether it is known to be marketing. */
export type CheckedTemplate = { body: string | null; isMarketing: boolean };

/**
 * Compares a template message with the stored template, if there is one; `to` is null where the chat identifies the recipient.
 * Throws `invalid_request`, naming each variable that Meta would refuse. A key that was used before passes: it gets its
 * first answer, whatever has become of the template since.
 */
export async function checkTemplate(
  { agent, db }: ActionContext,
  organizationPhoneId: number,
  send: Send,
  to: Recipient | null,
  key: string | null,
): Promise<CheckedTemplate> {
  const which = { name: send.name, language: send.language.code };
  const template = await findTemplate(db, agent.organizationId, organizationPhoneId, which);
  if (!template) return { body: null, isMarketing: false };
  const refusals = refusalsOf(template, { ...send }, to ?? undefined);
  if (refusals.length > 0 && !(key && (await isKeyUsed(db, agent.id, key)))) {
    const errors = refusals.map((one) => ({ ...one, pointer: `/template${one.pointer}` }));
    throw new AppError("invalid_request", errors.map(({ detail }) => detail).join(" "), { errors });
  }
  return { body: templateSendText(template, send), isMarketing: template.category === "MARKETING" };
}
