import { errorName, type LogFields, log } from "../log.ts";
import { readUpgrade, type Upgrade } from "./frames.ts";
import { SUBPROTOCOL } from "./protocol.ts";
import { type Known, orRefused, type Sockets, switchProtocols } from "./sockets.ts";
import { SpentTickets } from "./spent-tickets.ts";
import { Watch } from "./watch.ts";

type Doorway<Attachment extends Known> = {
  state: DurableObjectState;
  sockets: Sockets<Attachment>;
  /** Says in Postgres until when somebody watches; null: nobody any more. Gives whether the mark stood until now. */
  mark: (until: Date | null) => Promise<boolean>;
  /** What was committed while no mark stood was not told to the sockets that are open. */
  catchUp: () => void;
  /** What the log calls the object. */
  ids: LogFields;
};

/**
 * The way to an object's sockets and out again: a ticket serves once, the watch is held while somebody is in or coming, and a
 * socket ends with its token.
 */
export class Door<Attachment extends Known> {
  readonly #doorway: Doorway<Attachment>;
  readonly #spent: SpentTickets;
  readonly #watch: Watch;
  /** Clients on their way in. */
  #arriving = 0;
  /** The alarm that this life of the object has set, and that has not rung. */
  #alarmAtMs: number | null = null;

  constructor(doorway: Doorway<Attachment>) {
    this.#doorway = doorway;
    this.#spent = new SpentTickets(doorway.state.storage);
    this.#watch = new Watch(async (until) => {
      const stood = await doorway.mark(until);
      if (!stood && until !== null) doorway.catchUp();
    });
  }

  /**
   * Upgrades a request that the Worker has built for a caller it knows; `open` accepts the socket and gives the client's end.
   * The mark stands before `open` reads anything: what is committed from then on is published.
   */
  async letIn(request: Request, open: (told: Upgrade) => Promise<WebSocket>): Promise<Response> {
    const told = readUpgrade(request);
    if (told.ticket && !this.#spent.spend(told.ticket, new Date()))
      return new Response(null, { status: 401 });
    this.#arriving += 1;
    try {
      return await orRefused(async () => {
        await this.#watch.hold(Date.now());
        const theirs = await open(told);
        await this.lookLater();
        return switchProtocols(theirs, told.subprotocol ? SUBPROTOCOL : null);
      });
    } finally {
      this.#arriving -= 1;
    }
  }

  /** The object's alarm: closes the sockets whose token has run out or whose client is gone, and renews the watch or ends it. */
  async look(): Promise<void> {
    const { sockets, ids } = this.#doorway;
    this.#alarmAtMs = null;
    try {
      sockets.closeExpired(Date.now());
      sockets.closeSilent(Date.now());
      if (this.#isWatched()) await this.#watch.hold(Date.now());
      else await this.#watch.release(() => this.#isWatched());
    } catch (error) {
      log("request_failed", { ...ids, route: "alarm of a room or hub", error: errorName(error) });
    } finally {
      if (this.#isWatched()) await this.lookLater();
    }
  }

  /** Sees to it that the alarm rings in time, after somebody has come or gone. One that rings too early does no harm. */
  async lookLater(): Promise<void> {
    const { state, sockets } = this.#doorway;
    const dueAtMs = this.#watch.nextLookMs(Date.now(), sockets.nextExpiryMs());
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= dueAtMs) return;
    this.#alarmAtMs = dueAtMs;
    await state.storage.setAlarm(dueAtMs);
  }

  #isWatched(): boolean {
    return this.#arriving > 0 || this.#doorway.sockets.hasOpen();
  }
}
