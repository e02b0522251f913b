import { createServer } from "node:http";
import { listen } from "./listening.ts";

const RESPONSE_DELAY_MS = Number(process.env.RESPONSE_DELAY_MS);

let sent = 0;

// A stub of Graph's send call: accepts every message after a fixed delay, and counts them.
listen(
  createServer((request, response) => {
    if (request.method === "GET") {
      response.end(JSON.stringify({ sent }));
      return;
    }
    request.resume().once("end", () => {
      setTimeout(() => {
        sent++;
        const id = `wamid.HBgLstub${String(sent).padStart(12, "0")}`;
        const body = JSON.stringify({ messaging_product: "whatsapp", contacts: [], messages: [{ id }] });
        response
          .writeHead(200, { "content-type": "application/json", "content-length": body.length })
          .end(body);
      }, RESPONSE_DELAY_MS);
    });
  }),
);
