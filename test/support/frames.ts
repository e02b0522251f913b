import type { ChatFrame, InboxFrame } from "../../src/realtime/protocol.ts";

type Frame = ChatFrame | InboxFrame;

/** A client's end of a socket, and what came over it. */
export type Frames = {
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
};

/** Long enough for a slow machine: what has not come by then does not come. */
const PATIENCE_MS = 40_000;

/** What comes over a socket of the Workers or of Node: whoever opened it says so by `take` and `end`. */
export function framesOf(socket: {
  send: (data: string | ArrayBuffer) => void;
  close: (code: number) => void;
}) {
  const frames: Frame[] = [];
  let read = 0;
  let wake: () => void = () => undefined;
  let pong = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  let isClosed = false;
  const take = (data: unknown) => {
    if (data === "pong") {
      pong.resolve();
      pong = Promise.withResolvers<void>();
      return;
    }
    frames.push(JSON.parse(String(data)));
    wake();
  };
  const end = (code: number) => {
    isClosed = true;
    closed.resolve(code);
    wake();
  };
  const all: Frames = {
    frames,
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
        if (isClosed) throw new Error(`the socket closed with ${await closed.promise} before the next frame`);
        if (Date.now() > until) throw new Error(`no frame came; so far: ${JSON.stringify(frames)}`);
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        const patience = setTimeout(woken.resolve, PATIENCE_MS);
        await woken.promise;
        clearTimeout(patience);
      }
    },
  };
  return { all, take, end };
}
