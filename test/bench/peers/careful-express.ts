import { createServer } from "node:http";
import express from "express";
import { listen } from "../systems/listening.ts";
import { isSignedByMeta, textsOf } from "./meta.ts";
import { storeText } from "./store.ts";

const app = express().disable("x-powered-by").disable("etag");

app.get("/healthz", (_request, response) => {
  response.json({ status: "ok" });
});

app.post("/api/waba/webhook", express.raw({ type: "*/*", limit: "4mb" }), async (request, response) => {
  const body: Buffer = request.body;
  if (!isSignedByMeta(body, request.get("x-hub-signature-256"))) {
    response.status(401).end();
    return;
  }
  for (const text of textsOf(body)) await storeText(text);
  response.send("OK");
});

listen(createServer(app));
