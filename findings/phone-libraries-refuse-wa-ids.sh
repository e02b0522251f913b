#!/usr/bin/env bash
# A `wa_id` is not always a phone number of today's numbering plan. WhatsApp goes on using 521… for mobiles of Mexico and eight
# digits for many of Brazil outside São Paulo and Rio, and three phone libraries call both invalid. Whoever validates the
# sender of a webhook rejects customers, and a formatted one is a number that nobody can dial (+52 15512345678).
# https://support.gupshup.io/hc/en-us/articles/4407840924953 describes both.
# Seen with libphonenumber-js 1.13.16, awesome-phonenumber 7.8.0, google-libphonenumber 3.2.47 on Node 20 and 24.
# Expected output: "wa_id of Mexico: no, no, no; dialled: yes, yes, yes; wa_id of Brazil: no, no, no; dialled: yes, yes, yes"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libphonenumber-js@1.13.16 awesome-phonenumber@7.8.0 google-libphonenumber@3.2.47
cat > look.mjs <<'JS'
import { parsePhoneNumber as parseAwesome } from "awesome-phonenumber";
import google from "google-libphonenumber";
import { parsePhoneNumber } from "libphonenumber-js/max";

const util = google.PhoneNumberUtil.getInstance();
const verdicts = (digits) =>
  [
    parsePhoneNumber(`+${digits}`).isValid(),
    parseAwesome(`+${digits}`).valid,
    util.isValidNumber(util.parse(`+${digits}`)),
  ]
    .map((isValid) => (isValid ? "yes" : "no"))
    .join(", ");

const seen = [
  `wa_id of Mexico: ${verdicts("5215512345678")}`,
  `dialled: ${verdicts("525512345678")}`,
  `wa_id of Brazil: ${verdicts("559281723241")}`,
  `dialled: ${verdicts("5592981723241")}`,
].join("; ");
console.log(seen);
const expected =
  "wa_id of Mexico: no, no, no; dialled: yes, yes, yes; wa_id of Brazil: no, no, no; dialled: yes, yes, yes";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
