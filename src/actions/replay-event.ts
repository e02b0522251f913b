import { bodyOfStoredEvent, markApplied } from "../db/webhook-events.ts";
import { AppError } from "../errors.ts";
import { flatten } from "../whatsapp/flatten.ts";
import type { ActionContext } from "./context.ts";

export type Replayed = { id: number; applied: boolean };

/**
 * Lets a kept event come in once more, the way of every webhook. `applied` tells whether all of it is a message or a status
 * by now, or was acted upon; otherwise it stays as it was kept. What is stored already changes nothing.
 * Throws `not_found` for another organization's, `not_durable` when nothing can be stored just now.
 */
export async function replayEvent(ctx: ActionContext, id: number): Promise<Replayed> {
  const { agent, db, submitEvents } = ctx;
  const bytes = await bodyOfStoredEvent(db, { id, organizationId: agent.organizationId });
  if (!bytes) throw new AppError("not_found", `No such webhook event: ${id}.`);
  const events = flatten(bytes);
  // What still says nothing to us would only be kept once more.
  if (events.some((event) => event.kind !== "notice" || event.parsed)) await submitEvents(events);
  return { id, applied: await markApplied(db, id, events) };
}
