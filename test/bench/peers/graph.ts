import { Agent, request } from "node:http";
import { setting } from "./settings.ts";

const BASE = new URL(setting("GRAPH_BASE_URL"));
const TOKEN = setting("WABA_ACCESS_TOKEN");
const TIMEOUT_MS = 10_000;

/** Keeps connections open. `node:http` costs less than `fetch`. */
const agent = new Agent({ keepAlive: true });

/** `unknown`: without a complete response the message may have been accepted. */
export type GraphResult = { kind: "accepted"; wamid: string } | { kind: "failed" } | { kind: "unknown" };

export async function sendToGraph(phoneNumberId: string, body: string): Promise<GraphResult> {
  const response = await post(`/v25.0/${phoneNumberId}/messages`, body).catch(() => null);
  if (!response || response.status >= 500) return { kind: "unknown" };
  if (response.status !== 200) return { kind: "failed" };
  const { messages } = JSON.parse(response.text) as { messages?: { id: string }[] };
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
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const outgoing = request({
      host: BASE.hostname,
      port: BASE.port,
      path,
      method: "POST",
      headers,
      agent,
      signal,
    });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.end(body);
  });
}
