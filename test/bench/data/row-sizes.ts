import pg from "pg";
import { withCluster } from "./cluster.ts";

// `node test/bench/data/row-sizes.ts [messages]`: what a message takes in the database, with all that comes with it, as a
// table for docs/scale.md. Of a hundred messages 45 are sent by agents, and bring three statuses and six events each.

type Size = { table: string; rows: number; heap: number; indexes: number };

const messages = Number(process.argv[2] ?? 100_000);
await withCluster(async ({ filled }) => {
  const { url } = await filled("sizes", messages);
  const sizes = await sizesOf(url);
  console.log("| table | rows per message | bytes of a row | its index entries | bytes per message |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const { table, rows, heap, indexes } of sizes) {
    const cells = [table, rows / messages, heap / rows, indexes / rows, (heap + indexes) / messages];
    console.log(`| ${cells.map(cellOf).join(" | ")} |`);
  }
  const total = sizes.reduce((sum, { heap, indexes }) => sum + heap + indexes, 0);
  console.log(`| all | | | | **${cellOf(total / messages)}** |`);
});

/** The largest tables with what they take on the disk: rows and their overflow, and their indexes. */
async function sizesOf(url: string): Promise<Size[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<Size>(
      `select relname as table, reltuples::float8 as rows, pg_table_size(oid)::float8 as heap, pg_indexes_size(oid)::float8 as indexes
       from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 1000
       order by pg_total_relation_size(oid) desc`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

function cellOf(value: string | number): string {
  if (typeof value === "string") return value;
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en");
}
