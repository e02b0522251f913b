#!/usr/bin/env bash
# A browser writes a quotation mark in a file's name as %22 when it sends a form. `formData()` of the Workers runtime leaves
# that as it is, so a file that arrives there has another name than on the user's disk, and the runtime does not even read
# back the name that its own FormData has written. Node undoes the escapes, as the rules for reading such a body say:
# https://andreubotella.github.io/multipart-form-data/#multipart-form-data-parser
# Seen with workerd 1.20260815.1 (miniflare 5.20260815.0-alpha), in a name and in a file's name; Node 20 and 24.
# Expected output: "Workers: na%22me, 5%22 screen.pdf; Node: na"me, 5" screen.pdf"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund miniflare@5.20260815.0-alpha
cat > look.mjs <<'JS'
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const roundTrip = `async () => {
  const form = new FormData();
  form.append('na"me', new File(["x"], '5" screen.pdf'));
  const [[name, file]] = await new Response(form).formData();
  return name + ", " + file.name;
}`;
const script = `export default { fetch: async () => new Response(await (${roundTrip})()) };`;
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-08-01" }));
const inWorkers = await (await fetch(await miniflare.ready)).text();
await miniflare.dispose();
const inNode = await eval(roundTrip)();

const seen = `Workers: ${inWorkers}; Node: ${inNode}`;
console.log(seen);
const expected = 'Workers: na%22me, 5%22 screen.pdf; Node: na"me, 5" screen.pdf';
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
