import {
  changeQuickReply,
  createQuickReply,
  deleteQuickReply,
  MOST_QUICK_REPLIES,
  type QuickReplyValues,
} from "../db/quick-replies.ts";
import type { QuickReply } from "../domain/label.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";
import { savedRow } from "./saved-row.ts";

const LIMIT = `An organization has at most ${MOST_QUICK_REPLIES} quick replies.`;

/** Creates a quick reply, or with an id changes it. Throws `not_found`, and `invalid_request` for a shortcut that is in use. */
export async function saveQuickReply(
  { agent, db }: ActionContext,
  id: number | null,
  values: QuickReplyValues,
): Promise<QuickReply> {
  const { organizationId } = agent;
  const saved =
    id === null
      ? await createQuickReply(db, organizationId, values)
      : await changeQuickReply(db, organizationId, id, values);
  if (!saved) throw noQuickReply(id ?? 0);
  return savedRow(saved, "shortcut", LIMIT);
}

/** Throws `not_found`. */
export async function removeQuickReply({ agent, db }: ActionContext, id: number): Promise<void> {
  if (!(await deleteQuickReply(db, agent.organizationId, id))) throw noQuickReply(id);
}

function noQuickReply(id: number): AppError {
  return new AppError("not_found", `No such quick reply: ${id}.`);
}
