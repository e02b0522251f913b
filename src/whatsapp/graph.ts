import { readAnswer } from "./graph-answer.ts";
import { GraphError, outcomeOf } from "./graph-error.ts";
import { idOf, isObject, type JsonObject } from "./json-text.ts";
import type { GraphMessage } from "./outbound.ts";

export type GraphOptions = {
  /** Where the token may go, and nowhere else: `https://graph.facebook.com`. */
  baseUrl: string;
  /** Such as `v25.0`. */
  version: string;
  token: string;
  fetch?: typeof fetch;
  /** For the whole call, its answer included. */
  timeoutMs: number;
};

/** Meta's answer to a send: accepted, which is not yet sent. The contact's ids are those of the person as Meta knows them. */
export type Accepted = {
  wamid: string;
  waId: string | null;
  userId: string | null;
  messageStatus: string | null;
};

export type GraphClient = {
  sendMessage(phoneNumberId: string, message: GraphMessage): Promise<Accepted>;
  /** Marks this and all earlier messages as read; with `typing` shows the customer that an answer is being written. */
  markRead(phoneNumberId: string, wamid: string, typing?: boolean): Promise<void>;
  phoneFields(phoneNumberId: string, fields: readonly string[]): Promise<JsonObject>;
};

type Call = {
  method: "GET" | "POST";
  phoneNumberId: string;
  path?: string;
  query?: string;
  body?: JsonObject;
};

/**
 * Meta's Graph API. Every method throws a `GraphError` for whatever is no good answer. A version, an id or a token that
 * cannot be right is `failed` before anything is sent: they come from a table that people edit by hand.
 */
export function graphClient(options: GraphOptions): GraphClient {
  const call = (request: Call) => callGraph(options, request);
  return {
    async sendMessage(phoneNumberId, message) {
      const answer = await call({ method: "POST", phoneNumberId, path: "/messages", body: message });
      const [sent] = listOf(answer.messages);
      const [contact] = listOf(answer.contacts);
      const wamid = idOf(sent?.id);
      if (!wamid)
        throw new GraphError("Meta's answer names no message.", { outcome: "unknown", httpStatus: 200 });
      const messageStatus = idOf(sent?.message_status);
      return { wamid, waId: idOf(contact?.wa_id), userId: idOf(contact?.user_id), messageStatus };
    },
    async markRead(phoneNumberId, wamid, typing = false) {
      const read = { messaging_product: "whatsapp", status: "read", message_id: wamid };
      const body = typing ? { ...read, typing_indicator: { type: "text" } } : read;
      await call({ method: "POST", phoneNumberId, path: "/messages", body });
    },
    async phoneFields(phoneNumberId, fields) {
      return await call({
        method: "GET",
        phoneNumberId,
        query: `?fields=${fields.map(encodeURIComponent).join(",")}`,
      });
    },
  };
}

async function callGraph(options: GraphOptions, { method, body, ...where }: Call): Promise<JsonObject> {
  const { token, timeoutMs } = options;
  const url = addressOf(options, where);
  const headers = new Headers({
    authorization: `Bearer ${token}`,
    "user-agent": "waba-edge",
    accept: "application/json",
  });
  if (body) headers.set("content-type", "application/json");
  const init: RequestInit = { method, headers, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) };
  // Called as a plain function: the platform's fetch refuses another `this`.
  const send = options.fetch ?? ((input: URL | RequestInfo, init?: RequestInit) => fetch(input, init));
  let answer: Awaited<ReturnType<typeof readAnswer>>;
  try {
    answer = await readAnswer(await send(url, body ? { ...init, body: JSON.stringify(body) } : init), token);
  } catch (error) {
    // The cause stays out: a fetch that fails may quote the headers, and they hold the token.
    const what =
      error instanceof Error && error.name === "TimeoutError"
        ? "did not answer in time"
        : "could not be reached";
    throw new GraphError(`Meta ${what}.`, { outcome: "unknown" });
  }
  const { httpStatus, json, fault } = answer;
  if (httpStatus >= 300 && httpStatus < 400) {
    // Not followed, for the token would go along. Whether Meta has done it first is open, unless it was to read only.
    throw new GraphError("Meta redirected the call.", {
      ...fault,
      outcome: method === "GET" ? "failed" : "unknown",
    });
  }
  if (httpStatus >= 200 && httpStatus < 300 && json && !isObject(json.error)) return json;
  const said = fault.code === null ? `HTTP ${httpStatus}` : `error ${fault.code}, HTTP ${httpStatus}`;
  throw new GraphError(`Meta answered: ${said}.`, { ...fault, outcome: outcomeOf(httpStatus, fault.code) });
}

function addressOf(
  options: GraphOptions,
  { phoneNumberId, path = "", query = "" }: Omit<Call, "method" | "body">,
): URL {
  const { baseUrl, version, token } = options;
  const base = URL.parse(baseUrl);
  if (!base || !/^https?:$/.test(base.protocol) || base.username || base.search || base.hash) {
    throw new GraphError("GRAPH_BASE_URL must be a plain http(s) address.", { outcome: "failed" });
  }
  if (!/^v\d+\.\d+$/.test(version))
    throw new GraphError("The version must look like v25.0.", { outcome: "failed" });
  if (!/^\d+$/.test(phoneNumberId)) {
    throw new GraphError("The phone number ID must consist of digits.", { outcome: "failed" });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new GraphError("The access token is empty or holds characters that no token has.", {
      outcome: "failed",
    });
  }
  return new URL(`${base.href.replace(/\/+$/, "")}/${version}/${phoneNumberId}${path}${query}`);
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
