import { afterAck } from "./backpressure.ts";
import { type Allowance, costOf, fullAllowance, spend } from "./frame-rate.ts";
import { readClientFrame } from "./frames.ts";
import { type ClientFrame, closeCodes } from "./protocol.ts";
import type { Known, Sockets } from "./sockets.ts";

/** Ten times what any frame of a client needs. */
const FRAME_LIMIT_CHARS = 4_096;

/** What clients say, within limits. Hibernation forgets what they have said: by then every allowance is full again. */
export class ClientFrames<Attachment extends Known> {
  readonly #sockets: Sockets<Attachment>;
  readonly #allowances = new WeakMap<WebSocket, Allowance>();

  constructor(sockets: Sockets<Attachment>) {
    this.#sockets = sockets;
  }

  /**
   * A frame to act upon, or null. Notes what is acknowledged; closes the socket when what came is too large, too much or
   * no frame of this protocol.
   */
  take(socket: WebSocket, said: string | ArrayBuffer): Exclude<ClientFrame, { type: "ack" }> | null {
    // What was on its way when the socket was closed still comes.
    if (socket.readyState !== WebSocket.OPEN) return null;
    const size = typeof said === "string" ? said.length : said.byteLength;
    if (size > FRAME_LIMIT_CHARS) return this.#close(socket, closeCodes.tooLarge, "the frame is too large");
    const frame = typeof said === "string" ? readClientFrame(said) : null;
    if (!frame) return this.#close(socket, closeCodes.reloadPage, "not a frame of this protocol");
    const attachment = this.#sockets.of(socket);
    const sent = frame.type === "ack" ? afterAck(attachment, frame.seq) : attachment;
    switch (this.#spend(socket, costOf(frame, sent !== attachment))) {
      case "close":
        return this.#close(socket, closeCodes.tooMuch, "too many frames");
      case "ignore":
        return null;
      case "take":
        if (frame.type !== "ack") return frame;
        this.#sockets.setSent(socket, sent);
        return null;
    }
  }

  #spend(socket: WebSocket, cost: number) {
    const nowMs = Date.now();
    const { allowance, verdict } = spend(this.#allowances.get(socket) ?? fullAllowance(nowMs), cost, nowMs);
    this.#allowances.set(socket, allowance);
    return verdict;
  }

  #close(socket: WebSocket, code: number, reason: string): null {
    socket.close(code, reason);
    return null;
  }
}
