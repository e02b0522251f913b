#!/usr/bin/env bash
# The client `whatsapp-business` replaces the message of Meta's error by its own text for the code, and rejects with a plain
# object. Code 190 always reads "Access token has expired", whether the token was revoked, malformed or is of another app, and
# code 100 loses the name of the wrong parameter.
# Seen with whatsapp-business 1.7.2 on Node 20 and 24, with an adapter of axios that answers as Meta does.
# Expected output: "190: Access token has expired; 100: Invalid parameter; an Error: false"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-business@1.7.2
cat > look.cjs <<'JS'
const { WABAClient } = require("whatsapp-business");

const answers = [
  { code: 190, message: "Invalid OAuth access token - Cannot parse access token", type: "OAuthException" },
  { code: 100, message: "(#100) Param text['body'] must be at most 4096 characters long.", type: "OAuthException" },
];

async function main() {
  const client = new WABAClient({ apiToken: "token", phoneId: "1", accountId: "9" });
  client.restClient.fetch.defaults.adapter = async (config) => {
    const response = { status: 400, data: { error: answers.shift() }, headers: {}, config };
    throw Object.assign(new Error("Request failed with status code 400"), { response, config, isAxiosError: true });
  };
  const send = () => client.sendMessage({ to: "15550101", type: "text", text: { body: "hi" } }).catch((error) => error);
  const errors = [await send(), await send()];
  const isError = errors.some((error) => error instanceof Error);
  const seen = `${errors.map(({ code, message }) => `${code}: ${message}`).join("; ")}; an Error: ${isError}`;
  console.log(seen);
  const expected = "190: Access token has expired; 100: Invalid parameter; an Error: false";
  if (seen !== expected) {
    console.error(`The behaviour has changed. Expected: ${expected}`);
    process.exitCode = 1;
  }
}

main();
JS
node look.cjs
