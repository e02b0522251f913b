import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../../src/local/simulator/simulator.ts";

export const SECRET = "local-app-secret";
export const NUMBER = "987654321098765";
export const WABA = "123456789012345";

type Json = Record<string, unknown>;
// What a test reads out of Meta's JSON: it names the fields, and fails when they are not there.
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
type Loose = any;

export type Received = { raw: Buffer; signature: string; body: Loose };

/** A webhook that keeps what it got and answers as it is told. */
export async function startReceiver() {
  const received: Received[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const signature = String(request.headers["x-hub-signature-256"]);
    received.push({ raw, signature, body: JSON.parse(raw.toString()) });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhook`,
    received,
    answerWith(next: number) {
      status = next;
    },
    /** Every item of every list of this name, in the order of arrival. */
    items(name: "messages" | "statuses"): Loose[] {
      const changes = received.flatMap(({ body }) => body.entry.flatMap((entry: Loose) => entry.changes));
      return changes.flatMap((change: Loose) => change.value[name] ?? []);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Simulator and webhook, ended together. */
export async function startStage(options: Partial<SimulatorOptions> = {}) {
  const webhook = await startReceiver();
  const meta = await startSimulator({ port: 0, appSecret: SECRET, webhookUrl: webhook.url, ...options });
  return {
    webhook,
    meta,
    ...callsTo(meta),
    async end() {
      await meta.close();
      await webhook.close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof startStage>>;

export function callsTo(meta: Simulator) {
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${meta.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") && text !== "";
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : null) as Loose,
    };
  };
  const token = { authorization: "Bearer EAAtest-token-0123456789" };
  return {
    control: (method: string, path: string, body?: unknown) => ask(method, `/simulator${path}`, body),
    graph: (method: string, path: string, body?: unknown, headers: Record<string, string> = token) =>
      ask(method, `/v25.0${path}`, body, headers),
    ask,
    write: (customer: string, text: string, more: Json = {}) =>
      ask("POST", `/simulator/customers/${customer}/messages`, {
        type: "text",
        text: { body: text },
        ...more,
      }),
    send: (to: string, text: string, more: Json = {}) =>
      ask(
        "POST",
        `/v25.0/${NUMBER}/messages`,
        { messaging_product: "whatsapp", to, type: "text", text: { body: text }, ...more },
        token,
      ),
  };
}

/** Waits for the outcome, whenever it comes; what is asked must throw or give something false until then. */
export async function until<T>(outcome: () => T | Promise<T>): Promise<T> {
  const last = Date.now() + 15_000;
  for (;;) {
    const value = await outcome();
    if (value) return value;
    if (Date.now() > last) throw new Error(`It did not come to be: ${outcome}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What has arrived at the webhook, as soon as that is anything. */
export async function arrivals({ webhook }: Stage): Promise<Received[]> {
  await until(() => webhook.received.length > 0);
  return webhook.received;
}

export function signatureOf(raw: Buffer): string {
  return `sha256=${createHmac("sha256", SECRET).update(raw).digest("hex")}`;
}
