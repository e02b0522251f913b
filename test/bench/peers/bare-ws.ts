import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { listen } from "../systems/listening.ts";

// Sends the body of a POST to every socket, without validating or storing it: the cost of `ws` alone.
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    const frame = Buffer.concat(chunks);
    for (const socket of sockets.clients) socket.send(frame, { binary: false });
    response.end("OK");
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket) => socket.send(JSON.stringify({ type: "hello", head: 0 })));

listen(server);
