import { isTransient } from "../db/client.ts";
import { errorName, type LogFields, log } from "../log.ts";
import { parseUpgrade, type Upgrade } from "./frames.ts";
import { SUBPROTOCOL } from "./protocol.ts";
import { type SocketState, type Sockets, TooManySockets } from "./sockets.ts";
import { SpentTickets } from "./tickets.ts";
import { WatchLease } from "./watch-lease.ts";

type GateOptions<State extends SocketState> = {
  ctx: DurableObjectState;
  sockets: Sockets<State>;
  /** Writes the watch lease to Postgres; null ends it. Returns whether a lease was in force until now. */
  setWatchedUntil: (until: Date | null) => Promise<boolean>;
  /** Called when the lease had lapsed: the open sockets missed what was committed meanwhile. */
  onLapse: () => void;
  /** The object's id, for the log. */
  logFields: LogFields;
};

/**
 * Where clients enter and leave an object: spends tickets, accepts upgrades, holds the watch lease while a socket is open
 * or opening, and closes sockets whose token has expired.
 */
export class SocketGate<State extends SocketState> {
  readonly #options: GateOptions<State>;
  readonly #spentTickets: SpentTickets;
  readonly #lease: WatchLease;
  /** Upgrades under way. */
  #opening = 0;
  /** The alarm that is set, if this instance knows it, and has not fired. */
  #alarmAtMs: number | null = null;

  constructor(options: GateOptions<State>) {
    this.#options = options;
    this.#spentTickets = new SpentTickets(options.ctx.storage);
    this.#lease = new WatchLease(async (until) => {
      const wasWatched = await options.setWatchedUntil(until);
      if (!wasWatched && until !== null) options.onLapse();
    });
  }

  /**
   * Answers an upgrade request that the Worker built for an authenticated caller. `open` accepts the socket and returns the
   * client's end. The lease is in force before `open` reads anything: whatever is committed from then on is published here.
   * 401 for a spent ticket; 429 and 503 are answers too, since an error thrown to the Worker would lose its class.
   */
  async accept(request: Request, open: (upgrade: Upgrade) => Promise<WebSocket>): Promise<Response> {
    const upgrade = parseUpgrade(request);
    const { ticket, subprotocol } = upgrade;
    if (ticket && !this.#spentTickets.spend(ticket, new Date())) return new Response(null, { status: 401 });
    this.#opening += 1;
    try {
      await this.#lease.acquire(Date.now());
      const client = await open(upgrade);
      await this.scheduleAlarm();
      return switchProtocols(client, subprotocol ? SUBPROTOCOL : null);
    } catch (error) {
      if (error instanceof TooManySockets) return new Response(null, { status: 429 });
      if (isTransient(error)) return new Response(null, { status: 503 });
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  /** The object's alarm: closes expired and silent sockets, then renews the lease or gives it up. */
  async onAlarm(): Promise<void> {
    const { sockets, logFields } = this.#options;
    this.#alarmAtMs = null;
    try {
      sockets.closeExpired(Date.now());
      sockets.closeSilent(Date.now());
      if (this.#isWatched()) await this.#lease.acquire(Date.now());
      else await this.#lease.release(() => this.#isWatched());
    } catch (error) {
      log("request_failed", { ...logFields, route: "room or hub alarm", error: errorName(error) });
    } finally {
      if (this.#isWatched()) await this.scheduleAlarm();
    }
  }

  /**
   * To be called after a socket has opened or closed. An alarm that fires too early does no harm. It is written only when it must be
   * earlier: thousands of clients may leave and come back at once, to objects that share a disk in local mode.
   */
  async scheduleAlarm(): Promise<void> {
    const { ctx, sockets } = this.#options;
    this.#alarmAtMs ??= await ctx.storage.getAlarm();
    const dueAtMs = this.#lease.nextCheckMs(Date.now(), sockets.earliestExpiryMs());
    // An instance that has just woken trusts the alarm of the one before, which knew the lease and all of its sockets.
    if (this.#alarmAtMs !== null && (this.#alarmAtMs <= dueAtMs || !this.#lease.isKnown)) return;
    this.#alarmAtMs = dueAtMs;
    await ctx.storage.setAlarm(dueAtMs);
  }

  #isWatched(): boolean {
    return this.#opening > 0 || this.#options.sockets.hasOpen();
  }
}

/** Names the subprotocol only to a client that offered it (RFC 6455 §4.2.2). */
function switchProtocols(client: WebSocket, subprotocol: string | null): Response {
  const headers = new Headers(subprotocol ? { "sec-websocket-protocol": subprotocol } : {});
  return new Response(null, { status: 101, webSocket: client, headers });
}
