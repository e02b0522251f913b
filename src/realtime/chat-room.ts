import { DurableObject } from "cloudflare:workers";
import { type CatchUp, lastEventsAfter } from "../db/chat-events.ts";
import { watchChat } from "../db/watching.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { errorName, log } from "../log.ts";
import { askDatabase } from "./ask-database.ts";
import { type Attachment, deliver, slowestOf } from "./deliver.ts";
import { readClientFrame, readUpgrade, type Upgrade } from "./frames.ts";
import { Heard } from "./heard.ts";
import { type ChatFrame, closeCodes, PING, PONG, REPLAY_LIMIT_EVENTS, SUBPROTOCOL } from "./protocol.ts";
import { planResume } from "./resume.ts";
import { sharedRead } from "./shared-read.ts";
import { answerClose, orUnavailable, Sockets, switchProtocols } from "./sockets.ts";
import { SpentTickets } from "./spent-tickets.ts";
import { Watch } from "./watch.ts";

/** Calls over several stubs overtake each other: a missing number gets so long to arrive before the hole is read. */
const HOLE_WAIT_MS = 50;

/** What was committed in this chat: where its head is now, and the events if they are at hand. */
export type ChatNews = { head: number; events: ChatEvent[] };

/**
 * Hands one chat's numbered events to every client that has the chat open: each event once, in order.
 * Holds nothing that Postgres does not, so it may be evicted at any moment. Its name is the chat's id.
 */
