import { isDeepStrictEqual } from "node:util";
import WebSocket from "ws";
import { type ChatFrame, SUBPROTOCOL } from "../../src/realtime/protocol.ts";
import type { ClientState } from "../support/client-state.ts";
import type { Agent } from "./agents.ts";

/** Opens a chat's socket, to resume after `seq` of `epoch`. */
export function openChatSocket(
  url: string,
  agent: Agent,
  chatId: number,
  { seq, epoch }: Pick<ClientState, "seq" | "epoch">,
  options: WebSocket.ClientOptions = {},
): WebSocket {
  const address = `${url.replace("http", "ws")}/chats/${chatId}/socket?since=${seq}&epoch=${epoch}`;
  const headers = { authorization: `Bearer ${agent.token}` };
  return new WebSocket(address, SUBPROTOCOL, { headers, ...options });
}

/**
 * Handles a socket's frames one after another. When a frame fails, closes the socket and ignores the later frames, which
 * mean nothing without it. Returns a function that waits until the received frames are handled.
 */
export function handleFrames(
  socket: WebSocket,
  handle: (frame: ChatFrame) => Promise<void>,
  onError: (error: Error) => void,
): () => Promise<void> {
  let handled = Promise.resolve();
  let hasFailed = false;
  socket.on("message", (data) => {
    handled = handled
      .then(() => (hasFailed ? undefined : handle(JSON.parse(String(data)))))
      .catch((error: Error) => {
        hasFailed = true;
        onError(error);
        socket.terminate();
      });
  });
  return () => handled;
}

/** How a client's state differs from a fresh load; null when it does not. */
export function differenceOf(state: ClientState | null, fresh: ClientState): string | null {
  if (!state) return "never loaded";
  if (state.seq !== fresh.seq) return `is at seq ${state.seq}, the chat at ${fresh.seq}`;
  for (const [i, message] of fresh.messages.entries()) {
    if (isDeepStrictEqual(state.messages[i], message)) continue;
    return `shows message ${message.id} as ${JSON.stringify(state.messages[i])}, not ${JSON.stringify(message)}`;
  }
  if (isDeepStrictEqual(state, fresh)) return null;
  return `shows the chat as ${JSON.stringify(state.chat)}, not ${JSON.stringify(fresh.chat)}`;
}
