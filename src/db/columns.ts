import { customType, integer, timestamp } from "drizzle-orm/pg-core";

// Tables are quoted PascalCase and columns camelCase, because operators run SQL by hand. The SQL functions that read and write
// the tables are files in `functions/`: drizzle-kit does not support functions.

export const id = () => integer().primaryKey().generatedByDefaultAsIdentity();

export const moment = () => timestamp({ withTimezone: true, precision: 3 });

export const bytes = customType<{ data: Uint8Array; driverData: string }>({ dataType: () => "bytea" });

export const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });
