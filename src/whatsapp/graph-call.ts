import { GraphError, outcomeOf } from "./graph-error.ts";
import type { MetaObject } from "./graph-errors.ts";
import { readResponse } from "./graph-response.ts";
import { objectsOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";

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

/** One call: to what (a number, an account, an app or a template, by Meta's id, or `debug_token`), and with what. */
export type Call = {
  method: "GET" | "POST" | "DELETE";
  id: string;
  /** What `id` names; when missing, a phone number. */
  object?: MetaObject;
  path?: string;
  query?: Record<string, string | undefined>;
  body?: JsonObject;
  /** Instead of `body`: what is streamed. */
  form?: { contentType: string; body: ReadableStream };
};

/** What a list answers: its items, and where the next page begins; null at its end. */
export type Page = { items: JsonObject[]; after: string | null };

/**
 * Calls Graph and gives its JSON object. Throws a `GraphError` for whatever is no good answer. A version, an id or a token
 * that cannot be right is `failed` before anything is sent: they come from a table that people edit by hand.
 */
export async function callGraph(
  options: GraphOptions,
  { method, body, form, object = "phone", ...where }: Call,
): Promise<JsonObject> {
  const { token, timeoutMs } = options;
  const url = graphUrl(options, where);
  const headers = new Headers({
    authorization: `Bearer ${token}`,
    "user-agent": "waba-edge",
    accept: "application/json",
  });
  if (body || form) headers.set("content-type", form?.contentType ?? "application/json");
  const sent = form?.body ?? (body && JSON.stringify(body));
  const signal = AbortSignal.timeout(timeoutMs);
  const init: RequestInit = { method, headers, redirect: "manual", signal, ...(sent && { body: sent }) };
  // Called as a plain function: the platform's fetch refuses another `this`.
  const send = options.fetch ?? ((input: URL | RequestInfo, init?: RequestInit) => fetch(input, init));
  let answer: Awaited<ReturnType<typeof readResponse>>;
  try {
    answer = await readResponse(await send(url, init), token);
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
  const outcome = outcomeOf(httpStatus, fault.code);
  throw new GraphError(`Meta answered: ${said}.`, { ...fault, object, outcome });
}

function graphUrl(
  options: GraphOptions,
  { id, path = "", query = {} }: Pick<Call, "id" | "path" | "query">,
): string {
  const { baseUrl, version, token } = options;
  const base = baseOf(baseUrl);
  if (!/^v\d+\.\d+$/.test(version))
    throw new GraphError("The version must look like v25.0.", { outcome: "failed" });
  if (!/^(?:\d+|debug_token)$/.test(id)) {
    throw new GraphError("An id of Meta's must consist of digits.", { outcome: "failed" });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new GraphError("The access token is empty or holds characters that no token has.", {
      outcome: "failed",
    });
  }
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const parameters = pairs.map(
    ([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%2C", ",")}`,
  );
  const search = parameters.length > 0 ? `?${parameters.join("&")}` : "";
  return `${base}/${version}/${id}${path}${search}`;
}

let checkedBase: { text: string; base: string } | null = null;

/** The address before the version, without a slash at its end. There is one in a deployment: it is checked once. */
function baseOf(text: string): string {
  if (checkedBase?.text === text) return checkedBase.base;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new GraphError("GRAPH_BASE_URL must be a plain http(s) address.", { outcome: "failed" });
  }
  checkedBase = { text, base: url.href.replace(/\/+$/, "") };
  return checkedBase.base;
}

/**
 * A page of one of Graph's lists. Meta gives the next page as an address with the token in it: only the cursor is taken,
 * and only where there is such an address, for the last page has a cursor too.
 */
export function pageOf({ data, paging }: JsonObject): Page {
  const { cursors, next } = isObject(paging) ? paging : {};
  const after = isObject(cursors) && typeof next === "string" ? cursors.after : null;
  return {
    items: objectsOf(data, Number.POSITIVE_INFINITY),
    after: typeof after === "string" && after !== "" ? after : null,
  };
}