export class ChatRoom extends DurableObject<Env> {
  readonly #chatId = Number(this.ctx.id.name);
  readonly #sockets = new Sockets<Attachment>(this.ctx);
  readonly #spent = new SpentTickets(this.ctx.storage);
  readonly #watch = new Watch((until) => askDatabase(this.env, (db) => watchChat(db, this.#chatId, until)));
  readonly #missedSince = sharedRead((after) => this.#read(after));
  readonly #heard = new Heard();
  /** Clients on their way in. */
  #arriving = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Called over RPC once the change is committed, never before. May be repeated, late or out of order. */
  async publish({ head, events }: ChatNews): Promise<void> {
    this.#heard.add(head, events);
    deliver(this.#sockets, this.#heard);
    if (!this.#isBehind()) return;
    await scheduler.wait(HOLE_WAIT_MS);
    if (this.#isBehind()) await this.#fillHoles();
  }

  /** Upgrades a request that the Worker has built for a caller it knows. */
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

  override async webSocketMessage(socket: WebSocket, text: string | ArrayBuffer): Promise<void> {
    const frame = typeof text === "string" ? readClientFrame(text) : null;
    const attachment = this.#sockets.of(socket);
    switch (frame?.type) {
      case "ack": {
        const ackedSeq = Math.min(frame.seq, attachment.lastSeq);
        if (ackedSeq > attachment.ackedSeq)
          this.#sockets.set(socket, { ...attachment, ackedSeq, unackedBytes: 0 });
        return;
      }
      case "sync":
        // The client says what it has, and it knows best: what it lacks goes out once more.
        if (frame.seq < attachment.lastSeq) this.#sockets.set(socket, { ...attachment, lastSeq: frame.seq });
        return await this.#fillHoles();
      case "typing": {
        const { agentId, name } = attachment;
        return this.#sockets.broadcast({ type: "typing", agentId, name } satisfies ChatFrame, socket);
      }
      case "viewing":
        this.#sockets.set(socket, { ...attachment, visible: frame.visible });
        return this.#tellPresence();
      case undefined:
        return socket.close(closeCodes.reloadPage, "not a frame of this protocol");
    }
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    await this.#leave(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#leave(socket);
  }

  /** Closes the sockets whose token has run out, and renews the watch or ends it. */
  override async alarm(): Promise<void> {
    try {
      this.#sockets.closeExpired(Date.now());
      if (this.#isWatched()) await this.#watch.hold(Date.now());
      else await this.#watch.release(() => this.#isWatched());
    } catch (error) {
      log("request_failed", { chatId: this.#chatId, route: "chat room alarm", error: errorName(error) });
    } finally {
      if (this.#isWatched()) await this.#scheduleAlarm();
    }
  }

  async #open({ since, epoch, subprotocol, agentId, name, tokenExpiresAtMs }: Upgrade): Promise<Response> {
    // First the mark, then the read: what is committed between the two is published, what came before is read.
    await this.#watch.hold(Date.now());
    const chat = await this.#missedSince(since ?? Number.MAX_SAFE_INTEGER);
    const resume = planResume({ since, epoch }, chat);
    const lastSeq = resume === "replay" && since !== null ? since : chat.head;
    // Nothing is awaited from here to the end of the replay, so no event can pass between catching up and going live.
    const sent = { epoch: chat.epoch, lastSeq, ackedSeq: lastSeq, unackedBytes: 0, visible: false };
    const { ours, theirs } = this.#sockets.accept({ agentId, name, tokenExpiresAtMs, ...sent });
    const hello: ChatFrame = { type: "hello", resume, head: chat.head, epoch: chat.epoch };
    this.#sockets.send(ours, JSON.stringify(hello));
    if (resume === "replay") this.#heard.addRead(chat);
    deliver(this.#sockets, this.#heard);
    log("socket_resumed", { chatId: this.#chatId, agentId, resume, count: chat.head - lastSeq });
    await this.#scheduleAlarm();
    // An event that was published while the read was under way may be newer than what it gave.
    if (this.#isBehind()) this.ctx.waitUntil(this.#fillHoles());
    return switchProtocols(theirs, subprotocol ? SUBPROTOCOL : null);
  }

  async #fillHoles(): Promise<void> {
    if (this.#sockets.open().length === 0) return;
    this.#heard.addRead(await this.#missedSince(slowestOf(this.#sockets)));
    deliver(this.#sockets, this.#heard);
    for (const socket of this.#sockets.open()) {
      // Further behind than a replay reaches: it comes back with its number and is told to load afresh.
      const isLost = this.#sockets.of(socket).lastSeq < this.#heard.head - REPLAY_LIMIT_EVENTS;
      if (isLost) socket.close(closeCodes.restart, "too far behind");
    }
  }

  async #read(after: number): Promise<CatchUp> {
    const found = await askDatabase(this.env, (db) =>
      lastEventsAfter(db, this.#chatId, after, REPLAY_LIMIT_EVENTS),
    );
    if (!found) throw new Error("a chat that was open is gone");
    this.#heard.keepOnly(found.epoch);
    for (const socket of this.#sockets.open()) {
      // It comes back with its epoch, and is told to load afresh.
      const isOfAnother = this.#sockets.of(socket).epoch !== found.epoch;
      if (isOfAnother) socket.close(closeCodes.restart, "the history has changed");
    }
    return found;
  }

  async #leave(socket: WebSocket): Promise<void> {
    if (this.#sockets.of(socket).visible) this.#tellPresence(socket);
    await this.#scheduleAlarm();
  }

  #tellPresence(leaving?: WebSocket): void {
    const visible = this.#sockets
      .open(leaving)
      .map((s) => this.#sockets.of(s))
      .filter((a) => a.visible);
    const viewers = new Map(visible.map(({ agentId, name }) => [agentId, { agentId, name }]));
    const agents = [...viewers.values()].sort((a, b) => a.agentId - b.agentId);
    this.#sockets.broadcast({ type: "presence", agents } satisfies ChatFrame, leaving);
  }

  #isBehind(): boolean {
    return slowestOf(this.#sockets) < this.#heard.head;
  }

  #isWatched(): boolean {
    return this.#arriving > 0 || this.#sockets.open().length > 0;
  }

  async #scheduleAlarm(): Promise<void> {
    await this.ctx.storage.setAlarm(this.#watch.nextLookMs(Date.now(), this.#sockets.nextExpiryMs()));
  }
}
