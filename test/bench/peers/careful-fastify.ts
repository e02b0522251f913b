import fastify from "fastify";
import { listen } from "../systems/listening.ts";
import { isSignedByMeta } from "./meta.ts";
import { receive } from "./receive.ts";
import { openRooms } from "./rooms.ts";
import { storeText } from "./store-text.ts";

// The careful peer with another framework: the difference is the cost of Express.
const app = fastify({ logger: false, bodyLimit: 4 * 1024 * 1024 });
const publish = openRooms(app.server);

app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

app.get("/healthz", async () => ({ status: "ok" }));

app.post<{ Body: Buffer }>("/api/waba/webhook", async (request, reply) => {
  const signature = request.headers["x-hub-signature-256"];
  if (!isSignedByMeta(request.body, signature?.toString())) return await reply.code(401).send();
  await receive(request.body, storeText, publish);
  return "OK";
});

await app.ready();
listen(app.server);
