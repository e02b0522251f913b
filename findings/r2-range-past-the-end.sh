#!/usr/bin/env bash
# What R2 (in local mode) gives for a range that begins behind the end of the object depends on how the range was said. As a
# `Range` header it is ignored: the whole object comes, and a Worker that answers 206 with it sends wrong bytes. As `offset`
# alone it is refused with R2's own code, 10039; as `offset` and `length` it is "Unspecified error (0)", as if R2 were broken.
# RFC 9110 §14.4 wants 416 for all of them, so a Worker has to compare with the size itself.
# Seen with miniflare 5.20260815.0-alpha on Node 20 and 24.
# Expected output: "header: 10 bytes; offset: The requested range is not satisfiable (10039); offset and length: Unspecified error (0)"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund miniflare@5.20260815.0-alpha
cat > look.mjs <<'JS'
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const script = `
export default {
  async fetch(_, { BUCKET }) {
    await BUCKET.put("voice.ogg", "0123456789");
    const read = async (range) => {
      try {
        const object = await BUCKET.get("voice.ogg", { range });
        return (await object.arrayBuffer()).byteLength + " bytes";
      } catch (error) {
        return error.message.replace("get: ", "");
      }
    };
    return new Response([
      "header: " + (await read(new Headers({ range: "bytes=20-30" }))),
      "offset: " + (await read({ offset: 10 })),
      "offset and length: " + (await read({ offset: 10, length: 5 })),
    ].join("; "));
  },
};`;
const miniflare = new Miniflare(
  convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-08-01", r2Buckets: ["BUCKET"] }),
);
const seen = await (await fetch(await miniflare.ready)).text();
await miniflare.dispose();

console.log(seen);
const expected =
  "header: 10 bytes; offset: The requested range is not satisfiable (10039); offset and length: Unspecified error (0)";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
