import { findPhone } from "../db/organization-phones.ts";
import { findTemplate, type StoredTemplate } from "../db/templates.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";

/** One of the organization's phones. Throws `not_found`. */
export async function requirePhone({ agent, db }: ActionContext, organizationPhoneId: number) {
  const phone = await findPhone(db, agent.organizationId, organizationPhoneId);
  if (!phone) throw new AppError("not_found", `No such phone: ${organizationPhoneId}.`);
  return phone;
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
