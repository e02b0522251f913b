#!/usr/bin/env bash
# Meta may put several messages, changes and entries into one webhook. Two client libraries hand on the first message only
# and answer as if all were handled, so Meta does not send the others again.
# Seen with whatsapp-api-js 6.3.0 and whatsapp-cloud-api 0.3.1 on Node 20 and 24, on a body with the messages a, b, c and d.
# Expected output: "whatsapp-api-js: a; whatsapp-cloud-api: a, answered 200"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-api-js@6.3.0 whatsapp-cloud-api@0.3.1 express@4.21.2
cat > look.mjs <<'JS'
import { createRequire } from "node:module";
import express from "express";
import { WhatsAppAPI } from "whatsapp-api-js";

const { createBot } = createRequire(import.meta.url)("whatsapp-cloud-api");
const change = (...ids) => ({
  field: "messages",
  value: {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550100", phone_number_id: "1" },
    contacts: [{ wa_id: "15550101", profile: { name: "Jo" } }],
    messages: ids.map((id) => ({ from: "15550101", id, timestamp: "1750000000", type: "text", text: { body: id } })),
  },
});
const body = {
  object: "whatsapp_business_account",
  entry: [
    { id: "9", changes: [change("a", "b"), change("c")] },
    { id: "9", changes: [change("d")] },
  ],
};

const first = [];
const api = new WhatsAppAPI({ token: "token", secure: false, v: "v24.0" });
api.on.message = ({ message }) => first.push(message.id);
await api.post(body);

const second = [];
const bot = createBot("1", "token");
bot.on("message", ({ id }) => second.push(id));
const { app } = await bot.startExpressServer({ app: express() });
const server = app.listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const { status } = await fetch(`http://127.0.0.1:${server.address().port}/webhook/whatsapp`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
await new Promise((resolve) => setTimeout(resolve, 200));
server.close();

const seen = `whatsapp-api-js: ${first}; whatsapp-cloud-api: ${second}, answered ${status}`;
console.log(seen);
const expected = "whatsapp-api-js: a; whatsapp-cloud-api: a, answered 200";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
