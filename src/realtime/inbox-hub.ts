import { DurableObject } from "cloudflare:workers";
import { watchInbox } from "../db/watching.ts";
import type { Chat } from "../domain/chat.ts";
import { askDatabase } from "./ask-database.ts";
import { Door } from "./door.ts";
import { closeCodes, type InboxFrame, PING, PONG } from "./protocol.ts";
import { answerClose, type Caller, Sockets } from "./sockets.ts";

/** So many chats' heads are remembered; what is forgotten is told once too often, which does no harm. */
const REMEMBERED_CHATS = 10_000;

/**
 * Tells an organization's open inboxes how a chat stands now: state, not history, so the latest wins and nothing is
 * replayed. Its name is the organization's id.
 */
export class InboxHub extends DurableObject<Env> {
  readonly #organizationId = Number(this.ctx.id.name);
  readonly #sockets = new Sockets<Caller>(this.ctx);
  readonly #door = new Door({
    state: this.ctx,
    sockets: this.#sockets,
    mark: (until) => askDatabase(this.env, (db) => watchInbox(db, this.#organizationId, until)),
    ids: { organizationId: this.#organizationId },
  });
  readonly #heads = new Map<number, number>();

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
    return await this.#door.letIn(request, async ({ agentId, name, tokenExpiresAtMs }) => {
      const { ours, theirs } = this.#sockets.accept({ agentId, name, tokenExpiresAtMs });
      this.#sockets.send(ours, JSON.stringify({ type: "hello" } satisfies InboxFrame));
      return theirs;
    });
  }

  /** A client of the inbox has nothing to say but the heartbeat, which the runtime answers. */
  override webSocketMessage(socket: WebSocket): void {
    socket.close(closeCodes.reloadPage, "not a frame of this protocol");
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    await this.#door.lookLater();
  }

  override async webSocketError(): Promise<void> {
    await this.#door.lookLater();
  }

  override async alarm(): Promise<void> {
    await this.#door.look();
  }
}
