import { changeLabel, createLabel, deleteLabel, type LabelValues, MOST_LABELS_EACH } from "../db/labels.ts";
import type { Label } from "../domain/label.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";
import { savedRow } from "./saved-row.ts";

const LIMIT = `An organization has at most ${MOST_LABELS_EACH} labels.`;

/** Creates a label, or with an id changes it. Throws `not_found`, and `invalid_request` for a name that another label has. */
export async function saveLabel(
  { agent, db, publishLabels }: ActionContext,
  id: number | null,
  values: LabelValues,
): Promise<Label> {
  const { organizationId } = agent;
  const saved =
    id === null
      ? await createLabel(db, organizationId, values)
      : await changeLabel(db, organizationId, id, values);
  if (!saved) throw noLabel(id ?? 0);
  const label = savedRow(saved, "name", LIMIT);
  await publishLabels();
  return label;
}

/** Throws `not_found`. */
export async function removeLabel({ agent, db, publishLabels }: ActionContext, id: number): Promise<void> {
  if (!(await deleteLabel(db, agent.organizationId, id))) throw noLabel(id);
  await publishLabels();
}

function noLabel(id: number): AppError {
  return new AppError("not_found", `No such label: ${id}.`);
}
