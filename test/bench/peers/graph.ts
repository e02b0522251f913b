import { Agent, request } from "node:http";
import { setting } from "./settings.ts";

const BASE = new URL(setting("GRAPH_BASE_URL"));
const TOKEN = setting("WABA_ACCESS_TOKEN");
const LIMIT_MS = 10_000;

/** Keeps its connections, and costs less than `fetch`. */
const agent = new Agent({ keepAlive: true });

/** What Graph said; `unknown` when no whole answer came, for then it may have taken the message. */
export type GraphAnswer = { kind: "accepted"; wamid: string } | { kind: "failed" } | { kind: "unknown" };

export async function sendToGraph(phoneNumberId: string, body: string): Promise<GraphAnswer> {
  const answer = await post(`/v25.0/${phoneNumberId}/messages`, body).catch(() => null);
  if (!answer || answer.status >= 500) return { kind: "unknown" };
  if (answer.status !== 200) return { kind: "failed" };
  const { messages } = JSON.parse(answer.text) as { messages?: { id: string }[] };
  const wamid = messages?.[0]?.id;
  return wamid === undefined ? { kind: "unknown" } : { kind: "accepted", wamid };
}

function post(path: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const signal = AbortSignal.timeout(LIMIT_MS);
    const asked = request({
      host: BASE.hostname,
      port: BASE.port,
      path,
      method: "POST",
      headers,
      agent,
      signal,
    });
    asked.once("error", reject);
    asked.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    asked.end(body);
  });
}
