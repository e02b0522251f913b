import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { askDatabase } from "../db/client.ts";
import { watchInbox } from "../db/watching.ts";
import type { Chat } from "../domain/chat.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";
import { numbered, sentUpTo } from "./backpressure.ts";
import { ClientFrames } from "./client-frames.ts";
import { Door } from "./door.ts";
import { closeCodes, type InboxFrame, PING, PONG, type ResumeCounts } from "./protocol.ts";
import { ResumeTotals } from "./resume-totals.ts";
import { answerClose, type Known, Sockets } from "./sockets.ts";

/** So many chats' heads are remembered; what is forgotten is told once too often, which does no harm. */
const REMEMBERED_CHATS = 10_000;

/** What is known of an inbox's socket; missing of one that was opened before it was asked. */
type InboxSocket = Known & { isAdmin?: boolean };

/**
 * Tells an organization's open inboxes how a chat stands now: state, not history, so the latest wins and nothing is
 * replayed. Its name is the organization's id.
 */
export class InboxHub extends DurableObject<Env> {
  readonly #organizationId = Number(this.ctx.id.name);
  readonly #sockets = new Sockets<InboxSocket>(this.ctx);
  readonly #frames = new ClientFrames(this.#sockets);
  readonly #resumes = new ResumeTotals(this.ctx.storage);
  readonly #door = new Door({
    state: this.ctx,
    sockets: this.#sockets,
    mark: (until) =>
      askDatabase(databaseUrlOf(this.env), (db) => watchInbox(db, this.#organizationId, until)),
    // They come back, and load the list.
    catchUp: () => this.#sockets.closeAll(closeCodes.restart, "something was not told"),
    ids: { organizationId: this.#organizationId },
  });
  readonly #heads = new Map<number, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Called over RPC after commit. A row that is older than one already told is dropped. */
  async publish(chats: Chat[]): Promise<void> {
    const frames = chats
      .filter((chat) => this.#isNews(chat))
      .map((chat) => numbered({ type: "chat", chat } satisfies InboxFrame));
    for (const socket of this.#sockets.open()) {
      const first = this.#sockets.of(socket).lastSeq + 1;
      this.#sockets.sendNumbered(socket, (nth) => frames[nth - first]);
    }
  }

  /** Called over RPC after commit. For admins alone, and each once. */
  async publishNotices(notices: StoredNotice[]): Promise<void> {
    const frames = notices.map((notice) => JSON.stringify({ type: "notice", notice } satisfies InboxFrame));
    for (const socket of this.#sockets.open()) {
      if (this.#sockets.of(socket).isAdmin) for (const frame of frames) this.#sockets.send(socket, frame);
    }
  }

  /** Called over RPC by the organization's rooms, once in a while. Counts what was told since the hub first lived. */
  async countResumes(counts: ResumeCounts): Promise<void> {
    this.#resumes.add(counts);
  }

  async resumes(): Promise<ResumeCounts> {
    return this.#resumes.all();
  }

  override async fetch(request: Request): Promise<Response> {
    return await this.#door.letIn(request, async ({ agentId, name, tokenExpiresAtMs, isAdmin }) => {
      const caller = { agentId, name, tokenExpiresAtMs, isAdmin };
      const { ours, theirs } = this.#sockets.accept({ ...caller, ...sentUpTo(0) });
      this.#sockets.send(ours, JSON.stringify({ type: "hello" } satisfies InboxFrame));
      return theirs;
    });
  }

  /** A client of the inbox only acknowledges; its heartbeat is answered by the runtime. */
  override webSocketMessage(socket: WebSocket, said: string | ArrayBuffer): void {
    if (this.#frames.take(socket, said)) socket.close(closeCodes.reloadPage, "not a frame of this protocol");
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    await this.#leave(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#leave(socket);
  }

  override async alarm(): Promise<void> {
    await this.#door.look();
  }

  async #leave(socket: WebSocket): Promise<void> {
    this.#sockets.forget(socket);
    await this.#door.lookLater();
  }

  #isNews({ id, head }: Chat): boolean {
    if (head < (this.#heads.get(id) ?? 0)) return false;
    if (this.#heads.size >= REMEMBERED_CHATS) this.#heads.clear();
    this.#heads.set(id, head);
    return true;
  }
}
