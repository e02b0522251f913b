import type { Server } from "node:http";
import { connect } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** Reading from Postgres pauses while this many bytes wait to be sent to the client. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** The protocol version in a regular startup packet; other first packets request TLS, cancel a query, and so on. */
const PROTOCOL_3 = 196_608;
const PASSWORD_MESSAGE = "p".charCodeAt(0);

/**
 * Relays Postgres' wire protocol over WebSockets at `/v2`. Ignores an `address` in the query, so that no other host can be
 * reached.
 */
export function startTunnel(server: Server, postgresPort: number): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on("upgrade", (request, socket, head) => {
    if (request.url?.split("?")[0] !== "/v2") {
      socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => relay(client, postgresPort));
  });
  return {
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function relay(client: WebSocket, postgresPort: number): void {
  const postgres = connect({ port: postgresPort, host: "127.0.0.1", noDelay: true });
  const withoutPassword = dropEarlyPassword();
  client.on("message", (data) => {
    const bytes = withoutPassword(data as Buffer);
    if (bytes.length > 0 && !postgres.write(bytes)) {
      client.pause();
      postgres.once("drain", () => client.resume());
    }
  });
  postgres.on("data", (bytes) => {
    client.send(bytes, () => {
      if (postgres.isPaused() && client.bufferedAmount < HIGH_WATER_BYTES) postgres.resume();
    });
    if (client.bufferedAmount >= HIGH_WATER_BYTES) postgres.pause();
  });
  client.on("error", () => postgres.destroy()).on("close", () => postgres.end());
  postgres.on("error", () => client.close()).on("close", () => client.close());
}

/**
 * The driver sends its password together with the startup packet, because Neon always requests one. A server with `trust`
 * authentication does not, and would treat the message as a protocol violation. Returns a function that maps the client's
 * bytes to those to forward, and buffers an incomplete message.
 * @internal
 */
export function dropEarlyPassword(): (bytes: Buffer) => Buffer {
  let buffered = Buffer.alloc(0);
  let stage: "start" | "password" | "open" = "start";
  return (bytes) => {
    if (stage === "open") return bytes;
    buffered = Buffer.concat([buffered, bytes]);
    const forwarded: Buffer[] = [];
    while (stage === "start" && buffered.length >= 8 && buffered.length >= buffered.readInt32BE(0)) {
      const length = Math.max(8, buffered.readInt32BE(0));
      if (buffered.readInt32BE(4) === PROTOCOL_3) stage = "password";
      forwarded.push(buffered.subarray(0, length));
      buffered = buffered.subarray(length);
    }
    if (stage === "password" && buffered.length > 0) {
      const isPassword = buffered[0] === PASSWORD_MESSAGE;
      const length = isPassword
        ? buffered.length >= 5
          ? 1 + buffered.readInt32BE(1)
          : Number.POSITIVE_INFINITY
        : 0;
      if (buffered.length >= length) {
        stage = "open";
        forwarded.push(buffered.subarray(length));
        buffered = Buffer.alloc(0);
      }
    }
    return Buffer.concat(forwarded);
  };
}
