import pg from "pg";
import { setting } from "./settings.ts";

/** More than the machine has cores, for a commit waits for the disk; 10 and 40 measured no better. */
const CONNECTIONS = 20;

/** Kept open: a connection knows the plans of its named statements. */
export const pool = new pg.Pool({
  connectionString: setting("DATABASE_URL"),
  max: CONNECTIONS,
  idleTimeoutMillis: 0,
});

/** Postgres' code for a row that a unique index refuses. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "23505";
}
