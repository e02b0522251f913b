import { runSql } from "../systems/database.ts";
import { withCluster } from "./cluster.ts";

// `node test/bench/data/row-sizes.ts [messages]` prints the size of a message in the database, with its statuses and events,
// as a table for docs/scale.md. Of a hundred messages 45 are sent by agents, each with three statuses and six events.

type Size = { table: string; rows: number; heapBytes: number; indexBytes: number };

const messages = Number(process.argv[2] ?? 100_000);
await withCluster(async ({ filled }) => {
  const { url } = await filled("sizes", messages);
  const sizes = await sizesOf(url);
  console.log("| table | rows per message | bytes of a row | its index entries | bytes per message |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const { table, rows, heapBytes, indexBytes } of sizes) {
    const perMessage = (heapBytes + indexBytes) / messages;
    const cells = [table, rows / messages, heapBytes / rows, indexBytes / rows, perMessage];
    console.log(`| ${cells.map(cellOf).join(" | ")} |`);
  }
  const total = sizes.reduce((sum, { heapBytes, indexBytes }) => sum + heapBytes + indexBytes, 0);
  console.log(`| all | | | | **${cellOf(total / messages)}** |`);
});

/** The sizes of the largest tables (with TOAST) and their indexes. */
async function sizesOf(url: string): Promise<Size[]> {
  return await runSql<Size>(
    url,
    `select relname as table, reltuples::float8 as rows, pg_table_size(oid)::float8 as "heapBytes",
       pg_indexes_size(oid)::float8 as "indexBytes"
     from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 1000
     order by pg_total_relation_size(oid) desc`,
  );
}

function cellOf(value: string | number): string {
  if (typeof value === "string") return value;
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en");
}
