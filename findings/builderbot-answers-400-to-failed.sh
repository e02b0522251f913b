#!/usr/bin/env bash
# Builderbot's provider for the Cloud API answers 400 to a webhook that reports a failed message. Meta takes that for a failed
# delivery and repeats the report for up to seven days, and with it all else that stands in the same webhook: an inbound
# message beside the report is never handed on. Two messages of one webhook get the id and the time of the first.
# https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview (retries)
# Seen with @builderbot/provider-meta 1.2.2 and @builderbot/bot 1.2.2 on Node 20 and 24.
# Expected output: "failed: 400; failed and a message: 400, handed on: 0; two messages: 200, ids: wamid.1 wamid.1"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @builderbot/provider-meta@1.2.2 @builderbot/bot@1.2.2
cat > look.mjs <<'JS'
import { createServer } from "node:http";
import { createProvider } from "@builderbot/bot";
import { MetaProvider } from "@builderbot/provider-meta";

const free = createServer();
await new Promise((resolve) => free.listen(0, "127.0.0.1", resolve));
const { port } = free.address();
await new Promise((resolve) => free.close(resolve));

const provider = createProvider(MetaProvider, {
  jwtToken: "token",
  numberId: "1",
  verifyToken: "verify",
  version: "v22.0",
});
const handedOn = [];
provider.on("message", (message) => handedOn.push(message.message_id));
provider.on("notice", () => {});
console.log = () => {};
provider.initAll(port, {});
const address = `http://127.0.0.1:${port}/webhook`;

const failed = {
  id: "wamid.0",
  status: "failed",
  timestamp: "1790000000",
  recipient_id: "15550002222",
  errors: [{ code: 131026, title: "Message undeliverable", error_data: { details: "Message Undeliverable." } }],
};
const text = (id, body) => ({ from: "15550002222", id, timestamp: "1790000000", type: "text", text: { body } });
async function post(value) {
  const change = {
    field: "messages",
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550001111", phone_number_id: "1" },
      contacts: [{ profile: { name: "Ann" }, wa_id: "15550002222" }],
      ...value,
    },
  };
  const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "9", changes: [change] }] });
  const headers = { "content-type": "application/json" };
  return (await fetch(address, { method: "POST", headers, body })).status;
}
async function until(condition) {
  for (let tries = 0; !condition() && tries < 200; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

const alone = await post({ statuses: [failed] });
const beside = await post({ statuses: [failed], messages: [text("wamid.9", "Hello")] });
const both = await post({ messages: [text("wamid.1", "Hello"), text("wamid.2", "Are you open?")] });
await until(() => handedOn.length >= 2);
const before = handedOn.filter((id) => id === "wamid.9").length;
const seen = `failed: ${alone}; failed and a message: ${beside}, handed on: ${before}; two messages: ${both}, ids: ${handedOn.join(" ")}`;
process.stdout.write(`${seen}\n`);
const expected =
  "failed: 400; failed and a message: 400, handed on: 0; two messages: 200, ids: wamid.1 wamid.1";
if (seen !== expected) console.error(`The behaviour has changed. Expected: ${expected}`);
process.exit(seen === expected ? 0 : 1);
JS
node look.mjs
