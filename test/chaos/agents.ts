import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT } from "jose";
import { JWT_SECRET } from "../support/bindings.ts";
import type { Line } from "./events.ts";

const ASK_LIMIT_MS = 15_000;
const TRIES = 40;
const RETRY_MS = 500;
const RETRIED = [0, 409, 429, 500, 503];

export type Agent = {
  token: string;
  get: (path: string) => Promise<Response>;
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
};

/** How the sending of one text ended for the agent: its last answer, the row that it names, and when it was tried. */
export type Sent = {
  key: string;
  status: number;
  messageId: number | null;
  fromMs: number;
  untilMs: number;
};

export async function anAgent(url: string, organizationId: number, sub = "anna"): Promise<Agent> {
  const token = await new SignJWT({ organizationId, role: "admin" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setExpirationTime("2h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  const authorization = `Bearer ${token}`;
  const ask = (path: string, init: RequestInit) =>
    fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(ASK_LIMIT_MS) });
  return {
    token,
    get: (path) => ask(path, { headers: { authorization } }),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: "POST",
        headers: { authorization, "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/** Sends a text as a careful client does: with a key, and again with the same key until there is an answer. */
export async function sendText(agent: Agent, line: Line, key: string, isAsync: boolean): Promise<Sent> {
  const { organizationPhoneId, customer } = line;
  const body = { organizationPhoneId, to: customer, type: "text", message: `An answer ${key}` };
  const headers = { "idempotency-key": key, ...(isAsync && { prefer: "respond-async" }) };
  const fromMs = Date.now();
  let last: Pick<Sent, "status" | "messageId"> = { status: 0, messageId: null };
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await sleep(RETRY_MS);
    // A kill may also cut an answer off after its status.
    last = await agent
      .post("/send", body, headers)
      .then(async (answer) => ({ status: answer.status, messageId: idOf(await answer.json()) }))
      .catch(() => ({ status: 0, messageId: null }));
    if (!RETRIED.includes(last.status)) break;
  }
  return { key, ...last, fromMs, untilMs: Date.now() };
}

function idOf(answer: unknown): number | null {
  if (typeof answer !== "object" || answer === null) return null;
  if ("id" in answer && typeof answer.id === "number") return answer.id;
  return "messageId" in answer && typeof answer.messageId === "number" ? answer.messageId : null;
}
