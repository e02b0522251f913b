#!/usr/bin/env bash
# A query object of Neon's serverless driver is sent again with each `await`, `then` or `catch` on it, unlike a promise.
# Keeping one to await it twice, or adding a `catch` for logging beside an `await`, runs an INSERT twice.
# Seen with @neondatabase/serverless 1.2.0 on Node 20 and 24, against an endpoint that counts requests.
# Expected output: "awaited twice: 2 requests; then and catch apart: 2 requests; wrapped in a promise: 1 request"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @neondatabase/serverless@1.2.0
cat > look.mjs <<'JS'
import { createServer } from "node:http";
import { neon, neonConfig } from "@neondatabase/serverless";

let requests = 0;
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    requests += 1;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ fields: [], rows: [], command: "INSERT", rowCount: 1, rowAsArray: true }));
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
neonConfig.fetchEndpoint = `http://127.0.0.1:${server.address().port}/sql`;
const sql = neon("postgres://user:password@db.example.test/main");

async function requestsOf(work) {
  const before = requests;
  await work();
  return requests - before;
}

const twice = await requestsOf(async () => {
  const query = sql`insert into t values (1)`;
  await query;
  await query;
});
const apart = await requestsOf(async () => {
  const query = sql`insert into t values (1)`;
  const logged = query.catch((error) => console.error(error));
  await query.then((rows) => rows);
  await logged;
});
const wrapped = await requestsOf(async () => {
  const promise = (async () => await sql`insert into t values (1)`)();
  await promise;
  await promise;
});
server.close();
server.closeAllConnections();
const seen = `awaited twice: ${twice} requests; then and catch apart: ${apart} requests; wrapped in a promise: ${wrapped} request`;
console.log(seen);
const expected = "awaited twice: 2 requests; then and catch apart: 2 requests; wrapped in a promise: 1 request";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
