import { DurableObject } from "cloudflare:workers";
import { watchInbox } from "../db/watching.ts";
import type { Chat } from "../domain/chat.ts";
import { errorName, log } from "../log.ts";
import { askDatabase } from "./ask-database.ts";
import { readUpgrade, type Upgrade } from "./frames.ts";
import { closeCodes, type InboxFrame, PING, PONG, SUBPROTOCOL } from "./protocol.ts";
import { answerClose, type Caller, orUnavailable, Sockets, switchProtocols } from "./sockets.ts";
import { SpentTickets } from "./spent-tickets.ts";
import { Watch } from "./watch.ts";

/** So many chats' heads are remembered; what is forgotten is told once too often, which does no harm. */
const REMEMBERED_CHATS = 10_000;

/**
 * Tells an organization's open inboxes how a chat stands now: state, not history, so the latest wins and nothing is
 * replayed. Its name is the organization's id.
 */
export class InboxHub extends DurableObject<Env> {
  readonly #organizationId = Number(this.ctx.id.name);
  readonly #sockets = new Sockets<Caller>(this.ctx);
  readonly #spent = new SpentTickets(this.ctx.storage);
  readonly #watch = new Watch((until) =>
    askDatabase(this.env, (db) => watchInbox(db, this.#organizationId, until)),
  );
  readonly #heads = new Map<number, number>();
  #arriving = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Called over RPC after commit. A row that is older than one already told is dropped. */
  async publish(chats: Chat[]): Promise<void> {
    for (const chat of chats) {
      if (chat.head < (this.#heads.get(chat.id) ?? 0)) continue;
      if (this.#heads.size >= REMEMBERED_CHATS) this.#heads.clear();
      this.#heads.set(chat.id, chat.head);
      this.#sockets.broadcast({ type: "chat", chat } satisfies InboxFrame);
    }
  }

  override async fetch(request: Request): Promise<Response> {
    const told = readUpgrade(request);
    if (told.ticket && !this.#spent.spend(told.ticket, new Date()))
      return new Response(null, { status: 401 });
    this.#arriving += 1;
    try {
      return await orUnavailable(() => this.#open(told));
    } finally {
      this.#arriving -= 1;
    }
  }

  /** A client of the inbox has nothing to say but the heartbeat, which the runtime answers. */
  override webSocketMessage(socket: WebSocket): void {
    socket.close(closeCodes.reloadPage, "not a frame of this protocol");
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    await this.#scheduleAlarm();
  }

  override async webSocketError(): Promise<void> {
    await this.#scheduleAlarm();
  }

  override async alarm(): Promise<void> {
    try {
      this.#sockets.closeExpired(Date.now());
      if (this.#isWatched()) await this.#watch.hold(Date.now());
      else await this.#watch.release(() => this.#isWatched());
    } catch (error) {
      log("request_failed", {
        organizationId: this.#organizationId,
        route: "hub alarm",
        error: errorName(error),
      });
    } finally {
      if (this.#isWatched()) await this.#scheduleAlarm();
    }
  }

  async #open({ agentId, name, tokenExpiresAtMs, subprotocol }: Upgrade): Promise<Response> {
    await this.#watch.hold(Date.now());
    const { ours, theirs } = this.#sockets.accept({ agentId, name, tokenExpiresAtMs });
    this.#sockets.send(ours, JSON.stringify({ type: "hello" } satisfies InboxFrame));
    await this.#scheduleAlarm();
    return switchProtocols(theirs, subprotocol ? SUBPROTOCOL : null);
  }

  #isWatched(): boolean {
    return this.#arriving > 0 || this.#sockets.open().length > 0;
  }

  async #scheduleAlarm(): Promise<void> {
    await this.ctx.storage.setAlarm(this.#watch.nextLookMs(Date.now(), this.#sockets.nextExpiryMs()));
  }
}
