import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { db } from "./build.ts";

/** Every column of every table, and every object of the bucket, where one of the texts is found: `Table.column` or the object's key. */
export async function findEverywhere(texts: string[]): Promise<string[]> {
  const { rows: columns } = await db.execute<{ table: string; column: string; type: string }>(sql`
    select c.table_name as "table", c.column_name as "column", c.data_type as type from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`);
  const tables = [...Map.groupBy(columns, ({ table }) => table)];
  if (tables.length < 20) throw new Error("these are not all tables");
  const found = await Promise.all(
    tables.map(async ([table, columns]) => {
      const hits = columns.map(({ column, type }) => {
        const name = sql.identifier(column);
        const content = type === "bytea" ? sql`encode(${name}, 'escape')` : sql`${name}::text`;
        const isHit = texts.map((text) => sql`position(${text} in ${content}) > 0`);
        return sql`count(*) filter (where ${sql.join(isHit, sql` or `)})::int as ${name}`;
      });
      const { rows } = await db.execute<Record<string, number>>(
        sql`select ${sql.join(hits, sql`, `)} from ${sql.identifier(table)}`,
      );
      return Object.entries(rows[0] ?? {}).flatMap(([column, count]) =>
        count > 0 ? [`${table}.${column}`] : [],
      );
    }),
  );
  const { objects } = await env.MEDIA.list({ limit: 1_000 });
  const held = await Promise.all(
    objects.map(async ({ key }) => {
      const content = (await (await env.MEDIA.get(key))?.text()) ?? "";
      return texts.some((text) => key.includes(text) || content.includes(text)) ? [key] : [];
    }),
  );
  return [...found.flat(), ...held.flat()];
}
