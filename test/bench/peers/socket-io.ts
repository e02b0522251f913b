import { createServer } from "node:http";
import express from "express";
import { Server } from "socket.io";
import { listen } from "../systems/listening.ts";
import { agentOf } from "./agents.ts";
import { isSignedByMeta } from "./meta.ts";
import { headOf } from "./read.ts";
import { receive } from "./receive.ts";
import { storeText } from "./store-text.ts";

// The careful peer's store with socket.io, which recovers missed events by its connection state recovery.
const app = express().disable("x-powered-by").disable("etag");
const server = createServer(app);
const io = new Server(server, {
  transports: ["websocket"],
  serveClient: false,
  connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true },
});

io.on("connection", async (socket) => {
  const { token, chatId } = socket.handshake.auth as { token?: string; chatId?: number };
  const agent = await agentOf(`Bearer ${token}`);
  const head = agent && (await headOf(agent.organizationId, Number(chatId)));
  if (head === null) {
    socket.disconnect(true);
    return;
  }
  await socket.join(`chat ${chatId}`);
  socket.emit("hello", { head });
});

app.post("/api/waba/webhook", express.raw({ type: "*/*", limit: "4mb" }), async (request, response) => {
  if (!isSignedByMeta(request.body, request.get("x-hub-signature-256"))) {
    response.status(401).end();
    return;
  }
  await receive(request.body, storeText, (chatId, frameOf) => {
    io.to(`chat ${chatId}`).emit("event", frameOf());
  });
  response.send("OK");
});

listen(server);
