import { findPhone } from "../db/organization-phones.ts";
import { findTemplate, type StoredTemplate } from "../db/templates.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";

/** The account of one of the organization's numbers. Throws `not_found`, also for a number without an account. */
export async function requireAccount({ agent, db }: ActionContext, organizationPhoneId: number) {
  const { organizationId } = agent;
  const number = await findPhone(db, organizationId, organizationPhoneId);
  if (!number) throw noNumber(organizationPhoneId);
  const { wabaId } = number;
  if (!wabaId)
    throw new AppError(
      "not_found",
      `The phone ${organizationPhoneId} has no wabaId. Set it, then try again.`,
    );
  return { organizationId, wabaId };
}

/** Throws `not_found`. */
export async function requireNumber(
  { agent, db }: ActionContext,
  organizationPhoneId: number,
): Promise<void> {
  if (!(await findPhone(db, agent.organizationId, organizationPhoneId))) throw noNumber(organizationPhoneId);
}

/** A template that this number may send. Throws `not_found`. */
export async function requireTemplate(
  ctx: ActionContext,
  organizationPhoneId: number,
  id: number,
): Promise<StoredTemplate> {
  await requireNumber(ctx, organizationPhoneId);
  const { agent, db } = ctx;
  const template = await findTemplate(db, agent.organizationId, organizationPhoneId, { id });
  if (!template) throw new AppError("not_found", `No such template of this phone: ${id}.`);
  return template;
}

function noNumber(id: number): AppError {
  return new AppError("not_found", `No such phone: ${id}.`);
}
