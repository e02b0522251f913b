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
export const APP = "670843887433847";
export const APP_TOKEN = `${APP}|${SECRET}`;

type Json = Record<string, unknown>;
// Meta's JSON in tests: a test names the fields that it reads, and fails when they are missing.
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
type Loose = any;

export type ReceivedWebhook = { raw: Buffer; signature: string; body: Loose };

export const VERIFY_TOKEN = "local-verify-token";

/** A webhook endpoint that verifies itself, records the events and responds to them with a configurable status. */
export async function startReceiver() {
  const received: ReceivedWebhook[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    if (request.method === "GET") {
      const { searchParams } = new URL(String(request.url), "http://localhost");
      const isVerified = searchParams.get("hub.verify_token") === VERIFY_TOKEN;
      response.writeHead(isVerified ? 200 : 403).end(searchParams.get("hub.challenge"));
      return;
    }
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
    respondWith(next: number) {
      status = next;
    },
    /** All items of the lists with this name, in the order of arrival. */
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

/** A simulator and a webhook endpoint. */
export async function startFixture(options: Partial<SimulatorOptions> = {}) {
  const webhook = await startReceiver();
  const meta = await startSimulator({ port: 0, appSecret: SECRET, webhookUrl: webhook.url, ...options });
  return {
    webhook,
    meta,
    ...clientOf(meta),
    async close() {
      await meta.close();
      await webhook.close();
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export function clientOf(meta: Simulator) {
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
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
    control: (method: string, path: string, body?: unknown) => request(method, `/simulator${path}`, body),
    graph: (method: string, path: string, body?: unknown, headers: Record<string, string> = token) =>
      request(method, `/v25.0${path}`, body, headers),
    request,
    write: (customer: string, text: string, more: Json = {}) =>
      request("POST", `/simulator/customers/${customer}/messages`, {
        type: "text",
        text: { body: text },
        ...more,
      }),
    send: (to: string, text: string, more: Json = {}) =>
      request(
        "POST",
        `/v25.0/${NUMBER}/messages`,
        { messaging_product: "whatsapp", to, type: "text", text: { body: text }, ...more },
        token,
      ),
  };
}

/** Polls until the condition returns a truthy value, and returns it. */
export async function until<T>(condition: () => T | Promise<T>): Promise<T> {
  const deadlineMs = Date.now() + 40_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadlineMs) throw new Error(`The condition was not met: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits for the first webhook and returns all received ones. */
export async function arrivals({ webhook }: Fixture): Promise<ReceivedWebhook[]> {
  await until(() => webhook.received.length > 0);
  return webhook.received;
}

export function signatureOf(raw: Buffer, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(raw).digest("hex")}`;
}
