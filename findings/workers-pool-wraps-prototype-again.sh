#!/usr/bin/env bash
# The Workers pool of Vitest makes one class for the Worker under test, and whenever that is instantiated, which is once a request, it
# puts one more Proxy around the class's prototype instead of one in all. Each property that a request looks up passes through
# all of them: tests that share a runtime (`isolate: false`) get slower with each request of those before.
# Seen with @cloudflare/vitest-pool-workers 0.23.0, vitest 4.1.12 and wrangler 4.124.0 on Node 24.
# Expected output: "100 requests: 100 proxies, one around the other"
set -euo pipefail
expected="100 requests: 100 proxies, one around the other"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  @cloudflare/vitest-pool-workers@0.23.0 vitest@4.1.12 wrangler@4.124.0 vite@8.3.8
cat > worker.mjs <<'JS'
export default { fetch: () => new Response("ok") };
JS
cat > vitest.config.mjs <<'JS'
import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [cloudflareTest({ main: "./worker.mjs", miniflare: { compatibilityDate: "2026-08-01" } })],
});
JS
cat > depth.test.mjs <<'JS'
import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";

/** How many proxies are around what a proxy of a class's prototype stands for. */
const depths = new WeakMap();
let deepest = 0;
globalThis.Proxy = new Proxy(Proxy, {
  construct(Native, [target, handler]) {
    const proxy = new Native(target, handler);
    if (Object.getOwnPropertyDescriptor(target, "constructor")?.value?.prototype === target) {
      depths.set(proxy, (depths.get(target) ?? 0) + 1);
      deepest = Math.max(deepest, depths.get(proxy));
    }
    return proxy;
  },
});

it("counts", { timeout: 60_000 }, async () => {
  for (let n = 0; n < 100; n++) expect((await exports.default.fetch("http://worker/")).status).toBe(200);
  expect(`100 requests: ${deepest} proxies, one around the other`).toBe("EXPECTED");
});
JS
sed -i.bak "s/EXPECTED/$expected/" depth.test.mjs
export WRANGLER_SEND_METRICS=false
if ! npx --no-install vitest run >output 2>&1; then
  cat output
  echo "The behaviour has changed. Expected: $expected" >&2
  exit 1
fi
echo "$expected"
