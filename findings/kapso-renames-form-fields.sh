#!/usr/bin/env bash
# A WhatsApp form (Flow) gets its data and gives its answers under names that its author chose. Kapso's client rewrites names
# to the case of its own language in both directions: a form that reads ${data.firstName} gets first_name, and the answers
# first_name and Order_ID come back as firstName and OrderID in `kapso.flowResponse`.
# Seen with @kapso/whatsapp-cloud-api 0.3.0 on Node 20 and 24, with a `fetch` that keeps the request.
# Expected output: "sent: first_name, order-id; received: firstName, OrderID"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @kapso/whatsapp-cloud-api@0.3.0
cat > look.mjs <<'JS'
import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook } from "@kapso/whatsapp-cloud-api/server";

let request;
const client = new WhatsAppClient({
  accessToken: "token",
  fetch: async (_, { body }) => {
    request = JSON.parse(body);
    return Response.json({ messaging_product: "whatsapp", contacts: [], messages: [{ id: "wamid.1" }] });
  },
});
await client.messages.sendInteractiveFlow({
  phoneNumberId: "1",
  to: "15550101",
  bodyText: "Book a table",
  parameters: {
    flowId: "7",
    flowCta: "Book",
    flowToken: "t",
    flowAction: "navigate",
    flowActionPayload: { screen: "BOOK", data: { firstName: "Jo", "Order-ID": "5" } },
  },
});
const sent = Object.keys(request.interactive.action.parameters.flow_action_payload.data);

const answers = { first_name: "Jo", Order_ID: "5" };
const reply = { name: "flow", body: "Sent", response_json: JSON.stringify(answers) };
const interactive = { type: "nfm_reply", nfm_reply: reply };
const value = {
  messaging_product: "whatsapp",
  metadata: { display_phone_number: "15550100", phone_number_id: "1" },
  contacts: [{ wa_id: "15550101", profile: { name: "Jo" } }],
  messages: [{ from: "15550101", id: "wamid.2", timestamp: "1750000000", type: "interactive", interactive }],
};
const entry = [{ id: "9", changes: [{ field: "messages", value }] }];
const { messages } = normalizeWebhook({ object: "whatsapp_business_account", entry });

const seen = `sent: ${sent.join(", ")}; received: ${Object.keys(messages[0].kapso.flowResponse).join(", ")}`;
console.log(seen);
const expected = "sent: first_name, order-id; received: firstName, OrderID";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
