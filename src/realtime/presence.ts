import { type ChatFrame, type PresentAgent, VIEWING_SHOWN_MS, type Viewer } from "./protocol.ts";
import type { SocketState, Sockets } from "./sockets.ts";

/** Agents who say again that they have a chat in view do not cause more frames than one in so long. */
const REPEATED_EVERY_MS = 4_000;

/** Whose socket it is, and when it last said that a chat is in view; null: it is not. */
export type Sign = Viewer & { viewingAtMs: number | null };

/** The agents who have a room's chat in view, as their clients say. */
export class RoomPresence<State extends SocketState & Sign> {
  readonly #sockets: Sockets<State>;
  /** Forgotten in hibernation: by then another frame is due. */
  #sentAtMs = 0;

  constructor(sockets: Sockets<State>) {
    this.#sockets = sockets;
  }

  /** A sign that is repeated in time changes nothing for those who have just heard of its agent. */
  set(socket: WebSocket, isVisible: boolean): void {
    const nowMs = Date.now();
    const state = this.#sockets.stateOf(socket);
    const isRepeated = isVisible && nowMs - (state.viewingAtMs ?? 0) < VIEWING_SHOWN_MS;
    this.#sockets.setState(socket, { ...state, viewingAtMs: isVisible ? nowMs : null });
    if (!isRepeated || nowMs - this.#sentAtMs >= REPEATED_EVERY_MS) this.broadcast();
  }

  /** Sends who is here to all sockets but one that is leaving. */
  broadcast(leaving?: WebSocket): void {
    this.#sentAtMs = Date.now();
    this.#sockets.broadcast({ type: "presence", agents: this.agents(leaving) } satisfies ChatFrame, leaving);
  }

  agents(leaving?: WebSocket): PresentAgent[] {
    const states = this.#sockets.listOpen(leaving).map((socket) => this.#sockets.stateOf(socket));
    return presentAgents(
      states.map(({ agentId, name, viewingAtMs }) => ({ agentId, name, atMs: viewingAtMs })),
      Date.now(),
    );
  }
}

/** By id: each once, by the newest of their signs. `atMs`: when it was given; null: it was not. */
export function presentAgents(
  signs: Iterable<Viewer & { atMs: number | null }>,
  nowMs: number,
): PresentAgent[] {
  const agents = new Map<number, PresentAgent>();
  for (const { agentId, name, atMs } of signs) {
    if (atMs === null) continue;
    const ageMs = Math.max(0, nowMs - atMs);
    if (ageMs < (agents.get(agentId)?.ageMs ?? Number.POSITIVE_INFINITY))
      agents.set(agentId, { agentId, name, ageMs });
  }
  return [...agents.values()].sort((a, b) => a.agentId - b.agentId);
}
