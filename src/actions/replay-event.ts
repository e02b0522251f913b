import { bodyOfStoredEvent, markApplied } from "../db/webhook-events.ts";
import { AppError } from "../errors.ts";
import { flatten } from "../whatsapp/flatten.ts";
import type { ActionContext } from "./context.ts";

export type Replayed = { id: number; applied: boolean };

/**
 * Submits a stored event again, like a webhook. `applied`: all of its items are now messages or statuses, or had an effect;
 * otherwise the stored event is unchanged. Items that are already stored change nothing.
 * Throws `not_found` for an event of another organization, `not_durable` when nothing can be stored now.
 */
export async function replayEvent(ctx: ActionContext, id: number): Promise<Replayed> {
  const { agent, db, submitEvents } = ctx;
  const bytes = await bodyOfStoredEvent(db, { id, organizationId: agent.organizationId });
  if (!bytes) throw new AppError("not_found", `No such webhook event: ${id}.`);
  const events = flatten(bytes);
  // Events that still cannot be parsed would only be stored raw again.
  if (events.some((event) => event.kind !== "notice" || event.parsed)) await submitEvents(events);
  return { id, applied: await markApplied(db, id, events) };
}
