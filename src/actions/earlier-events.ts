import { addAudit } from "../db/audit.ts";
import { earlierEventIds, earlierEventsOf } from "../db/webhook-events.ts";
import type { ActionContext } from "./context.ts";
import { replayEvent } from "./replay-event.ts";
import { requirePhoneRow } from "./require-phone.ts";

/** What one request applies: each takes a few calls, and a Worker has a limit of them. */
const EVENTS_PER_CALL = 20;

/**
 * Applies events that came for a number before it was added, oldest first, as if Meta delivered them now. Safe to repeat;
 * `remaining` falls until it is 0, or only events are left that cannot be applied. Throws `not_found`, `not_durable`.
 */
export async function applyEarlierEvents(
  ctx: ActionContext,
  id: number,
): Promise<{ applied: number; remaining: number }> {
  const { agent, db } = ctx;
  const { wabaPhoneNumberId } = await requirePhoneRow(ctx, id);
  const phoneNumberId = wabaPhoneNumberId ?? "";
  let applied = 0;
  for (const eventId of await earlierEventIds(db, phoneNumberId, EVENTS_PER_CALL)) {
    if ((await replayEvent(ctx, eventId)).applied) applied += 1;
  }
  const { count: remaining } = await earlierEventsOf(db, phoneNumberId);
  if (applied > 0) {
    const actor = { organizationId: agent.organizationId, agentId: agent.id };
    await addAudit(db, actor, id, { action: "phone.events_applied", detail: { count: applied } });
  }
  return { applied, remaining };
}
