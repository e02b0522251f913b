import { closeCodes, PING, PONG, SUBPROTOCOL } from "../../realtime/protocol.ts";

const PING_EVERY_MS = 30_000;
const PONG_LIMIT_MS = 10_000;
/** When the network or the tab is back: a connection from before is often dead by then. */
const PROBE_LIMIT_MS = 4_000;
const LONGEST_DELAY_MS = 30_000;
/** A proxy may let a socket open, or begin to, and then let nothing through. */
const HELLO_LIMIT_MS = 20_000;
const MOST_REFUSALS = 3;

/**
 * `blocked`: the server gives tickets, and no socket opens with them. `reload`: the page is of another version than the server.
 * `gone`: what it showed was erased.
 */
export type Connection = "connecting" | "open" | "waiting" | "blocked" | "reload" | "gone";

export type SocketOptions<Frame> = {
  /** The path of the socket, with where to resume: asked at each attempt. */
  path(): string;
  /** A ticket for this socket. May throw. */
  ticket(): Promise<string>;
  onFrame(frame: Frame): void;
  onConnection(connection: Connection): void;
  random: () => number;
};

/**
 * A socket of our protocol (src/realtime/protocol.md) that connects again until it is closed. The n-th attempt in a row waits a
 * random time up to min(30 s, 0.5 s × 2ⁿ), so that clients do not come back at once after a deployment; `connectNow` skips the
 * wait. A connection whose pong is missing counts as lost.
 */
export class ReconnectingSocket<Frame> {
  readonly #options: SocketOptions<Frame>;
  #socket: WebSocket | null = null;
  #attempts = 0;
  /** How many tickets in a row have led to nothing. */
  #refusals = 0;
  #isClosed = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #pongLimit: ReturnType<typeof setTimeout> | undefined;
  #helloLimit: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;

  constructor(options: SocketOptions<Frame>) {
    this.#options = options;
    void this.#connect();
  }

  /** Ends the wait for the next attempt, or asks whether the connection is one still: such as when the network is back. */
  connectNow(): void {
    if (this.#isClosed) return;
    if (this.#socket) {
      if (this.#socket.readyState === WebSocket.OPEN) this.#ping(this.#socket, PROBE_LIMIT_MS);
      return;
    }
    clearTimeout(this.#retry);
    void this.#connect();
  }

  /** Sent when the socket is open, else dropped: nothing that goes this way outlives a connection. */
  send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** The first frame of a connection resets the count of attempts. */
  welcome(): void {
    this.#attempts = 0;
    this.#refusals = 0;
    clearTimeout(this.#helloLimit);
  }

  /** Closes this connection and opens the next one, with the path of then. */
  reconnect(): void {
    this.#leave();
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#leave();
  }

  async #connect(): Promise<void> {
    const generation = ++this.#generation;
    this.#options.onConnection(this.#isBlocked ? "blocked" : "connecting");
    try {
      const ticket = await this.#options.ticket();
      if (this.#isClosed || generation !== this.#generation) return;
      this.#refusals++;
      const url = new URL(this.#options.path(), location.href);
      url.protocol = url.protocol.replace("http", "ws");
      this.#listen(new WebSocket(url, [SUBPROTOCOL, ticket]));
    } catch {
      if (this.#isClosed || generation !== this.#generation) return;
      // The server itself cannot be reached. The next ticket that leads to nothing counts again.
      this.#refusals = Math.min(this.#refusals, MOST_REFUSALS - 1);
      this.#schedule();
    }
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    this.#helloLimit = setTimeout(() => socket === this.#socket && this.reconnect(), HELLO_LIMIT_MS);
    socket.addEventListener("open", () => {
      if (socket !== this.#socket) return;
      this.#heartbeat = setInterval(() => this.#ping(socket, PONG_LIMIT_MS), PING_EVERY_MS);
      this.#options.onConnection("open");
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket !== this.#socket) return;
      if (data === PONG) this.#endPing();
      else this.#options.onFrame(JSON.parse(String(data)) as Frame);
    });
    socket.addEventListener("close", ({ code }) => {
      if (socket !== this.#socket) return;
      this.#drop();
      if (code === closeCodes.reloadPage || code === closeCodes.tooLarge)
        this.#options.onConnection("reload");
      else if (code === closeCodes.gone) this.#options.onConnection("gone");
      else this.#schedule();
    });
  }

  #ping(socket: WebSocket, limitMs: number): void {
    socket.send(PING);
    // One that is waited for already is not waited for longer.
    this.#pongLimit ??= setTimeout(() => socket === this.#socket && this.reconnect(), limitMs);
  }

  #endPing(): void {
    clearTimeout(this.#pongLimit);
    this.#pongLimit = undefined;
  }

  /** A browser writes a warning to the console when a socket is closed before it is open. */
  #leave(): void {
    const socket = this.#socket;
    this.#drop();
    if (socket?.readyState === WebSocket.CONNECTING) socket.addEventListener("open", () => socket.close());
    else socket?.close();
  }

  #drop(): void {
    this.#generation++;
    this.#socket = null;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#helloLimit);
    this.#endPing();
  }

  get #isBlocked(): boolean {
    return this.#refusals >= MOST_REFUSALS;
  }

  #schedule(): void {
    this.#options.onConnection(this.#isBlocked ? "blocked" : "waiting");
    const longest = Math.min(LONGEST_DELAY_MS, 500 * 2 ** this.#attempts++);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), this.#options.random() * longest);
  }
}
