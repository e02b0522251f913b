import { isTooSlow } from "./backpressure.ts";
import type { Heard } from "./heard.ts";
import { closeCodes, type Viewer } from "./protocol.ts";
import type { Caller, Sockets } from "./sockets.ts";

/**
 * What is known of a chat's socket. `lastSeq`: the last event that went into it; `ackedSeq`: the last that its client
 * says has arrived; `epoch`: the history that both belong to.
 */
export type Attachment = Caller & {
  epoch: string;
  lastSeq: number;
  ackedSeq: number;
  unackedBytes: number;
  visible: boolean;
};

/**
 * Sends each socket what follows the last it has got, as far as there is no hole; forgets what all have.
 * Gives the numbers that went out.
 */
export function deliver(sockets: Sockets<Attachment>, heard: Heard): number[] {
  const handed = new Set<number>();
  for (const socket of sockets.open()) {
    const attachment = { ...sockets.of(socket) };
    const { lastSeq } = attachment;
    for (let frame = heard.frameOf(lastSeq + 1); frame; frame = heard.frameOf(attachment.lastSeq + 1)) {
      if (!sockets.send(socket, frame)) break;
      attachment.lastSeq += 1;
      handed.add(attachment.lastSeq);
      attachment.unackedBytes += frame.length;
    }
    if (attachment.lastSeq > lastSeq) sockets.set(socket, attachment);
    if (isTooSlow(attachment)) socket.close(closeCodes.tooSlow, "too much was not acknowledged");
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
