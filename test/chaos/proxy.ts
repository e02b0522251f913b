import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a call: forwarded; connection closed before it; answered with 503; connection closed instead of the response. */
export type ProxyMode = "forward" | "refuse" | "unavailable" | "dropAnswer";

export type ScriptedProxy = {
  port: number;
  set: (mode: ProxyMode) => void;
  /** The number of calls in each mode. */
  callsByMode: Record<ProxyMode, number>;
  /** Starts to count the statements that contain this text; returns a function that reads the count. */
  countStatements: (text: string) => () => number;
  close: () => Promise<void>;
};

/** A proxy in front of the Neon endpoint that can fail on demand. */
export async function startProxy(target: string): Promise<ScriptedProxy> {
  let mode: ProxyMode = "forward";
  const callsByMode = { forward: 0, refuse: 0, unavailable: 0, dropAnswer: 0 };
  const counts = new Map<string, number>();
  const server = createServer((incoming, outgoing) => {
    callsByMode[mode] += 1;
    if (counts.size > 0) countStatement(incoming, counts);
    switch (mode) {
      case "refuse":
        incoming.socket.destroy();
        return;
      case "unavailable":
        incoming.resume();
        incoming.once("end", () => outgoing.writeHead(503).end("try again later"));
        return;
      case "forward":
      case "dropAnswer":
        forward(target, incoming, outgoing, () => mode === "dropAnswer");
        return;
      default:
        mode satisfies never;
    }
  });
  // Closing an idle connection races with a client that is just writing its next request on it.
  server.keepAliveTimeout = 3_600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // A server that listens on a TCP port has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      mode = next;
    },
    callsByMode,
    countStatements: (text) => {
      counts.set(text, 0);
      return () => counts.get(text) ?? 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function countStatement(incoming: IncomingMessage, counts: Map<string, number>): void {
  const parts: Buffer[] = [];
  incoming.on("data", (part: Buffer) => parts.push(part));
  incoming.once("end", () => {
    const { query = "" } = JSON.parse(Buffer.concat(parts).toString());
    for (const [text, count] of counts) if (String(query).includes(text)) counts.set(text, count + 1);
  });
}

/** Calls `isDropped` when the response arrives, so that the call has taken effect by then. */
function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isDropped: () => boolean,
) {
  const { method, headers, url = "/" } = incoming;
  const call = request(new URL(url, target), { method, headers }, (answer) => {
    if (isDropped()) {
      answer.resume();
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  call.once("error", () => incoming.socket.destroy());
  // The endpoint learns that the client has gone, as it would without this proxy.
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) call.destroy();
  });
  incoming.pipe(call);
}
