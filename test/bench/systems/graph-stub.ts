import { createServer } from "node:http";
import { listen } from "./listening.ts";

/** So long Graph takes for an answer. */
const ANSWER_AFTER_MS = Number(process.env.ANSWER_AFTER_MS);

let sent = 0;

// Graph as far as a send asks it: takes every message after the same time, and counts.
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
      }, ANSWER_AFTER_MS);
    });
  }),
);
