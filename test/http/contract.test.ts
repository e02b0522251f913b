import { describe, it } from "vitest";
import text from "../../docs/openapi.json?raw";
import { contractOf } from "../support/contract.ts";

const contract = contractOf(JSON.parse(text));
const page = { data: [], nextCursor: null, prevCursor: null };
const problem = {
  type: "",
  title: "",
  status: 404,
  detail: "",
  instance: "",
  requestId: "",
  retryable: false,
};

async function check(method: string, path: string, status: number, body: object, more = {}) {
  const type = status < 400 ? "application/json" : "application/problem+json";
  const headers = new Headers({ "content-type": type, ...more });
  return await contract({ method, path, status, headers, text: async () => JSON.stringify(body) });
}

describe("the comparison of answers with the API's document", () => {
  it.for<[string, Parameters<typeof check>]>([
    ["a page", ["GET", "/api/waba/chats", 200, page]],
    ["a problem", ["GET", "/api/waba/chats/1", 404, { ...problem, code: "not_found" }]],
    ["no such path", ["GET", "/api/waba/nothing", 404, { ...problem, code: "not_found" }]],
    ["a page's address", ["GET", "/inbox", 200, {}, { "content-type": "text/html" }]],
  ])("accepts %s", async ([, answered], { expect }) => {
    expect(await check(...answered)).toBeNull();
  });

  it.for<[string, Parameters<typeof check>, string]>([
    ["an undeclared field", ["GET", "/api/waba/chats", 200, { ...page, more: 1 }], `"more"`],
    ["a missing field", ["GET", "/api/waba/chats", 200, { data: [], nextCursor: null }], `"prevCursor"`],
    ["a wrong type", ["GET", "/api/waba/chats", 200, { ...page, nextCursor: 5 }], "/nextCursor: "],
    ["a status", ["GET", "/api/waba/chats", 201, page], "does not declare"],
    ["a code", ["GET", "/api/waba/chats/1", 404, { ...problem, code: "forbidden" }], "/code: "],
    ["a route", ["GET", "/api/waba/nothing", 200, {}], "no operation describes it"],
    ["a type", ["GET", "/healthz", 200, {}, { "content-type": "text/plain" }], "as text/plain"],
    ["a header", ["GET", "/healthz", 200, { status: "ok" }, { "retry-after": "1" }], "Retry-After"],
  ])("names %s", async ([, answered, named], { expect }) => {
    expect(await check(...answered)).toContain(named);
  });
});
