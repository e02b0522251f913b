import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { agentOf } from "./agents.ts";
import { headOf } from "./read.ts";
import type { Publish } from "./receive.ts";
import type { EventFrame } from "./rows.ts";

const PATH = /^\/api\/waba\/chats\/(\d+)\/socket/;
/** A client that does not read is disconnected, since its frames would fill the memory. */
const BUFFER_LIMIT_BYTES = 1_000_000;

/** A client, with the frames that were published before its `hello`. */
type Client = { socket: WebSocket; early: { seq: number; frame: Buffer }[] | null };

/** Accepts the sockets of all chats, and returns the function that publishes to them. */
export function openRooms(server: Server): Publish {
  const rooms = new Map<number, Set<Client>>();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on("upgrade", (request, stream, head) => {
    accept(request, stream, head).catch(() => stream.destroy());
  });

  async function accept(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const agent = await agentOf(request.headers.authorization);
    const chatId = Number(PATH.exec(request.url ?? "")?.[1]);
    if (!agent || !chatId) return refuse(stream, agent ? 404 : 401);
    const socket = await new Promise<WebSocket>((resolve) =>
      sockets.handleUpgrade(request, stream, head, resolve),
    );
    const client: Client = { socket, early: [] };
    const room = rooms.get(chatId) ?? new Set();
    rooms.set(chatId, room.add(client));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      room.delete(client);
      if (room.size === 0) rooms.delete(chatId);
    });
    // The client has joined the room before the head is read, so it misses no event.
    const seq = await headOf(agent.organizationId, chatId);
    if (seq === null) return socket.close(4404);
    socket.send(JSON.stringify({ type: "hello", head: seq }));
    for (const early of client.early ?? []) if (early.seq > seq) socket.send(early.frame, { binary: false });
    client.early = null;
  }

  return (chatId, frameOf) => {
    const room = rooms.get(chatId);
    if (room) deliver(room, frameOf());
  };
}

/** Uses one buffer for all sockets: a string would be encoded for each. */
function deliver(room: Set<Client>, event: EventFrame): void {
  const frame = Buffer.from(JSON.stringify(event));
  for (const client of room) {
    if (client.early) client.early.push({ seq: event.seq, frame });
    else if (client.socket.bufferedAmount > BUFFER_LIMIT_BYTES) client.socket.terminate();
    else client.socket.send(frame, { binary: false });
  }
}

function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
