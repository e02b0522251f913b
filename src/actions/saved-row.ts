import type { Saved } from "../db/unique-names.ts";
import { invalidField } from "../errors.ts";

/** The saved row. Throws `invalid_request` when another has its name, or there are too many. */
export function savedRow<Row>(saved: Saved<Row>, field: string, limit: string): Row {
  if (saved.kind === "saved") return saved.row;
  const detail = saved.kind === "full" ? limit : `Another one has this ${field}.`;
  throw invalidField(`/${field}`, detail, saved.kind);
}
