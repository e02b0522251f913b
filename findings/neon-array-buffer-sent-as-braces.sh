#!/usr/bin/env bash
# `crypto.subtle.digest` and `sign` give an ArrayBuffer. As a parameter of Neon's serverless driver it is sent as the text
# "{}", without an error: a `bytea` column then holds the two bytes 7b7d instead of the hash. The same bytes as a Uint8Array
# arrive; inside an array a Uint8Array throws "replace is not a function", and only a Buffer works, which Workers have only
# with nodejs_compat.
# Seen with @neondatabase/serverless 1.2.0 on Node 20 and 24, against an endpoint that shows what it is sent.
# Expected output: "ArrayBuffer: {}; Uint8Array: \x0102; [Uint8Array]: TypeError; [Buffer]: {\\x0102}"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @neondatabase/serverless@1.2.0
cat > look.mjs <<'JS'
import { createServer } from "node:http";
import { neon, neonConfig } from "@neondatabase/serverless";

let sent = "";
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    [sent] = JSON.parse(body).params;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ fields: [], rows: [], command: "INSERT", rowCount: 1, rowAsArray: true }));
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
neonConfig.fetchEndpoint = `http://127.0.0.1:${server.address().port}/sql`;
const sql = neon("postgres://user:password@db.example.test/main");

async function sentFor(value) {
  try {
    await sql`insert into hashes values (${value})`;
    return sent;
  } catch (error) {
    return error.constructor.name;
  }
}

const bytes = new Uint8Array([1, 2]);
const seen = [
  `ArrayBuffer: ${await sentFor(bytes.buffer)}`,
  `Uint8Array: ${await sentFor(bytes)}`,
  `[Uint8Array]: ${await sentFor([bytes])}`,
  `[Buffer]: ${await sentFor([Buffer.from(bytes)])}`,
].join("; ");
server.close();
server.closeAllConnections();

console.log(seen);
const expected = String.raw`ArrayBuffer: {}; Uint8Array: \x0102; [Uint8Array]: TypeError; [Buffer]: {\\x0102}`;
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
