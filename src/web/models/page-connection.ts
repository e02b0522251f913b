import type { Connection } from "./reconnecting-socket.ts";

/**
 * `connecting`: for the first time. `polling`: sockets are blocked, and the page asks by REST. `reload`: the page is of another version
 * than the server.
 */
export type PageStatus =
  | "connected"
  | "catchingUp"
  | "connecting"
  | "reconnecting"
  | "polling"
  | "offline"
  | "reload";

/** The state of one of the page's sockets. `isCatchingUp`: it is open, and what came before is on its way. */
export type SocketStatus = { connection: Connection; isCatchingUp: boolean };

/** A short loss heals before anybody reads about it. */
const PATIENCE_MS = 3_000;

/**
 * The page is as well connected as the worst of its sockets. One whose chat no longer exists has nothing to wait for.
 * `isAgain`: it was connected before.
 * @internal
 */
export function statusOf(sockets: readonly SocketStatus[], isOnline: boolean, isAgain: boolean): PageStatus {
  const isAny = (...states: Connection[]) => sockets.some(({ connection }) => states.includes(connection));
  if (isAny("reload")) return "reload";
  // A socket outlives its network for up to a minute.
  if (!isOnline) return "offline";
  if (isAny("blocked")) return "polling";
  if (isAny("connecting", "waiting")) return isAgain ? "reconnecting" : "connecting";
  if (sockets.some(({ isCatchingUp }) => isCatchingUp)) return isAgain ? "catchingUp" : "connecting";
  return "connected";
}

/** How the page is connected, by the sockets of the list and of the open chat. */
export class PageConnection {
  readonly #listeners = new Set<() => void>();
  readonly #sockets = new Map<string, SocketStatus>();
  #patience: ReturnType<typeof setTimeout> | undefined;
  #isLong = false;
  /** Whether the list, which the page always has, was connected once. */
  #wasConnected = false;
  #status: PageStatus = "connected";

  constructor() {
    for (const event of ["online", "offline"]) addEventListener(event, this.#update);
  }

  /** What to show: anything but `connected` once it has not been that for three seconds. */
  get status(): PageStatus {
    return this.#status;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The state of the socket of the list or of the open chat; null: there is none. */
  set(name: "list" | "chat", status: SocketStatus | null): void {
    if (status) this.#sockets.set(name, status);
    else this.#sockets.delete(name);
    if (name === "list" && status?.connection === "open" && !status.isCatchingUp) this.#wasConnected = true;
    this.#update();
  }

  close(): void {
    clearTimeout(this.#patience);
    for (const event of ["online", "offline"]) removeEventListener(event, this.#update);
  }

  #update = (): void => {
    const status = statusOf([...this.#sockets.values()], navigator.onLine, this.#wasConnected);
    if (status === "connected") {
      clearTimeout(this.#patience);
      this.#patience = undefined;
      this.#isLong = false;
    } else {
      this.#patience ??= setTimeout(() => {
        this.#isLong = true;
        this.#update();
      }, PATIENCE_MS);
    }
    const shown = this.#isLong || status === "reload" ? status : "connected";
    if (shown === this.#status) return;
    this.#status = shown;
    for (const listener of this.#listeners) listener();
  };
}
