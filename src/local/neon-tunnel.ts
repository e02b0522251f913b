import type { Server } from "node:http";
import { connect } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** Unsent bytes towards the client at which reading from Postgres pauses. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** The protocol version of an ordinary start; other first packets ask for TLS, cancel a query, and so on. */
const PROTOCOL_3 = 196_608;
const PASSWORD_MESSAGE = "p".charCodeAt(0);

/**
 * Carries Postgres' wire protocol over WebSockets at `/v2`, bytes for bytes. An `address` in the query is not
 * looked at: this is no way to other hosts.
 */
export function startTunnel(server: Server, postgresPort: number): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on("upgrade", (request, socket, head) => {
    if (request.url?.split("?")[0] !== "/v2") {
      socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => carry(client, postgresPort));
  });
  return {
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function carry(client: WebSocket, postgresPort: number): void {
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
 * The driver sends its password together with the start packet, since Neon always asks for one. A server that
 * trusts its callers does not ask, and would take the message for a protocol violation. Gives a function that
 * returns what of the client's bytes goes on to Postgres; what is not a whole message yet is kept back.
 */
export function dropEarlyPassword(): (bytes: Buffer) => Buffer {
  let kept = Buffer.alloc(0);
  let stage: "start" | "password" | "open" = "start";
  return (bytes) => {
    if (stage === "open") return bytes;
    kept = Buffer.concat([kept, bytes]);
    const forwarded: Buffer[] = [];
    while (stage === "start" && kept.length >= 8 && kept.length >= kept.readInt32BE(0)) {
      const length = Math.max(8, kept.readInt32BE(0));
      if (kept.readInt32BE(4) === PROTOCOL_3) stage = "password";
      forwarded.push(kept.subarray(0, length));
      kept = kept.subarray(length);
    }
    if (stage === "password" && kept.length > 0) {
      const isPassword = kept[0] === PASSWORD_MESSAGE;
      const length = isPassword ? (kept.length >= 5 ? 1 + kept.readInt32BE(1) : Number.POSITIVE_INFINITY) : 0;
      if (kept.length >= length) {
        stage = "open";
        forwarded.push(kept.subarray(length));
        kept = Buffer.alloc(0);
      }
    }
    return Buffer.concat(forwarded);
  };
}
