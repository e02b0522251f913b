#!/usr/bin/env bash
# `parseMessage()` of whatsappcloudapi_wrapper replaces a message's type by a name of its own, and has one for eight types
# only. A document, a video, a reaction, an order and the answer to a flow get the type `undefined`: a bot that switches over
# the type, as its README shows, never answers them, and Meta's own type is gone.
# Seen with whatsappcloudapi_wrapper 1.0.16 on Node 20 and 24.
# Expected output: "text: text_message; document: undefined; video: undefined; reaction: undefined; order: undefined; interactive: undefined"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsappcloudapi_wrapper@1.0.16
cat > look.mjs <<'JS'
import WhatsappCloud from "whatsappcloudapi_wrapper";

const client = new WhatsappCloud({ accessToken: "token", senderPhoneNumberId: "1", WABA_ID: "9" });
const parsedType = (message) =>
  client.parseMessage({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "9",
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "15550001111", phone_number_id: "1" },
              contacts: [{ profile: { name: "Ann" }, wa_id: "15550002222" }],
              messages: [{ from: "15550002222", id: "wamid.1", timestamp: "1790000000", ...message }],
            },
          },
        ],
      },
    ],
  }).message.type;

const messages = [
  { type: "text", text: { body: "Hello" } },
  { type: "document", document: { id: "5", filename: "bill.pdf", mime_type: "application/pdf" } },
  { type: "video", video: { id: "6", mime_type: "video/mp4" } },
  { type: "reaction", reaction: { message_id: "wamid.0", emoji: "👍" } },
  { type: "order", order: { catalog_id: "3", product_items: [] } },
  { type: "interactive", interactive: { type: "nfm_reply", nfm_reply: { name: "flow", response_json: "{}" } } },
];
const seen = messages.map((message) => `${message.type}: ${parsedType({ ...message })}`).join("; ");
console.log(seen);
const expected =
  "text: text_message; document: undefined; video: undefined; reaction: undefined; order: undefined; interactive: undefined";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
