import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT } from "jose";
import { JWT_SECRET } from "../support/bindings.ts";
import type { TestChat } from "./events.ts";

const REQUEST_TIMEOUT_MS = 15_000;
/** Also on a slow machine a run is healed by then. */
const MAX_TRIES = 200;
const RETRY_MS = 500;
/** 0: no response. */
const RETRYABLE_STATUSES = [0, 409, 429, 500, 503];

export type Agent = {
  token: string;
  get: (path: string) => Promise<Response>;
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  delete: (path: string) => Promise<Response>;
};

/** The agent's view of one send. */
export type SendResult = {
  key: string;
  /** The HTTP status of the last response. */
  status: number;
  /** The id in the last response. */
  messageId: number | null;
  /** When the first try began. */
  fromMs: number;
  /** When the last response came. */
  untilMs: number;
};

export async function anAgent(url: string, organizationId: number, sub = "anna"): Promise<Agent> {
  const token = await new SignJWT({ organizationId, role: "admin" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setExpirationTime("2h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  const authorization = `Bearer ${token}`;
  const request = (path: string, init: RequestInit) =>
    fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  return {
    token,
    get: (path) => request(path, { headers: { authorization } }),
    delete: (path) => request(path, { method: "DELETE", headers: { authorization } }),
    post: (path, body, headers = {}) =>
      request(path, {
        method: "POST",
        headers: { authorization, "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/** Sends a text as a careful client does: with an idempotency key, and repeats it with the same key until it gets a final response. */
export async function sendText(
  agent: Agent,
  chat: TestChat,
  key: string,
  isAsync: boolean,
): Promise<SendResult> {
  const { organizationPhoneId, customer } = chat;
  const body = { organizationPhoneId, to: customer, type: "text", message: `An answer ${key}` };
  const headers = { "idempotency-key": key, ...(isAsync && { prefer: "respond-async" }) };
  const fromMs = Date.now();
  let last: Pick<SendResult, "status" | "messageId"> = { status: 0, messageId: null };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    if (tries > 0) await sleep(RETRY_MS);
    // A kill may also truncate a response after its status.
    last = await agent
      .post("/send", body, headers)
      .then(async (response) => ({ status: response.status, messageId: messageIdOf(await response.json()) }))
      .catch(() => ({ status: 0, messageId: null }));
    if (!RETRYABLE_STATUSES.includes(last.status)) break;
  }
  return { key, ...last, fromMs, untilMs: Date.now() };
}

function messageIdOf(body: unknown): number | null {
  if (typeof body !== "object" || body === null) return null;
  if ("id" in body && typeof body.id === "number") return body.id;
  return "messageId" in body && typeof body.messageId === "number" ? body.messageId : null;
}
