import { isTransient } from "../db/client.ts";
import { errorName, type LogFields, log } from "../log.ts";
import { parseUpgrade, type Upgrade } from "./frames.ts";
import { SUBPROTOCOL } from "./protocol.ts";
import { type SocketState, type Sockets, TooManySockets } from "./sockets.ts";
import { SpentTickets } from "./tickets.ts";

/** After a crash the lease stays in force this long at most. */
const LEASE_MS = 10 * 60_000;
/** A lease with less time left than this is renewed. */
const RENEW_BELOW_MS = 5 * 60_000;
/** An alarm that is already due must not become a loop. */
const MIN_ALARM_DELAY_MS = 250;
/** When the database is down, not every room may ask it four times a second. */
const RETRY_AFTER_MS = 10_000;

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
 * Where clients enter and leave an object: redeems tickets, accepts upgrades, holds the watch lease while a socket is open
 * or opening, and closes sockets whose token has expired.
 */
export class SocketGate<State extends SocketState> {
  readonly #options: GateOptions<State>;
  readonly #spentTickets: SpentTickets;
  readonly #lease: WatchLease;
  /** Upgrades under way. */
  #opening = 0;
  /** The alarm that this instance has set and that has not fired. */
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
      log("request_failed", { ...logFields, route: "alarm of a room or hub", error: errorName(error) });
    } finally {
      if (this.#isWatched()) await this.scheduleAlarm();
    }
  }

  /** To be called after a socket has opened or closed. An alarm that fires too early does no harm. */
  async scheduleAlarm(): Promise<void> {
    const { ctx, sockets } = this.#options;
    const dueAtMs = this.#lease.nextCheckMs(Date.now(), sockets.earliestExpiryMs());
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= dueAtMs) return;
    this.#alarmAtMs = dueAtMs;
    await ctx.storage.setAlarm(dueAtMs);
  }

  #isWatched(): boolean {
    return this.#opening > 0 || this.#options.sockets.hasOpen();
  }
}

/**
 * The lease in Postgres during which publishers call this object. Writes go out one after the other: of two at once, the
 * older could commit last.
 */
export class WatchLease {
  readonly #setUntil: (until: Date | null) => Promise<void>;
  #untilMs = 0;
  #retryAtMs = 0;
  #writes: Promise<void> = Promise.resolve();

  constructor(setUntil: (until: Date | null) => Promise<void>) {
    this.#setUntil = setUntil;
  }

  /** Acquires or renews the lease, unless enough time is left. Once it resolves, every commit is published here. */
  async acquire(nowMs: number): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#untilMs - nowMs > RENEW_BELOW_MS) return;
      const untilMs = nowMs + LEASE_MS;
      this.#retryAtMs = nowMs + RETRY_AFTER_MS;
      await this.#setUntil(new Date(untilMs));
      this.#untilMs = untilMs;
    });
  }

  /** Ends the lease, unless a client has connected by the time it is this write's turn. */
  async release(isWatched: () => boolean): Promise<void> {
    await this.#enqueue(async () => {
      if (isWatched()) return;
      this.#untilMs = 0;
      await this.#setUntil(null);
    });
  }

  /** When the alarm is due: at the first token expiry or in time to renew; soon when no socket is left (null). */
  nextCheckMs(nowMs: number, earliestExpiryMs: number | null): number {
    const renewalMs = Math.max(this.#untilMs - RENEW_BELOW_MS, this.#retryAtMs);
    const dueMs = Math.min(earliestExpiryMs ?? nowMs, renewalMs);
    return Math.max(dueMs, nowMs + MIN_ALARM_DELAY_MS);
  }

  async #enqueue(write: () => Promise<void>): Promise<void> {
    const done = this.#writes.then(write);
    this.#writes = done.catch(() => undefined);
    await done;
  }
}

/** Names the subprotocol only to a client that offered it (RFC 6455 §4.2.2). */
function switchProtocols(client: WebSocket, subprotocol: string | null): Response {
  const headers = new Headers(subprotocol ? { "sec-websocket-protocol": subprotocol } : {});
  return new Response(null, { status: 101, webSocket: client, headers });
}
