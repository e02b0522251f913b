#!/usr/bin/env bash
# In the SQLite storage of a Durable Object a parameter `true` is bound as the text 'true', not as 1: a row that is written
# with `true` is not found by `where flag`, nor by `flag = 1`. A Date becomes its English text. Neither throws. Other drivers
# of SQLite bind 1 or refuse the value; the types of Workers allow only null, numbers, texts and ArrayBuffers, but parameters
# from `JSON.parse` or of type `any` get past them.
# Seen with workerd 1.20260815.1 (miniflare 5.20260815.0-alpha); Node's own node:sqlite from 24 on binds 1.
# Expected output: "true: text true; found by `where flag`: 0; found by `flag = 1`: 0; date: text Thu Jan 01 1970"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund miniflare@5.20260815.0-alpha
cat > look.mjs <<'JS'
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const script = `
import { DurableObject } from "cloudflare:workers";
export class Store extends DurableObject {
  look() {
    const sql = this.ctx.storage.sql;
    sql.exec("create table options (flag integer, since integer)");
    sql.exec("insert into options values (?, ?)", true, new Date(0));
    const { kind, flag, sinceKind, since } = sql
      .exec("select typeof(flag) as kind, flag, typeof(since) as sinceKind, since from options")
      .one();
    const count = (where) => sql.exec("select count(*) as n from options where " + where).one().n;
    return "true: " + kind + " " + flag + "; found by \`where flag\`: " + count("flag") +
      "; found by \`flag = 1\`: " + count("flag = 1") + "; date: " + sinceKind + " " + since.slice(0, 15);
  }
}
export default { fetch: async (_, env) => new Response(await env.STORE.getByName("one").look()) };`;
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules: true,
    script,
    compatibilityDate: "2026-08-01",
    durableObjects: { STORE: { className: "Store", useSQLite: true } },
  }),
);
const seen = await (await fetch(await miniflare.ready)).text();
await miniflare.dispose();

console.log(seen);
const expected =
  "true: text true; found by `where flag`: 0; found by `flag = 1`: 0; date: text Thu Jan 01 1970";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
