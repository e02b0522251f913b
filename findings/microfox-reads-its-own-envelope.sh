#!/usr/bin/env bash
# `getConversationalComponents()` of Microfox's client wraps Graph's answer as {success, data} and then checks the wrapping
# for the fields of the answer, so it throws for every answer, also for the one of Meta's documentation.
# Seen with @microfox/whatsapp-business 1.5.2 on Node 20 and 24, against a server that answers as documented at
# https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers/conversational-components
# Expected output: "Graph answered 200; ZodError at conversational_automation, id"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @microfox/whatsapp-business@1.5.2
cat > look.mjs <<'JS'
import { createServer } from "node:http";
import { WhatsAppBusinessSDK } from "@microfox/whatsapp-business";

const answer = {
  conversational_automation: {
    enable_welcome_message: true,
    prompts: ["Book a flight", "Plan a vacation"],
    commands: [{ command_name: "tickets", command_description: "Book flight tickets" }],
  },
  id: "1",
};
let status = 0;
const server = createServer((request, response) => {
  request.resume();
  status = 200;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answer));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const baseUrl = `http://127.0.0.1:${server.address().port}/v22.0`;
const sdk = new WhatsAppBusinessSDK({ phoneNumberId: "1", businessAccountId: "9", accessToken: "token", baseUrl });
const result = await sdk.getConversationalComponents().then(
  (components) => `read ${Object.keys(components)}`,
  (error) => `${error.name} at ${error.issues?.map(({ path }) => path.join(".")).join(", ")}`,
);
server.close();
server.closeAllConnections();

const seen = `Graph answered ${status}; ${result}`;
console.log(seen);
const expected = "Graph answered 200; ZodError at conversational_automation, id";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
