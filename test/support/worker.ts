import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { problem } from "../../src/http/schemas.ts";

export const ORIGIN = "http://waba.test";

/** Asks the Worker as the network would. Whatever is refused must say so in a problem document, whoever asked. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await exports.default.fetch(new Request(`${ORIGIN}${path}`, init));
  if (answer.status >= 400) {
    const document = problem.parse(await answer.clone().json());
    expect(document.status).toBe(answer.status);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.headers.get("x-request-id")).toBe(document.requestId);
  }
  return answer;
}
