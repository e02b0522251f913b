import type { Heard } from "./heard.ts";
import type { Viewer } from "./protocol.ts";
import type { Known, Sockets } from "./sockets.ts";

/** What is known of a chat's socket. Its frames are numbered as the chat's events; `epoch`: the history they are of. */
export type Attachment = Known & { epoch: string; visible: boolean };

/**
 * Sends each socket what follows the last it has got, as far as there is no hole; forgets what all have.
 * Gives the numbers that went out.
 */
export function deliver(sockets: Sockets<Attachment>, heard: Heard): number[] {
  const handed = new Set<number>();
  for (const socket of sockets.open()) {
    const before = sockets.of(socket).lastSeq;
    const last = sockets.sendNumbered(socket, (seq) => heard.frameOf(seq));
    for (let seq = before + 1; seq <= last; seq += 1) handed.add(seq);
  }
  heard.forgetUpTo(slowestOf(sockets));
  return [...handed];
}

/** Who has the chat in view, each once, by id; without the socket that is leaving. */
export function viewersOf(sockets: Sockets<Attachment>, leaving?: WebSocket): Viewer[] {
  const visible = sockets
    .open(leaving)
    .map((socket) => sockets.of(socket))
    .filter((attachment) => attachment.visible);
  const viewers = new Map(visible.map(({ agentId, name }) => [agentId, { agentId, name }]));
  return [...viewers.values()].sort((a, b) => a.agentId - b.agentId);
}

/** The number that every open socket has got; infinite when there is none. */
export function slowestOf(sockets: Sockets<Attachment>): number {
  return Math.min(...sockets.open().map((socket) => sockets.of(socket).lastSeq));
}
