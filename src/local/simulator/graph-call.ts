import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { reportSend, type Simulation } from "./business.ts";
import type { CallKind, Fault, FaultName, OnCall } from "./faults.ts";
import { at, type Fields, parseFields } from "./fields.ts";
import { errorBody, GraphRefusal } from "./graph-errors.ts";
import { openEntry, writeEntry } from "./ledger.ts";
import { FILE_PATH } from "./media-answer.ts";

/** A call to Graph while it is answered. */
export type GraphCall = {
  body: Fields;
  token: string | null;
  /** Set by the handler that accepted a message. */
  accepted: string | null;
};

export type GraphEnv = { Bindings: HttpBindings; Variables: { call: GraphCall } };
const JSON_HEADERS = { "content-type": "application/json" };

type CallFault = {
  [N in FaultName]: Fault<N> extends OnCall ? (OnCall extends Fault<N> ? N : never) : never;
}[FaultName];

/**
 * Around every call: writes it into the ledger, lets faults prevent it or spoil its answer, and reports the
 * statuses of a message that it sent once the answer has left (or has been lost).
 */
export function graphCall(sim: Simulation): MiddlewareHandler<GraphEnv> {
  const { journal, now } = sim.world;
  return async (c, next) => {
    const isForm = c.req.header("content-type")?.startsWith("multipart/") ?? false;
    const text = isForm ? "" : await c.req.text();
    const body = parseFields(text);
    const call: GraphCall = { body: body ?? {}, token: tokenOf(c), accepted: null };
    c.set("call", call);
    const { method, path } = c.req;
    const phoneNumberId = /^\/v[\d.]+\/(\d+)\//.exec(path)?.[1] ?? null;
    const given = body ?? (text === "" ? null : text);
    const entry = openEntry(journal, now(), { method, path, phoneNumberId, body: given, token: call.token });
    const kind = kindOf(method, path, call.body);
    const met: string[] = [];
    const meets = <N extends CallFault | "answer" | "delayAnswer">(name: N): Fault<N> | null => {
      const fault = sim.faults.take(name, (candidate) => concerns(candidate, kind, phoneNumberId));
      if (fault) met.push(name);
      return fault;
    };
    const close = (status: number | null, code: number | null) => {
      writeEntry(journal, { ...entry, accepted: call.accepted, faults: met, answer: { status, code } });
    };

    if (meets("dropRequest")) {
      close(null, null);
      return cut(c);
    }
    const instead = meets("answer");
    if (!instead || instead.accepted) await next();
    const { accepted } = call;
    if (accepted) writeEntry(journal, { ...entry, accepted });
    const took = c.res.ok && (!instead || instead.accepted);
    if (took && meets("statusFirst") && accepted) await reportSend(sim, accepted);
    if (accepted) afterAnswer(c, () => reportSend(sim, accepted));
    if (instead && (took || !instead.accepted)) replace(c, spoiltAnswer(instead));
    const delay = took ? meets("delayAnswer") : null;
    if (delay) await wait(delay.ms, undefined, { ref: false });
    const spoilt = took
      ? (["dropAnswer", "brokenJson", "halfAnswer"] as const).find((name) => meets(name))
      : undefined;
    // A file is only passed on: it may be large.
    const answer = c.req.path === FILE_PATH ? "" : await c.res.clone().text();
    close(spoilt === "dropAnswer" ? null : c.res.status, spoilt === "dropAnswer" ? null : codeOf(answer));
    switch (spoilt) {
      case undefined:
        return;
      case "dropAnswer":
        return cut(c);
      case "brokenJson":
        return replace(c, new Response(answer.slice(0, answer.length / 2), { headers: JSON_HEADERS }));
      case "halfAnswer":
        return half(c, answer);
    }
  };
}

/** Graph takes the token as a header or in the query. */
function tokenOf(c: Context): string | null {
  const header = /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  return header ?? c.req.query("access_token") ?? null;
}

function kindOf(method: string, path: string, body: Fields): CallKind {
  if (method !== "POST" || !path.endsWith("/messages")) return "other";
  return body.status === "read" ? "read" : "send";
}

function concerns({ on = "send", phoneNumberId }: OnCall, kind: CallKind, calledId: string | null): boolean {
  return (on === "any" || on === kind) && (phoneNumberId === undefined || phoneNumberId === calledId);
}

/** Also when the answer is never read: a cut connection closes as well. */
function afterAnswer(c: Context<GraphEnv>, then: () => Promise<void>): void {
  const { outgoing } = c.env;
  if (outgoing.closed) void then();
  else outgoing.once("close", () => void then());
}

function spoiltAnswer(fault: Fault<"answer">): Response {
  const { status, code, subcode = null, html, retryAfterSeconds } = fault;
  const kind = code ?? (status === 429 ? 130429 : (status ?? 500) >= 500 ? 2 : 100);
  const refusal = new GraphRefusal(kind, null, subcode);
  const headers = new Headers({ "content-type": html ? "text/html" : "application/json" });
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  const body = html ? "<html><body><h1>Sorry, something went wrong.</h1></body></html>" : errorBody(refusal);
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status: status ?? (code === undefined ? 500 : refusal.status),
    headers,
  });
}

function codeOf(answer: string): number | null {
  const code = at(parseFields(answer), "error.code");
  return typeof code === "number" ? code : null;
}

/** Hono merges headers into a response that is already there: it has to be taken away first. */
function replace(c: Context<GraphEnv>, response: Response): void {
  c.res = undefined;
  c.res = response;
}

function cut(c: Context<GraphEnv>): void {
  c.env.incoming.socket.destroy();
  replace(c, RESPONSE_ALREADY_SENT);
}

function half(c: Context<GraphEnv>, answer: string): void {
  const { outgoing, incoming } = c.env;
  outgoing.writeHead(200, { ...JSON_HEADERS, "content-length": Buffer.byteLength(answer) });
  outgoing.write(answer.slice(0, answer.length / 2), () => incoming.socket.destroy());
  replace(c, RESPONSE_ALREADY_SENT);
}
