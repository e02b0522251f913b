import type { ChatFrame, InboxFrame } from "../../src/realtime/protocol.ts";
import { ask } from "./worker.ts";

type Frame = ChatFrame | InboxFrame;

/** A client's socket, and what came over it. */
export type Tab = {
  /** The next frame that was not asked for yet; waits for it. Throws when the socket closes first, or nothing comes. */
  nextFrame: () => Promise<Frame>;
  /** All frames so far. */
  frames: Frame[];
  /** Resolves when the next heartbeat is answered. */
  nextPong: () => Promise<void>;
  send: (frame: object | string | ArrayBuffer) => void;
  close: (code?: number) => void;
  /** The code with which the other side closed. */
  closed: Promise<number>;
  headers: Headers;
};

/** Long enough for a slow machine: what has not come by then does not come. */
const PATIENCE_MS = 10_000;

/** Opens a socket. Throws when the Worker does not upgrade. */
export async function openTab(path: string, headers: Record<string, string>): Promise<Tab> {
  const answer = await ask(path, { headers: { upgrade: "websocket", ...headers } });
  const socket = answer.webSocket;
  if (!socket) throw new Error(`no socket, but ${answer.status}: ${await answer.text()}`);
  const frames: Frame[] = [];
  let read = 0;
  let wake: () => void = () => undefined;
  let pong = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  let isClosed = false;
  socket.addEventListener("message", ({ data }) => {
    if (data === "pong") {
      pong.resolve();
      pong = Promise.withResolvers<void>();
      return;
    }
    frames.push(JSON.parse(String(data)));
    wake();
  });
  socket.addEventListener("close", ({ code }) => {
    isClosed = true;
    closed.resolve(code);
    wake();
  });
  socket.accept();
  return {
    frames,
    headers: answer.headers,
    closed: closed.promise,
    nextPong: () => pong.promise,
    send: (frame) => {
      const isRaw = typeof frame === "string" || frame instanceof ArrayBuffer;
      socket.send(isRaw ? frame : JSON.stringify(frame));
    },
    close: (code = 1000) => socket.close(code),
    nextFrame: async () => {
      const until = Date.now() + PATIENCE_MS;
      for (;;) {
        const frame = frames[read];
        if (frame) {
          read += 1;
          return frame;
        }
        if (isClosed) throw new Error("the socket closed before the next frame");
        if (Date.now() > until) throw new Error(`no frame came; so far: ${JSON.stringify(frames)}`);
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        await Promise.race([woken.promise, scheduler.wait(PATIENCE_MS)]);
      }
    },
  };
}
