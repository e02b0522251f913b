import type { Socket } from "node:net";
import { SignJWT } from "jose";
import { describe, it } from "vitest";
import WebSocket from "ws";
import type { ChatFrame } from "../../src/realtime/protocol.ts";
import { JWT_SECRET } from "../support/bindings.ts";
import { aTextBody, deliver, ownSystem } from "./own-system.ts";

const NOON_S = Date.parse("2026-05-01T12:00:00Z") / 1000;
const TOO_LARGE_BYTES = 33 * 1024 * 1024;

// Concurrent, because workerd keeps a connection that it has aborted for another ten seconds.
describe("P10: over the network, a client", { timeout: 60_000, concurrent: true }, () => {
  const system = ownSystem();
  let customers = 0;

  it("that vanished without a close frame is removed from presence", async ({ expect }) => {
    const { open } = await aChat();
    const [gone, stays] = [await open("anna"), await open("boris")];
    gone.send({ type: "viewing", visible: true });
    expect(await stays.next("presence")).toMatchObject({ agents: [{ name: "anna" }] });
    gone.socket.terminate();
    expect(await stays.next("presence")).toMatchObject({ agents: [] });
  });

  it("with a frame of 33 MiB is disconnected, and its chat's other sockets are not", async ({ expect }) => {
    const { open, write } = await aChat();
    const [large, stays] = [await open("anna"), await open("boris")];
    large.socket.send("x".repeat(TOO_LARGE_BYTES));
    expect(await large.closed).toBe(1009);
    await write();
    expect(await stays.next("event")).toMatchObject({ seq: 2 });
  });

  it("with a thousand frames at once is disconnected, and its chat's other sockets are not", async ({
    expect,
  }) => {
    const { open, write } = await aChat();
    const [flood, stays] = [await open("anna"), await open("boris")];
    for (let count = 0; count < 1_000; count += 1) flood.send({ type: "typing" });
    expect(await flood.closed).toBe(4429);
    await write();
    expect(await stays.next("event")).toMatchObject({ seq: 2 });
  });

  it("that breaks the WebSocket protocol is disconnected, and its chat's other sockets are not", async ({
    expect,
  }) => {
    const { open, write } = await aChat();
    const [broken, stays] = [await open("anna"), await open("boris")];
    broken.breakProtocol();
    await broken.closed;
    await write();
    expect(await stays.next("event")).toMatchObject({ seq: 2 });
  });

  async function aChat() {
    customers += 1;
    const customer = `7916200${String(customers).padStart(4, "0")}`;
    const id = await system.aChat(customer);
    const address = `${system.url.replace("http", "ws")}/chats/${id}/socket`;
    return {
      write: () => deliver(system.url, aTextBody(customer, `second ${customer}`, NOON_S)),
      open: (sub: string) => openSocket(address, sub),
    };
  }
});

/** Opens a socket as an agent. Resolves once `hello` has arrived. */
async function openSocket(address: string, sub: string) {
  const token = await new SignJWT({ organizationId: 1, role: "agent" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
  let connection: Socket | null = null;
  socket.once("upgrade", (answer) => {
    connection = answer.socket;
  });
  const frames: ChatFrame[] = [];
  let wake: () => void = () => undefined;
  socket.on("message", (data) => {
    frames.push(JSON.parse(String(data)));
    wake();
  });
  // A connection aborted during a write emits an error, too. The close code counts, if a close frame came.
  socket.on("error", () => undefined);
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  /** The next frame of a type; skips the frames before it. */
  const next = async (type: ChatFrame["type"]): Promise<ChatFrame> => {
    for (;;) {
      const frame = frames.shift();
      if (frame?.type === type) return frame;
      if (frame) continue;
      if (socket.readyState === WebSocket.CLOSED)
        throw new Error(`the socket closed before the next ${type}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        socket.once("close", () => resolve());
      });
    }
  };
  await next("hello");
  return {
    socket,
    next,
    closed,
    send: (frame: object) => socket.send(JSON.stringify(frame)),
    /** A client's frames are masked and of a known kind (RFC 6455 §5.1, §5.2): this one is neither. */
    breakProtocol: () => connection?.write(Buffer.from([0x8b, 0x00])),
  };
}
