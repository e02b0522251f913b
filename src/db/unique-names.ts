import { sqlState } from "./client.ts";

/** What became of a row whose name is unique in its organization. `full`: the organization has as many as it may have. */
export type Saved<Row> = { kind: "saved"; row: Row } | { kind: "taken" | "full" };

const UNIQUE_VIOLATION = "23505";

/** The row of an update; `taken` when another has the name, null when there was nothing to update. */
export async function savedUnlessTaken<Row>(update: () => Promise<Row[]>): Promise<Saved<Row> | null> {
  try {
    const [row] = await update();
    return row ? { kind: "saved", row } : null;
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return { kind: "taken" };
    throw error;
  }
}
