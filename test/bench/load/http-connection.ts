import { connect, type Socket } from "node:net";

export type HttpResponse = { status: number; body: Buffer };

/**
 * A keep-alive connection for one request at a time, given as bytes. Implements just enough of HTTP/1.1 (a length or chunks,
 * RFC 9112 §6 and §7.1) to cost less than what it measures.
 */
export type HttpConnection = {
  /** Rejects when the connection breaks before the response is complete. */
  request(bytes: Buffer): Promise<HttpResponse>;
  /** False once the server has closed the connection, as servers do when it is idle. */
  isOpen(): boolean;
  close(): void;
};

export async function openConnection(port: number): Promise<HttpConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  return overSocket(socket);
}

function overSocket(socket: Socket): HttpConnection {
  let received: Buffer = Buffer.alloc(0);
  let pending: { resolve: (response: HttpResponse) => void; reject: (error: Error) => void } | null = null;
  const fail = (error: Error) => {
    pending?.reject(error);
    pending = null;
  };
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const response = parseResponse(received);
    if (!response) return;
    received = Buffer.alloc(0);
    const completed = pending;
    pending = null;
    completed?.resolve(response);
  });
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("The server closed the connection.")));
  return {
    request: (bytes) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error("The server closed the idle connection."));
        pending = { resolve, reject };
        socket.write(bytes);
      }),
    isOpen: () => !socket.destroyed,
    close: () => socket.destroy(),
  };
}

/** Null while the response is incomplete. */
function parseResponse(bytes: Buffer): HttpResponse | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = bytes.toString("latin1", 0, end);
  const status = Number(head.slice(9, 12));
  const start = end + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const stop = start + Number(length);
    return bytes.length < stop ? null : { status, body: bytes.subarray(start, stop) };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, body: Buffer.alloc(0) };
  const body = parseChunks(bytes, start);
  return body && { status, body };
}

function parseChunks(bytes: Buffer, start: number): Buffer | null {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return null;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
