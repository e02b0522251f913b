import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { appState } from "./accounts.ts";
import { reportSend, type Simulation } from "./business.ts";
import type { CallKind, Fault, FaultName, OnCall } from "./faults.ts";
import { at, type Fields, parseFields } from "./fields.ts";
import { errorBody, GraphRefusal } from "./graph-errors.ts";
import { type Params, readParams } from "./graph-params.ts";
import { openEntry, writeEntry } from "./ledger.ts";
import { FILE_PATH } from "./media-response.ts";

/** A call to Graph that is being handled. */
export type GraphCall = Pick<Params, "body" | "token" | "proof"> & {
  /** The wamid, set by the handler that accepts a message. */
  accepted: string | null;
};

export type GraphEnv = { Bindings: HttpBindings; Variables: { call: GraphCall } };
const JSON_HEADERS = { "content-type": "application/json" };

const VERSION = /^\/v(\d+)\.\d+(?=\/.)/;

/** The path of a call without the version, which may be left out, and without a slash at the end. */
export function pathWithoutVersion(request: Request): string {
  const path = new URL(request.url).pathname.replace(VERSION, "");
  return path.replace(/(?<=.)\/+$/, "") || "/";
}

type CallFault = {
  [N in FaultName]: Fault<N> extends OnCall ? (OnCall extends Fault<N> ? N : never) : never;
}[FaultName];

/**
 * Stamps every response with Graph's clock and with the version that answers: the one of the path, or the oldest when that
 * is over. https://developers.facebook.com/docs/graph-api/guides/versioning
 */
export function graphHeaders({ world }: Simulation): MiddlewareHandler<GraphEnv> {
  return async (c, next) => {
    await next();
    if (c.res === RESPONSE_ALREADY_SENT) return;
    const { clockOffsetSeconds, oldestVersion } = appState(world);
    const asked = VERSION.exec(new URL(c.req.url).pathname)?.[0].slice(1) ?? oldestVersion;
    const version = Number(asked.slice(1)) < Number(oldestVersion.slice(1)) ? oldestVersion : asked;
    c.res.headers.set("facebook-api-version", version);
    c.res.headers.set("date", new Date(world.now().getTime() + clockOffsetSeconds * 1000).toUTCString());
  };
}

/**
 * Wraps every call: records it in the ledger, applies faults to the call or its response, and reports the statuses of a sent
 * message after the response (or after the connection was closed without one).
 */
export function graphCall(sim: Simulation): MiddlewareHandler<GraphEnv> {
  const { journal, now } = sim.world;
  return async (c, next) => {
    const { received, ...params } = await readParams(c);
    const call: GraphCall = { ...params, accepted: null };
    c.set("call", call);
    const { method, path } = c.req;
    const phoneNumberId = /^\/(\d+)\//.exec(path)?.[1] ?? null;
    const entry = openEntry(journal, now(), {
      method,
      path: new URL(c.req.url).pathname,
      phoneNumberId,
      body: received,
      token: call.token,
    });
    const kind = kindOf(method, path, call.body);
    const consumed: string[] = [];
    const consume = <N extends CallFault | "answer" | "delayAnswer">(name: N): Fault<N> | null => {
      const fault = sim.faults.consume(name, (candidate) => appliesTo(candidate, kind, phoneNumberId));
      if (fault) consumed.push(name);
      return fault;
    };
    const finish = (status: number | null, code: number | null) => {
      writeEntry(journal, { ...entry, accepted: call.accepted, faults: consumed, answer: { status, code } });
    };

    if (consume("dropRequest")) {
      finish(null, null);
      return dropConnection(c);
    }
    const override = consume("answer");
    if (!override || override.accepted) await next();
    const { accepted } = call;
    if (accepted) writeEntry(journal, { ...entry, accepted });
    const succeeded = c.res.ok && (!override || override.accepted);
    if (succeeded && consume("statusFirst") && accepted) await reportSend(sim, accepted);
    if (accepted) afterResponse(c, () => reportSend(sim, accepted));
    if (override && (succeeded || !override.accepted)) replace(c, errorResponse(override));
    const delay = succeeded ? consume("delayAnswer") : null;
    if (delay) await wait(delay.ms, undefined, { ref: false });
    const corruption = succeeded
      ? (["dropAnswer", "brokenJson", "halfAnswer"] as const).find((name) => consume(name))
      : undefined;
    // A file may be large, so it is not read into memory.
    const body = c.req.path === FILE_PATH ? "" : await c.res.clone().text();
    if (corruption === "dropAnswer") finish(null, null);
    else finish(c.res.status, errorCodeOf(body));
    switch (corruption) {
      case undefined:
        return;
      case "dropAnswer":
        return dropConnection(c);
      case "brokenJson":
        return replace(c, new Response(body.slice(0, body.length / 2), { headers: JSON_HEADERS }));
      case "halfAnswer":
        return sendHalf(c, body);
    }
  };
}

function kindOf(method: string, path: string, body: Fields): CallKind {
  if (method !== "POST" || !path.endsWith("/messages")) return "other";
  return body.status === "read" ? "read" : "send";
}

function appliesTo({ on = "send", phoneNumberId }: OnCall, kind: CallKind, calledId: string | null): boolean {
  return (on === "any" || on === kind) && (phoneNumberId === undefined || phoneNumberId === calledId);
}

/** Runs `then` once the response is closed, even if the connection was dropped. */
function afterResponse(c: Context<GraphEnv>, then: () => Promise<void>): void {
  const { outgoing } = c.env;
  if (outgoing.closed) void then();
  else outgoing.once("close", () => void then());
}

function errorResponse(fault: Fault<"answer">): Response {
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

function errorCodeOf(body: string): number | null {
  const code = at(parseFields(body), "error.code");
  return typeof code === "number" ? code : null;
}

/** Hono merges headers into an existing response, so it is removed first. */
function replace(c: Context<GraphEnv>, response: Response): void {
  c.res = undefined;
  c.res = response;
}

function dropConnection(c: Context<GraphEnv>): void {
  c.env.incoming.socket.destroy();
  replace(c, RESPONSE_ALREADY_SENT);
}

function sendHalf(c: Context<GraphEnv>, body: string): void {
  const { outgoing, incoming } = c.env;
  outgoing.writeHead(200, { ...JSON_HEADERS, "content-length": Buffer.byteLength(body) });
  outgoing.write(body.slice(0, body.length / 2), () => incoming.socket.destroy());
  replace(c, RESPONSE_ALREADY_SENT);
}
