#!/usr/bin/env bash
# WhatsApp sends a shared contact's card as vCard 3.0. The parser `vcf` does not undo the escapes of text values (RFC 2426
# §4: `\,`, `\;` and `\n`), so a company's comma is shown with a backslash and a note on two lines on one. It also leaves the
# parts of a structured company in one text, so that afterwards an escaped semicolon and a separating one look different
# only by the backslash.
# Seen with vcf 2.1.2 on Node 20 and 24.
# Expected output: "Bakery\, Ltd;Kitchen | ring twice\nleft door"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund vcf@2.1.2
cat > look.mjs <<'JS'
import VCard from "vcf";

const card = [
  "BEGIN:VCARD",
  "VERSION:3.0",
  "FN:Vera Orlova",
  "ORG:Bakery\\, Ltd;Kitchen",
  "NOTE:ring twice\\nleft door",
  "END:VCARD",
  "",
].join("\r\n");
const [parsed] = VCard.parse(card);
const seen = `${parsed.get("org").valueOf()} | ${parsed.get("note").valueOf()}`;
console.log(seen);
const expected = "Bakery\\, Ltd;Kitchen | ring twice\\nleft door";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
