import type { Heard } from "./heard.ts";
import type { Viewer } from "./protocol.ts";
import type { Known, Sockets } from "./sockets.ts";

/** What is known of a chat's socket. Its frames are numbered as the chat's events; `epoch`: the history they are of. */
export type Attachment = Known & { epoch: string; visible: boolean };

/** The numbers that went out; and whether somebody lacks what was heard of, because there is a hole before it. */
export type Delivered = { seqs: Set<number>; isBehind: boolean };

/** Sends each socket what follows the last it has got, as far as there is no hole; forgets what all have. */
export function deliver(sockets: Sockets<Attachment>, heard: Heard): Delivered {
  const seqs = new Set<number>();
  let slowest = Number.POSITIVE_INFINITY;
  for (const socket of sockets.open()) {
    const before = sockets.of(socket).lastSeq;
    const last = sockets.sendNumbered(socket, (seq) => heard.frameOf(seq));
    for (let seq = before + 1; seq <= last; seq += 1) seqs.add(seq);
    // It may have been cut off just now.
    if (last < slowest && socket.readyState === WebSocket.OPEN) slowest = last;
  }
  heard.forgetUpTo(slowest);
  return { seqs, isBehind: slowest < heard.head };
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
  return sockets.open().reduce((slowest, socket) => Math.min(slowest, sockets.of(socket).lastSeq), Infinity);
}
