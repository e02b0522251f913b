import pg from "pg";
import { setting } from "./settings.ts";

/** More than the machine has cores, for a commit waits for the disk; 5, 10 and 40 store no more at 64 and 256 connections. */
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
