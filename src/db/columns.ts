import { customType, integer, timestamp } from "drizzle-orm/pg-core";

// Names are quoted PascalCase tables and camelCase columns, because operators run SQL by hand. The SQL
// functions that read and write the tables are files in `functions/`, for drizzle-kit does not know functions.

export const id = () => integer().primaryKey().generatedByDefaultAsIdentity();

export const moment = () => timestamp({ withTimezone: true, precision: 3 });

export const bytes = customType<{ data: Uint8Array; driverData: string }>({ dataType: () => "bytea" });
