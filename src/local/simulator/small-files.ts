import { readFileSync } from "node:fs";

/** A small valid file for a message type. */
export function smallFile(type: string): Buffer {
  switch (type) {
    case "audio":
      return silentVoice();
    case "document":
      return emptyPdf();
    case "video":
      return emptyVideo();
    case "sticker":
      // One transparent pixel, lossless WebP.
      return Buffer.from("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==", "base64");
    default:
      // A cup whose handle has come off.
      return readFileSync(new URL("./cup.png", import.meta.url));
  }
}

/** One second of silence: Opus (RFC 6716 §3.1: 20 ms frames) in three Ogg pages (RFC 7845 §3, §5). */
function silentVoice(): Buffer {
  const frames = 50;
  const head = Buffer.concat([
    Buffer.from("OpusHead\x01\x01", "latin1"),
    Buffer.from("380180bb0000000000", "hex"),
  ]);
  const vendor = Buffer.from("simulator");
  const tags = Buffer.concat([Buffer.from("OpusTags"), uint32le(vendor.length), vendor, uint32le(0)]);
  const silence = Buffer.from([0xf8, 0xff, 0xfe]);
  const packets = Array.from({ length: frames }, () => silence);
  return Buffer.concat([
    oggPage(2, 0, 0, [head]),
    oggPage(0, 1, 0, [tags]),
    oggPage(4, 2, frames * 960, packets),
  ]);
}

/** RFC 3533 §6: each packet is shorter than 255 bytes, so it needs one entry of the segment table. */
function oggPage(flags: number, sequence: number, position: number, packets: Buffer[]): Buffer {
  const start = Buffer.concat([
    Buffer.from("OggS\0", "latin1"),
    Buffer.from([flags]),
    uint32le(position),
    uint32le(0),
  ]);
  const serial = Buffer.concat([uint32le(1), uint32le(sequence)]);
  const segments = Buffer.from([packets.length, ...packets.map((packet) => packet.length)]);
  const page = Buffer.concat([start, serial, uint32le(0), segments, ...packets]);
  page.writeUInt32LE(oggChecksum(page), 22);
  return page;
}

/** CRC-32 with polynomial 0x04c11db7, most significant bit first; zlib's is least significant bit first. */
function oggChecksum(page: Buffer): number {
  let crc = 0;
  for (const byte of page) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/** MP4 without a track: the file type and an empty movie (ISO/IEC 14496-12 §4.3, §8.2.2). */
function emptyVideo(): Buffer {
  const movie = Buffer.alloc(100);
  movie.writeUInt32BE(1000, 12);
  movie.writeUInt32BE(0x00010000, 20);
  movie.writeUInt16BE(0x0100, 24);
  for (const [offset, value] of [
    [36, 0x00010000],
    [52, 0x00010000],
    [68, 0x40000000],
    [96, 1],
  ] as const) {
    movie.writeUInt32BE(value, offset);
  }
  return Buffer.concat([
    mp4Box("ftyp", Buffer.from("isom\0\0\x02\0isomiso2", "latin1")),
    mp4Box("moov", mp4Box("mvhd", movie)),
  ]);
}

function mp4Box(name: string, data: Buffer): Buffer {
  return Buffer.concat([uint32be(data.length + 8), Buffer.from(name), data]);
}

function emptyPdf(): Buffer {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj${object}endobj\n`;
    return offset;
  });
  const lines = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const table = `xref\n0 4\n0000000000 65535 f \n${lines}`;
  return Buffer.from(`${text}${table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`);
}

function uint32be(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint32le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
