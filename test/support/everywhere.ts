import { env } from "cloudflare:workers";
import { type SQL, sql } from "drizzle-orm";
import { db } from "./build.ts";

type Column = { table: string; column: string; type: string };

/** Every column of every table, and every object of the bucket, where one of the texts is found: `Table.column` or the object's key. */
export async function findEverywhere(texts: string[]): Promise<string[]> {
  const { rows: columns } = await db.execute<Column>(sql`
    select c.table_name as "table", c.column_name as "column", c.data_type as type from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`);
  const byTable = Map.groupBy(columns, ({ table }) => table);
  const tables = [...byTable];
  if (tables.length < 20) throw new Error("these are not all tables");
  // To look at a row as a whole takes a fraction of looking at each of its columns, and most tables have none of the texts.
  const looks = tables.map(([table, columns]) => {
    const isHit = texts.map((text) => sql`position(${text} in content) > 0`);
    return sql`select ${table}::text as "table" where exists (select from (
      select concat_ws(' ', ${sql.join(columns.map(contentOf), sql`, `)}) as content from ${sql.identifier(table)} offset 0
    ) as whole where ${sql.join(isHit, sql` or `)})`;
  });
  const { rows: hit } = await db.execute<{ table: string }>(sql.join(looks, sql` union all `));
  const found = await Promise.all(
    hit.map(async ({ table }) => {
      const hits = (byTable.get(table) ?? []).map((column) => {
        const isHit = texts.map((text) => sql`position(${text} in ${contentOf(column)}) > 0`);
        return sql`count(*) filter (where ${sql.join(isHit, sql` or `)})::int as ${sql.identifier(column.column)}`;
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

function contentOf({ column, type }: Column): SQL {
  const name = sql.identifier(column);
  return type === "bytea" ? sql`encode(${name}, 'escape')` : sql`${name}::text`;
}
