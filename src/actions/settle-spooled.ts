import { addAudit } from "../db/audit.ts";
import { metaIdsOf } from "../db/organization-phones.ts";
import type { AuditAction } from "../domain/audit.ts";
import type { SpooledDetails, SpooledRetry } from "../domain/spooled-event.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";

/** A spooled event of one of the organization's numbers, with its content. Throws `not_found`. */
export async function requireSpooled(ctx: ActionContext, id: number): Promise<SpooledDetails> {
  const { agent, db, spool } = ctx;
  const found = await spool.find([...(await metaIdsOf(db, agent.organizationId)).keys()], id);
  if (!found) throw noEvent(id);
  return found;
}

/** Tries to store a spooled event now. Throws `not_found`. */
export async function retrySpooledEvent(ctx: ActionContext, id: number): Promise<SpooledRetry> {
  const phoneNumberIds = await audited(ctx, id, "phone.event_retried");
  const retried = await ctx.spool.retry(phoneNumberIds, id);
  if (!retried) throw noEvent(id);
  return retried;
}

/**
 * Takes a spooled event out for good: it is never stored, unless Meta delivers it again. Throws `not_found`; `event_in_progress` while
 * it is being stored.
 */
export async function removeSpooledEvent(ctx: ActionContext, id: number): Promise<void> {
  const phoneNumberIds = await audited(ctx, id, "phone.event_removed");
  const isRemoved = await ctx.spool.remove(phoneNumberIds, id);
  if (isRemoved === null)
    throw new AppError(
      "event_in_progress",
      `Event ${id} is being stored. Try again, if it still waits then.`,
      {
        retryAfter: 5,
      },
    );
  if (!isRemoved) throw noEvent(id);
}

/** Logs first: nobody takes an event out without a trace. Returns the numbers whose events the caller may touch. */
async function audited(ctx: ActionContext, id: number, action: AuditAction): Promise<string[]> {
  const { agent, db, spool } = ctx;
  const numbers = await metaIdsOf(db, agent.organizationId);
  const phoneNumberIds = [...numbers.keys()];
  const found = await spool.find(phoneNumberIds, id);
  const organizationPhoneId = found && numbers.get(found.phoneNumberId);
  if (!organizationPhoneId) throw noEvent(id);
  const actor = { organizationId: agent.organizationId, agentId: agent.id };
  await addAudit(db, actor, organizationPhoneId, { action, detail: { eventId: id } });
  return phoneNumberIds;
}

function noEvent(id: number): AppError {
  return new AppError("not_found", `No event waits under this id: ${id}. It may be stored by now.`);
}
