import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { type CatchUp, lastEventsAfter, markPublished } from "../db/chat-events.ts";
import { askDatabase } from "../db/client.ts";
import { watchChat } from "../db/watching.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import { failpoint } from "../failpoint.ts";
import { log } from "../log.ts";
import { afterRewind, sentUpTo } from "./backpressure.ts";
import { ClientFrames } from "./client-frames.ts";
import { type Attachment, deliver, slowestOf, viewersOf } from "./deliver.ts";
import { Door } from "./door.ts";
import type { Upgrade } from "./frames.ts";
import { framesOf, Heard } from "./heard.ts";
import { type ChatFrame, closeCodes, type Pending, PING, PONG, REPLAY_LIMIT_EVENTS } from "./protocol.ts";
import { countResumes } from "./publish.ts";
import { PublishedNotes } from "./published-notes.ts";
import { planResume } from "./resume.ts";
import { ResumeNotes } from "./resume-notes.ts";
import { sharedRead } from "./shared-read.ts";
import { answerClose, Sockets } from "./sockets.ts";

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
  readonly #frames = new ClientFrames(this.#sockets);
  readonly #door = new Door({
    state: this.ctx,
    sockets: this.#sockets,
    mark: (until) => askDatabase(databaseUrlOf(this.env), (db) => watchChat(db, this.#chatId, until)),
    catchUp: () => this.ctx.waitUntil(this.#fillHoles()),
    ids: { chatId: this.#chatId },
  });
  readonly #missedSince = sharedRead((after) => this.#read(after));
  readonly #heard = new Heard();
  readonly #notes = new PublishedNotes(
    (published) => askDatabase(databaseUrlOf(this.env), (db) => markPublished(db, this.#chatId, published)),
    scheduler.wait.bind(scheduler),
  );
  readonly #resumes = new ResumeNotes(
    (organizationId, counts) => countResumes(this.env, organizationId, counts),
    scheduler.wait.bind(scheduler),
  );

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    FAILPOINTS && void ctx.blockConcurrencyWhile(() => failpoint("room.constructor"));
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Called over RPC once the change is committed, never before. May be repeated, late or out of order. */
  async publish({ head, events }: ChatNews): Promise<void> {
    this.#heard.add(head, events);
    if (!this.#deliver()) return;
    await scheduler.wait(HOLE_WAIT_MS);
    if (this.#isBehind()) await this.#fillHoles();
  }

  /** Shows what has no number yet. Who comes later gets it as an event. */
  async announce(messages: Pending[]): Promise<void> {
    this.#sockets.broadcast({ type: "pending", messages } satisfies ChatFrame);
  }

  override async fetch(request: Request): Promise<Response> {
    return await this.#door.letIn(request, (told) => this.#open(told));
  }

  override async webSocketMessage(socket: WebSocket, said: string | ArrayBuffer): Promise<void> {
    const frame = this.#frames.take(socket, said);
    const attachment = this.#sockets.of(socket);
    switch (frame?.type) {
      case "sync":
        // The client says what it has, and it knows best: what it lacks goes out once more.
        this.#sockets.setSent(socket, afterRewind(attachment, frame.seq));
        return await this.#fillHoles();
      case "typing": {
        const { agentId, name } = attachment;
        return this.#sockets.broadcast({ type: "typing", agentId, name } satisfies ChatFrame, socket);
      }
      case "viewing":
        this.#sockets.set(socket, { ...attachment, visible: frame.visible });
        return this.#tellPresence();
    }
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    await this.#leave(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#leave(socket);
  }

  override async alarm(): Promise<void> {
    const before = JSON.stringify(viewersOf(this.#sockets));
    await this.#door.look();
    // A client that is gone does not answer our close: nothing else would take its agent out.
    if (JSON.stringify(viewersOf(this.#sockets)) !== before) this.#tellPresence();
  }

  async #open({
    since,
    epoch,
    organizationId,
    agentId,
    name,
    tokenExpiresAtMs,
  }: Upgrade): Promise<WebSocket> {
    const chat = await this.#missedSince(since ?? Number.MAX_SAFE_INTEGER);
    const resume = planResume({ since, epoch }, chat);
    const lastSeq = resume === "replay" && since !== null ? since : chat.head;
    // Nothing is awaited from here to the end of the replay, so no event can pass between catching up and going live.
    const caller = { agentId, name, tokenExpiresAtMs };
    const known = { ...caller, ...sentUpTo(lastSeq), epoch: chat.epoch, visible: false };
    const { ours, theirs } = this.#sockets.accept(known);
    const hello: ChatFrame = { type: "hello", resume, head: chat.head, epoch: chat.epoch };
    this.#sockets.send(ours, JSON.stringify(hello));
    // To this socket alone: others have nothing new for its coming, and thousands may come at once.
    const missed = resume === "replay" ? framesOf(chat) : null;
    const last = this.#sockets.sendNumbered(ours, (seq) => missed?.get(seq) ?? this.#heard.frameOf(seq));
    this.#noteHanded(seqsBetween(lastSeq, last));
    this.ctx.waitUntil(this.#resumes.add(organizationId, resume));
    log("socket_resumed", { chatId: this.#chatId, agentId, resume, count: chat.head - lastSeq });
    const isNews = chat.head > this.#heard.head;
    this.#heard.add(chat.head, []);
    // An event that was published while the read was under way may be newer than what it gave, or the read than what others have.
    if (last < this.#heard.head || (isNews && this.#isBehind())) this.ctx.waitUntil(this.#fillHoles());
    return theirs;
  }

  /** Whether somebody lacks what was heard of. */
  #deliver(): boolean {
    const { seqs, isBehind } = deliver(this.#sockets, this.#heard);
    this.#noteHanded(seqs);
    return isBehind;
  }

  #noteHanded(seqs: Iterable<number>): void {
    this.ctx.waitUntil(this.#notes.add(seqs, Date.now()));
  }

  async #fillHoles(): Promise<void> {
    if (!this.#sockets.hasOpen()) return;
    this.#heard.addRead(await this.#missedSince(slowestOf(this.#sockets)));
    this.#deliver();
    for (const socket of this.#sockets.open()) {
      // Further behind than a replay reaches: it comes back with its number and is told to load afresh.
      const isLost = this.#sockets.of(socket).lastSeq < this.#heard.head - REPLAY_LIMIT_EVENTS;
      if (isLost) socket.close(closeCodes.restart, "too far behind");
    }
  }

  async #read(after: number): Promise<CatchUp> {
    const found = await askDatabase(databaseUrlOf(this.env), (db) =>
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
    this.#sockets.forget(socket);
    await this.#door.lookLater();
  }

  #tellPresence(leaving?: WebSocket): void {
    const agents = viewersOf(this.#sockets, leaving);
    this.#sockets.broadcast({ type: "presence", agents } satisfies ChatFrame, leaving);
  }

  #isBehind(): boolean {
    return slowestOf(this.#sockets) < this.#heard.head;
  }
}

function seqsBetween(after: number, last: number): number[] {
  return Array.from({ length: last - after }, (_, i) => after + 1 + i);
}
