import { describe, it } from "vitest";
import { dropEarlyPassword } from "../../src/local/neon-tunnel.ts";

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), head, Buffer.from(body)]);
}

function start(version: number): Buffer {
  const packet = Buffer.from("________user\0postgres\0\0");
  packet.writeInt32BE(packet.length, 0);
  packet.writeInt32BE(version, 4);
  return packet;
}

const hello = start(196_608);
const password = message("p", "secret\0");
const query = message("Q", "select 1\0");
const tls = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

describe("the client's bytes that are forwarded to Postgres", () => {
  it.for([
    ["a start with its password at once", [hello, password, query], [hello, query]],
    ["a start without a password", [hello, query], [hello, query]],
    ["a start after a request for TLS", [tls, hello, password, query], [tls, hello, query]],
    ["a message that looks like a password, later on", [hello, query, password], [hello, query, password]],
  ] as const)("is right for %s, however the bytes are cut", ([, sent, expected], { expect }) => {
    const bytes = Buffer.concat(sent);
    for (let size = 1; size <= bytes.length; size++) {
      const filter = dropEarlyPassword();
      const forwarded: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) forwarded.push(filter(bytes.subarray(at, at + size)));
      expect(Buffer.concat(forwarded)).toEqual(Buffer.concat(expected));
    }
  });
});
