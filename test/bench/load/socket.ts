import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type RawSocket = {
  /** Sends one text frame. */
  send(text: string): void;
  close(): void;
};

type SocketOptions = {
  port: number;
  path: string;
  headers?: Record<string, string>;
  /** Called with the payload of each complete text frame. */
  onFrame: (payload: Buffer, socket: RawSocket) => void;
};

/**
 * A cheap WebSocket client with just enough of RFC 6455 (§5.2: unmasked frames without fragments): a thousand of them must
 * not be slower than the measured server. Rejects when the upgrade is refused.
 */
export async function openSocket({ port, path, headers = {}, onFrame }: SocketOptions): Promise<RawSocket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const all = {
    host: `127.0.0.1:${port}`,
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-key": randomBytes(16).toString("base64"),
    "sec-websocket-version": "13",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const rest = await waitForUpgrade(socket, path);
  const opened: RawSocket = {
    send: (text) => socket.write(maskedFrame(Buffer.from(text))),
    close: () => socket.destroy(),
  };
  readFrames(socket, rest, (payload) => onFrame(payload, opened));
  return opened;
}

/** Returns the bytes after the response's head. */
async function waitForUpgrade(socket: Socket, path: string): Promise<Buffer> {
  let received: Buffer = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = received.toString("latin1", 0, end);
    if (!head.startsWith("HTTP/1.1 101"))
      throw new Error(`${path} was not upgraded: ${received.toString().slice(0, 400)}`);
    return received.subarray(end + 4);
  }
}

function readFrames(socket: Socket, rest: Buffer, onFrame: (payload: Buffer) => void): void {
  let received: Buffer = Buffer.alloc(0);
  const receive = (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let frame = firstFrame(received); frame; frame = firstFrame(received)) {
      received = received.subarray(frame.end);
      if (frame.isText) onFrame(frame.payload);
    }
  };
  socket.on("data", receive);
  // The workloads notice a broken connection by its missing frames.
  socket.on("error", () => socket.destroy());
  receive(rest);
}

/** Null while the first frame is incomplete. */
function firstFrame(bytes: Buffer): { isText: boolean; payload: Buffer; end: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1);
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return null;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const end = start + length;
  if (bytes.length < end) return null;
  return { isText: bytes[0] === 0x81, payload: bytes.subarray(start, end), end };
}

/** A client must mask its frames (§5.3); a mask of zeros leaves the bytes unchanged. */
function maskedFrame(payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? [0x81, 0x80 | payload.length]
      : [0x81, 0xfe, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), payload]);
}
