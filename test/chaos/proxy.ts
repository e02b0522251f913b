import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a call: it goes through; the connection is cut before it, or after it was done; or it gets a 503. */
export type ProxyMode = "forward" | "refuse" | "unavailable" | "dropAnswer";

export type ScriptedProxy = {
  port: number;
  set: (mode: ProxyMode) => void;
  /** How many calls met each mode. */
  met: Record<ProxyMode, number>;
  /** Counts from now on the statements that contain these words. */
  count: (words: string) => () => number;
  close: () => Promise<void>;
};

/** Stands before the Neon endpoint and misbehaves as it is told. */
export async function startProxy(target: string): Promise<ScriptedProxy> {
  let mode: ProxyMode = "forward";
  const met = { forward: 0, refuse: 0, unavailable: 0, dropAnswer: 0 };
  const counts = new Map<string, number>();
  const server = createServer((incoming, outgoing) => {
    met[mode] += 1;
    if (counts.size > 0) countIn(incoming, counts);
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
        pass(target, incoming, outgoing, () => mode === "dropAnswer");
        return;
      default:
        mode satisfies never;
    }
  });
  // A server that closes an idle connection first races with the request a client is just writing on it.
  server.keepAliveTimeout = 3_600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // It listens on a port of its own, so it has such an address.
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      mode = next;
    },
    met,
    count: (words) => {
      counts.set(words, 0);
      return () => counts.get(words) ?? 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function countIn(incoming: IncomingMessage, counts: Map<string, number>): void {
  const parts: Buffer[] = [];
  incoming.on("data", (part: Buffer) => parts.push(part));
  incoming.once("end", () => {
    const { query = "" } = JSON.parse(Buffer.concat(parts).toString());
    for (const [words, count] of counts) if (String(query).includes(words)) counts.set(words, count + 1);
  });
}

/** Whether the answer is dropped is asked when it is there: then the call has been done. */
function pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse, isDropped: () => boolean) {
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
  incoming.pipe(call);
}
