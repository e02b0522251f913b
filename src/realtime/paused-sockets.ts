/**
 * A client that acknowledges nothing for so long while its window is full has stopped reading. One that reads acknowledges
 * every few events, each of which takes less than a second on the slowest network.
 */
const STALL_LIMIT_MS = 10_000;

type Pause = { sinceMs: number; timer: ReturnType<typeof setTimeout> };

/**
 * Sockets whose send window was full and has no room yet: their frames wait. `hasRoom` decides whether a socket may go on,
 * `onStall` is called once for one that acknowledges nothing for ten seconds. The timer also keeps the object from
 * hibernating: a pause is not saved.
 */
export class PausedSockets {
  readonly #hasRoom: (socket: WebSocket) => boolean;
  readonly #onStall: (socket: WebSocket) => void;
  readonly #pauses = new Map<WebSocket, Pause>();

  constructor(hasRoom: (socket: WebSocket) => boolean, onStall: (socket: WebSocket) => void) {
    this.#hasRoom = hasRoom;
    this.#onStall = onStall;
  }

  /** Whether the socket still has to wait. One that has room again is no longer paused. */
  has(socket: WebSocket): boolean {
    if (!this.#pauses.has(socket)) return false;
    if (!this.#hasRoom(socket)) return true;
    this.delete(socket);
    return false;
  }

  add(socket: WebSocket): void {
    this.#pauses.set(socket, { sinceMs: Date.now(), timer: this.#checkAfter(socket, STALL_LIMIT_MS) });
  }

  /** The client has acknowledged something: it has not stalled. */
  noteProgress(socket: WebSocket): void {
    const pause = this.#pauses.get(socket);
    if (pause) pause.sinceMs = Date.now();
  }

  delete(socket: WebSocket): void {
    const pause = this.#pauses.get(socket);
    if (pause) clearTimeout(pause.timer);
    this.#pauses.delete(socket);
  }

  #checkAfter(socket: WebSocket, delayMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const pause = this.#pauses.get(socket);
      if (!pause || !this.has(socket)) return;
      const leftMs = pause.sinceMs + STALL_LIMIT_MS - Date.now();
      if (leftMs > 0) {
        pause.timer = this.#checkAfter(socket, leftMs);
        return;
      }
      this.delete(socket);
      this.#onStall(socket);
    }, delayMs);
  }
}
