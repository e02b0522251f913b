#!/usr/bin/env bash
# An Ogg Opus file may leave its "input sample rate" unspecified (0), and Opus is decoded at 48 kHz whatever stands there
# (RFC 7845 §5.1: "not the sample rate to use for playback"). music-metadata divides by that field's truth: without it a
# voice note has no duration, although the number of samples is known. With it, `sampleRate` is that of the sender's
# microphone while `numberOfSamples` counts at 48 kHz, so that dividing them gives six seconds for two.
# Seen with music-metadata 11.16.1 on Node 20 and 24; mediabunny 1.61.0 gives 2 s and 48 kHz for both.
# Expected output: "16000: 2 s, 96000 samples at 16000; unspecified: undefined s; mediabunny: 2 s, 2 s"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund music-metadata@11.16.1 mediabunny@1.61.0
cat > look.mjs <<'JS'
import { ALL_FORMATS, BufferSource, Input } from "mediabunny";
import { parseBuffer } from "music-metadata";

const PRE_SKIP = 312;
const FRAME = 960;
/** One 20 ms frame of silence. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);

/** The CRC of Ogg (RFC 3533 §6): polynomial 0x04c11db7, neither reflected nor inverted. */
function checksum(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

function page(flags, granule, sequence, packets) {
  const head = Buffer.alloc(27);
  head.write("OggS");
  head[5] = flags;
  head.writeBigInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(1, 14);
  head.writeUInt32LE(sequence, 18);
  head[26] = packets.length;
  const all = Buffer.concat([head, Buffer.from(packets.map(({ length }) => length)), ...packets]);
  all.writeUInt32LE(checksum(all), 22);
  return all;
}

function voiceNote(seconds, inputRate) {
  const head = Buffer.alloc(19);
  head.write("OpusHead");
  head[8] = 1;
  head[9] = 1;
  head.writeUInt16LE(PRE_SKIP, 10);
  head.writeUInt32LE(inputRate, 12);
  const tags = Buffer.concat([Buffer.from("OpusTags"), Buffer.alloc(8)]);
  const samples = seconds * 48_000 + PRE_SKIP;
  const frames = Array.from({ length: Math.ceil(samples / FRAME) }, () => SILENCE);
  return Buffer.concat([page(2, 0, 0, [head]), page(0, 0, 1, [tags]), page(4, samples, 2, frames)]);
}

const read = async (rate) => (await parseBuffer(voiceNote(2, rate), "audio/ogg")).format;
const duration = (rate) =>
  new Input({ source: new BufferSource(voiceNote(2, rate)), formats: ALL_FORMATS }).computeDuration();
const [named, unspecified] = [await read(16_000), await read(0)];
const seen = [
  `16000: ${named.duration} s, ${named.numberOfSamples} samples at ${named.sampleRate}`,
  `unspecified: ${unspecified.duration} s`,
  `mediabunny: ${await duration(16_000)} s, ${await duration(0)} s`,
].join("; ");
console.log(seen);
const expected = "16000: 2 s, 96000 samples at 16000; unspecified: undefined s; mediabunny: 2 s, 2 s";
if (seen !== expected) {
  console.error(`The behaviour has changed. Expected: ${expected}`);
  process.exit(1);
}
JS
node look.mjs
