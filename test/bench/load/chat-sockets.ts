import { agentToken } from "../settings.ts";
import type { System } from "../systems/system.ts";
import { openSocket, type RawSocket } from "./socket.ts";

/** An agent may have a hundred sockets of one chat. */
const SOCKETS_PER_AGENT = 50;
const OPEN_BATCH = 20;
/** The product closes a socket that is silent for too long. */
const HEARTBEAT_MS = 25_000;
const PONG = Buffer.from("pong");

/** Opens sockets of one chat and waits until each has its `hello`; `onFrame` gets every text frame and the socket's index. */
export async function openChatSockets(
  system: System,
  chatId: number,
  count: number,
  onFrame: (payload: Buffer, socket: number) => void,
): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  for (let first = 0; first < count; first += OPEN_BATCH) {
    const batch = Array.from({ length: Math.min(OPEN_BATCH, count - first) }, (_, n) => first + n);
    sockets.push(
      ...(await Promise.all(batch.map((n) => openOne(system, chatId, n, (payload) => onFrame(payload, n))))),
    );
  }
  return sockets;
}

async function openOne(
  system: System,
  chatId: number,
  n: number,
  onFrame: (payload: Buffer) => void,
): Promise<RawSocket> {
  const token = await agentToken(`agent ${Math.floor(n / SOCKETS_PER_AGENT)}`);
  const isSocketIo = system.name === "socket-io";
  let ready = () => {};
  const isLive = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const socket = await openSocket({
    port: system.port,
    ...(isSocketIo
      ? { path: "/socket.io/?EIO=4&transport=websocket" }
      : { path: `/api/waba/chats/${chatId}/socket`, headers: { authorization: `Bearer ${token}` } }),
    onFrame: (payload, opened) => {
      if (payload.includes("hello")) ready();
      // Packets of Engine.io: "0" means open, "2" is a heartbeat (https://socket.io/docs/v4/engine-io-protocol/).
      if (isSocketIo && payload[0] === 0x30) opened.send(`40${JSON.stringify({ token, chatId })}`);
      if (isSocketIo && payload[0] === 0x32) opened.send("3");
      if (!payload.equals(PONG)) onFrame(payload);
    },
  });
  await isLive;
  if (isSocketIo) return socket;
  const heartbeat = setInterval(() => socket.send("ping"), HEARTBEAT_MS).unref();
  return {
    ...socket,
    close: () => {
      clearInterval(heartbeat);
      socket.close();
    },
  };
}
