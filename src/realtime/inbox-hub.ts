import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { askDatabase } from "../db/client.ts";
import { watchInbox } from "../db/watching.ts";
import type { Chat } from "../domain/chat.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import { type EncodedFrame, emptyWindow, encodeFrame } from "./backpressure.ts";
import { ClientFrames } from "./client-frames.ts";
import { parseInboxClientFrame } from "./frames.ts";
import { InboxPresence, type OpenChatSign } from "./inbox-presence.ts";
import { closeCodes, type InboxFrame, PING, PONG, type ResumeCounts } from "./protocol.ts";
import { SocketGate } from "./socket-gate.ts";
import { answerClose, type SocketState, Sockets } from "./sockets.ts";
import { ResumeTotals } from "./telemetry.ts";

/**
 * Heads are remembered for this many chats, and for so long to twice as long. A forgotten one may be sent again, which does no harm. No
 * call comes so late; and a chat whose number is lower after it was restored with its database shows again.
 */
const REMEMBERED_CHATS = 10_000;
const REMEMBERED_MS = 60_000;
/** Above the head of every chat. */
const ERASED = Number.MAX_SAFE_INTEGER;
/** With more rows waiting, loading the list again is cheaper for a client. */
const WAITING_CHATS = 1_000;

/** `isAdmin` is absent on a socket that an older version accepted. */
type InboxSocketState = SocketState & OpenChatSign & { isAdmin?: boolean };

/**
 * Sends an organization's open inboxes the current row of each chat that changes: state, not history, so the latest wins
 * and nothing is replayed. Its name is the organization's id.
 */
export class InboxHub extends DurableObject<Env> {
  readonly #organizationId = Number(this.ctx.id.name);
  readonly #sockets = new Sockets<InboxSocketState>(this.ctx);
  readonly #frames = new ClientFrames(this.#sockets, parseInboxClientFrame);
  readonly #presence = new InboxPresence(this.#sockets);
  readonly #resumes = new ResumeTotals(this.ctx.storage);
  readonly #gate = new SocketGate({
    ctx: this.ctx,
    sockets: this.#sockets,
    setWatchedUntil: (until) =>
      askDatabase(databaseUrlOf(this.env), (db) => watchInbox(db, this.#organizationId, until)),
    // The clients reconnect and load the list again.
    onLapse: () => this.#sockets.closeAll(closeCodes.restart, "updates were missed"),
    logFields: { organizationId: this.#organizationId },
  });
  /** The head of the newest row sent, by chat id: of the last minute, and of the one before. */
  #heads = new Map<number, number>();
  #olderHeads = new Map<number, number>();
  #headsSinceMs = 0;
  /** The newest rows, by chat id, that wait until a client has acknowledged more. */
  readonly #waiting = new Map<WebSocket, Map<number, EncodedFrame>>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Called over RPC after commit. Drops a row that is older than one already sent. */
  async publish(chats: Chat[]): Promise<void> {
    this.#forgetHeads(Date.now());
    const newest = new Map(
      chats
        .filter((chat) => this.#isNews(chat))
        .map((chat) => [chat.id, encodeFrame({ type: "chat", chat } satisfies InboxFrame)]),
    );
    // Shared by all sockets for which nothing waits: there may be thousands.
    const rows = [...newest];
    for (const socket of this.#sockets.listOpen()) {
      const waiting = this.#waiting.get(socket);
      this.#sendRows(socket, waiting ? [...new Map([...waiting, ...rows])] : rows);
    }
  }

  /** Called over RPC once chats are erased: their rows leave the lists, and a row that comes late is dropped. */
  async publishErased(chatIds: number[]): Promise<void> {
    for (const id of chatIds) this.#heads.set(id, ERASED);
    for (const rows of this.#waiting.values()) for (const id of chatIds) rows.delete(id);
    this.#sockets.broadcast({ type: "erased", chatIds } satisfies InboxFrame);
  }

  /** Called over RPC once a label is created, changed or deleted. */
  async publishLabels(): Promise<void> {
    this.#sockets.broadcast({ type: "labels" } satisfies InboxFrame);
  }

  /** Called over RPC after commit. Sends each notice once, to admins only. */
  async publishNotices(notices: StoredNotice[]): Promise<void> {
    const frames = notices.map((notice) => JSON.stringify({ type: "notice", notice } satisfies InboxFrame));
    for (const socket of this.#sockets.listOpen()) {
      if (this.#sockets.stateOf(socket).isAdmin)
        for (const frame of frames) this.#sockets.send(socket, frame);
    }
  }

  /** Called over RPC by the organization's rooms, in batches. */
  async addResumeCounts(counts: ResumeCounts): Promise<void> {
    this.#resumes.add(counts);
  }

  /** Called over RPC. How the organization's clients have resumed since the hub was created. */
  async resumeCounts(): Promise<ResumeCounts> {
    return this.#resumes.all();
  }

  override async fetch(request: Request): Promise<Response> {
    return await this.#gate.accept(request, async ({ agentId, name, tokenExpiresAtMs, isAdmin }) => {
      const caller = { agentId, name, tokenExpiresAtMs, isAdmin };
      const { server, client } = this.#sockets.accept({ ...caller, ...emptyWindow(0) });
      this.#sockets.send(server, JSON.stringify({ type: "hello" } satisfies InboxFrame));
      this.#presence.welcome(server);
      return client;
    });
  }

  override webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): void {
    const frame = this.#frames.receive(socket, raw);
    const waiting = this.#waiting.get(socket);
    if (frame?.type === "presence") this.#presence.set(socket, frame);
    else if (frame && waiting) this.#sendRows(socket, [...waiting]);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    await this.#removeSocket(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#removeSocket(socket);
  }

  override async alarm(): Promise<void> {
    const before = this.#sockets.listOpen();
    await this.#gate.onAlarm();
    // A vanished client does not answer our close, so no close event would end what its agent showed.
    for (const socket of before) if (socket.readyState !== WebSocket.OPEN) this.#presence.leave(socket);
  }

  /** Sends rows until the client's window is full. The others wait for its acknowledgement, and a newer row replaces one of them. */
  #sendRows(socket: WebSocket, rows: [chatId: number, frame: EncodedFrame][]): void {
    const before = this.#sockets.stateOf(socket).lastSeq;
    const last = this.#sockets.sendInOrder(socket, (seq) => rows[seq - before - 1]?.[1]);
    const rest = rows.slice(last - before);
    if (rest.length > WAITING_CHATS) socket.close(closeCodes.restart, "updates were missed");
    else if (rest.length > 0) this.#waiting.set(socket, new Map(rest));
    else this.#waiting.delete(socket);
  }

  async #removeSocket(socket: WebSocket): Promise<void> {
    this.#waiting.delete(socket);
    this.#presence.leave(socket);
    this.#sockets.remove(socket);
    await this.#gate.scheduleAlarm();
  }

  #isNews({ id, head }: Chat): boolean {
    if (head < (this.#heads.get(id) ?? this.#olderHeads.get(id) ?? 0)) return false;
    this.#heads.set(id, head);
    return true;
  }

  #forgetHeads(nowMs: number): void {
    const ageMs = nowMs - this.#headsSinceMs;
    if (ageMs < REMEMBERED_MS && this.#heads.size < REMEMBERED_CHATS) return;
    this.#olderHeads = ageMs < 2 * REMEMBERED_MS ? this.#heads : new Map();
    this.#heads = new Map();
    this.#headsSinceMs = nowMs;
  }
}
