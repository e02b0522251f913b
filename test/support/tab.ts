import { type Frames, framesOf } from "./frames.ts";
import { ask } from "./worker.ts";

/** A client's socket, and what the Worker said when it opened it. */
export type Tab = Frames & { headers: Headers };

/** Opens a socket. Throws when the Worker does not upgrade. */
export async function openTab(path: string, headers: Record<string, string>): Promise<Tab> {
  const answer = await ask(path, { headers: { upgrade: "websocket", ...headers } });
  const socket = answer.webSocket;
  if (!socket) throw new Error(`no socket, but ${answer.status}: ${await answer.text()}`);
  const { all, take, end } = framesOf(socket);
  socket.addEventListener("message", ({ data }) => take(data));
  socket.addEventListener("close", ({ code }) => end(code));
  socket.accept();
  return { ...all, headers: answer.headers };
}
