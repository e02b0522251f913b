import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { type CatchUp, eventsAfter, markPublished } from "../db/chat-events.ts";
import { askDatabase } from "../db/client.ts";
import { watchChat } from "../db/watching.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { failpoint } from "../failpoint.ts";
import { log } from "../log.ts";
import { emptyWindow } from "./backpressure.ts";
import { ClientFrames } from "./client-frames.ts";
import { deliver, EventBuffer, encodeCatchUp } from "./event-buffer.ts";
import { parseChatClientFrame, type Upgrade } from "./frames.ts";
import { RoomPresence, type Sign } from "./presence.ts";
import { type ChatFrame, closeCodes, type Pending, PING, PONG, REPLAY_LIMIT_EVENTS } from "./protocol.ts";
import { addResumeCounts } from "./publish.ts";
import { coalesceReads, planResume } from "./resume.ts";
import { SocketGate } from "./socket-gate.ts";
import { answerClose, type SocketState, Sockets } from "./sockets.ts";
import { PublishTimes, ResumeCounter } from "./telemetry.ts";

/** Calls over several stubs overtake each other: a missing event gets this long to arrive before the gap is read from Postgres. */
const GAP_WAIT_MS = 50;

/** What was committed in this chat: its head, and the events if the publisher has them. */
export type ChatUpdate = { head: number; events: ChatEvent[] };

/** `epoch`: the history that the socket's numbers belong to. */
type ChatSocketState = SocketState & Sign & { epoch: string };

/**
 * Sends one chat's numbered events to every client that has the chat open: each event once, in order.
 * Holds nothing that Postgres does not, so it may be evicted at any moment. Its name is the chat's id.
 */
