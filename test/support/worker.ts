import { createExecutionContext, env } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { answer, app } from "../../src/http/app.ts";
import { type Contract, contractOf } from "./contract.ts";
import { readDocument } from "./openapi.ts";

export const ORIGIN = "http://waba.test";

/** Asks the Worker as the network would. Every answer of the whole run must be one that the API's document describes. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const request = new Request(`${ORIGIN}${path}`, init);
  return await described(request, await exports.default.fetch(request));
}

/** The same with other variables, secrets or bindings. */
export async function askWith(more: object, path: string, init: RequestInit = {}): Promise<Response> {
  const request = new Request(`${ORIGIN}${path}`, init);
  return await described(request, await answer(request, { ...env, ...more }, createExecutionContext()));
}

let contract: Promise<Contract> | null = null;

async function described({ url, method }: Request, response: Response): Promise<Response> {
  contract ??= readDocument(app).then(contractOf);
  const { status, headers } = response;
  const text = () => response.clone().text();
  const fault = await (await contract)({ method, path: new URL(url).pathname, status, headers, text });
  if (fault) expect.fail(fault);
  if (headers.get("content-type") === "application/problem+json") {
    const document = await response.clone().json<{ status: number; requestId: string }>();
    expect([document.status, document.requestId]).toEqual([status, headers.get("x-request-id")]);
  }
  return response;
}
