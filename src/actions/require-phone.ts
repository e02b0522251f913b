import { findPhone } from "../db/organization-phones.ts";
import { type PhoneRow, readPhone } from "../db/phones.ts";
import { findTemplate, type StoredTemplate } from "../db/templates.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";

/** One of the organization's phones. Throws `not_found`. */
export async function requirePhone({ agent, db }: ActionContext, organizationPhoneId: number) {
  const phone = await findPhone(db, agent.organizationId, organizationPhoneId);
  if (!phone) throw noPhone(organizationPhoneId);
  return phone;
}

/** The same with all that is stored of it. Throws `not_found`. */
export async function requirePhoneRow({ agent, db }: ActionContext, id: number): Promise<PhoneRow> {
  const phone = await readPhone(db, agent.organizationId, id);
  if (!phone) throw noPhone(id);
  return phone;
}

function noPhone(organizationPhoneId: number): AppError {
  return new AppError("not_found", `No such phone: ${organizationPhoneId}.`);
}

/** The WhatsApp Business account of a phone. Throws `not_found`, also for a phone without an account. */
export async function requireAccount(ctx: ActionContext, organizationPhoneId: number) {
  const { wabaId } = await requirePhone(ctx, organizationPhoneId);
  if (!wabaId)
    throw new AppError(
      "not_found",
      `The phone ${organizationPhoneId} has no wabaId. Set it, then try again.`,
    );
  return { organizationId: ctx.agent.organizationId, wabaId };
}

/** A template that this phone may send. Throws `not_found`. */
export async function requireTemplate(
  ctx: ActionContext,
  organizationPhoneId: number,
  id: number,
): Promise<StoredTemplate> {
  await requirePhone(ctx, organizationPhoneId);
  const { agent, db } = ctx;
  const template = await findTemplate(db, agent.organizationId, organizationPhoneId, { id });
  if (!template) throw new AppError("not_found", `No such template of this phone: ${id}.`);
  return template;
}