export class ChatRoom extends DurableObject<Env> {
  readonly #chatId = Number(this.ctx.id.name);
  readonly #sockets = new Sockets<ChatSocketState>(this.ctx);
  readonly #frames = new ClientFrames(this.#sockets, parseChatClientFrame);
  readonly #gate = new SocketGate({
    ctx: this.ctx,
    sockets: this.#sockets,
    setWatchedUntil: (until) =>
      askDatabase(databaseUrlOf(this.env), (db) => watchChat(db, this.#chatId, until)),
    onLapse: () => this.ctx.waitUntil(this.#fillGaps()),
    logFields: { chatId: this.#chatId },
  });
  readonly #catchUpAfter = coalesceReads((after) => this.#readEvents(after));
  readonly #buffer = new EventBuffer();
  readonly #presence = new RoomPresence(this.#sockets);
  readonly #publishTimes = new PublishTimes(
    (times) => askDatabase(databaseUrlOf(this.env), (db) => markPublished(db, this.#chatId, times)),
    scheduler.wait.bind(scheduler),
  );
  readonly #resumeCounter = new ResumeCounter(
    (organizationId, counts) => addResumeCounts(this.env, organizationId, counts),
    scheduler.wait.bind(scheduler),
  );

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    FAILPOINTS && void ctx.blockConcurrencyWhile(() => failpoint("room.constructor"));
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Called over RPC after the change is committed, never before. Calls may be repeated, late or out of order. */
  async publish({ head, events }: ChatUpdate): Promise<void> {
    this.#buffer.add(head, events);
    if (!this.#deliver()) return;
    await scheduler.wait(GAP_WAIT_MS);
    if (this.#isBehind()) await this.#fillGaps();
  }

  /** Called over RPC. Shows messages that have no number yet. A client that connects later gets them as events. */
  async publishPending(messages: Pending[]): Promise<void> {
    this.#sockets.broadcast({ type: "pending", messages } satisfies ChatFrame);
  }

  /** Called over RPC once the chat is erased: nothing of it stays here. */
  async close(): Promise<void> {
    this.#sockets.closeAll(closeCodes.gone, "the customer was erased");
    this.#buffer.dropUpTo(Number.MAX_SAFE_INTEGER);
  }

  override async fetch(request: Request): Promise<Response> {
    return await this.#gate.accept(request, (upgrade) => this.#open(upgrade));
  }

  override async webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    const frame = this.#frames.receive(socket, raw);
    const state = this.#sockets.stateOf(socket);
    switch (frame?.type) {
      case "ack":
        return await this.#continue(socket);
      case "sync":
        // The client knows best what it has: events after that number are sent again.
        this.#sockets.acknowledge(socket, frame.seq);
        this.#sockets.resendAfter(socket, frame.seq);
        return await this.#fillGaps();
      case "typing": {
        const { agentId, name } = state;
        return this.#sockets.broadcast({ type: "typing", agentId, name } satisfies ChatFrame, socket);
      }
      case "viewing":
        return this.#presence.set(socket, frame.visible);
    }
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    await this.#removeSocket(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#removeSocket(socket);
  }

  override async alarm(): Promise<void> {
    const before = this.#presence.agents().length;
    await this.#gate.onAlarm();
    // A vanished client does not answer our close, so no close event would remove its agent from presence.
    if (this.#presence.agents().length < before) this.#presence.broadcast();
  }

  async #open(upgrade: Upgrade): Promise<WebSocket> {
    const { since, epoch, organizationId, agentId, name, tokenExpiresAtMs } = upgrade;
    // A client that will be reset needs the head only.
    const isReset = since === null || since < this.#buffer.head - REPLAY_LIMIT_EVENTS;
    const chat = await this.#catchUpAfter(isReset ? Number.MAX_SAFE_INTEGER : since);
    const resume = planResume({ since, epoch }, chat);
    const lastSeq = resume === "replay" && since !== null ? since : chat.head;
    // Nothing is awaited from here to the end of the replay, so no event can slip in between catching up and going live.
    const caller = { agentId, name, tokenExpiresAtMs };
    const { server, client } = this.#sockets.accept({
      ...caller,
      ...emptyWindow(lastSeq),
      epoch: chat.epoch,
      viewingAtMs: null,
    });
    const hello: ChatFrame = { type: "hello", resume, head: chat.head, epoch: chat.epoch };
    this.#sockets.send(server, JSON.stringify(hello));
    // Only this socket is served: the others miss nothing because of it, and thousands may connect at once.
    const missed = resume === "replay" ? encodeCatchUp(chat) : null;
    const last = this.#sockets.sendInOrder(server, (seq) => missed?.get(seq) ?? this.#buffer.frameAt(seq));
    this.#recordPublished(seqsBetween(lastSeq, last));
    this.ctx.waitUntil(this.#resumeCounter.add(organizationId, resume));
    log("socket_opened", { chatId: this.#chatId, agentId, resume, count: chat.head - lastSeq });
    const isNews = chat.head > this.#buffer.head;
    this.#buffer.add(chat.head, []);
    // An event published during the read may be newer than the read; or the read is newer than what other sockets have.
    if (last < this.#buffer.head || (isNews && this.#isBehind())) this.ctx.waitUntil(this.#fillGaps());
    return client;
  }

  /** Sends a socket what had to wait for its acknowledgement. */
  async #continue(socket: WebSocket): Promise<void> {
    if (this.#sockets.isWaiting(socket) || this.#sockets.stateOf(socket).lastSeq >= this.#buffer.head) return;
    if (this.#deliver()) await this.#fillGaps();
  }

  /** Returns whether a socket that may be sent to still lacks events. */
  #deliver(): boolean {
    const { seqs, isBehind } = deliver(this.#sockets, this.#buffer);
    this.#recordPublished(seqs);
    return isBehind;
  }

  #recordPublished(seqs: Iterable<number>): void {
    this.ctx.waitUntil(this.#publishTimes.add(seqs, Date.now()));
  }

  /** Reads from Postgres, page by page, what any socket lacks that may be sent to, and sends it. */
  async #fillGaps(): Promise<void> {
    for (;;) {
      const lowest = this.#sockets.lowestReadySeq();
      if (lowest === Infinity) return;
      const catchUp = await this.#catchUpAfter(lowest);
      this.#buffer.addCatchUp(catchUp);
      // Events after `lowest` were removed. A socket may say meanwhile that it has less than `lowest`: that is read next.
      this.#closeTooFarBehind(catchUp.firstSeq > lowest + 1 ? catchUp.firstSeq : 0);
      const isBehind = this.#deliver();
      // Without progress the socket is gone, or a later `sync` finds what is missing.
      if (!isBehind || this.#sockets.lowestReadySeq() <= lowest) return;
    }
  }

  /** Too far behind for a replay, or behind events that were removed: the client reconnects with its number and is reset. */
  #closeTooFarBehind(firstSeq: number): void {
    const { head } = this.#buffer;
    for (const socket of this.#sockets.listOpen()) {
      const { lastSeq } = this.#sockets.stateOf(socket);
      const isTooFarBehind = lastSeq < head - REPLAY_LIMIT_EVENTS && !this.#sockets.isDelayed(socket);
      if (isTooFarBehind || lastSeq + 1 < firstSeq) socket.close(closeCodes.restart, "too far behind");
    }
  }

  async #readEvents(after: number): Promise<CatchUp> {
    // As it is before the read: what is heard and sent meanwhile may be newer than what is read.
    const heard = this.#buffer.head;
    const sent = this.#sockets.listOpen().map((socket) => {
      const { epoch, lastSeq } = this.#sockets.stateOf(socket);
      return { socket, epoch, lastSeq };
    });
    const catchUp = await askDatabase(databaseUrlOf(this.env), (db) =>
      eventsAfter(db, { id: this.#chatId, organizationId: null }, after, REPLAY_LIMIT_EVENTS),
    );
    if (!catchUp) throw new Error(`chat ${this.#chatId} no longer exists`);
    if (catchUp.head < heard) this.#buffer.forget();
    this.#buffer.setEpoch(catchUp.epoch);
    for (const { socket, epoch, lastSeq } of sent) {
      // The database was restored: the client reconnects with its epoch or its number, and is reset.
      if (epoch !== catchUp.epoch || lastSeq > catchUp.head)
        socket.close(closeCodes.restart, "the database was restored");
    }
    return catchUp;
  }

  async #removeSocket(socket: WebSocket): Promise<void> {
    if (this.#sockets.stateOf(socket).viewingAtMs !== null) this.#presence.broadcast(socket);
    this.#sockets.remove(socket);
    await this.#gate.scheduleAlarm();
  }

  #isBehind(): boolean {
    return this.#sockets.lowestReadySeq() < this.#buffer.head;
  }
}

function seqsBetween(after: number, last: number): number[] {
  return Array.from({ length: last - after }, (_, i) => after + 1 + i);
}
