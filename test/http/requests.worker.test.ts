import { describe, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { CollectionRouter } from "../../src/http/collection-router.ts";
import { as } from "../support/as.ts";
import { aChat, anOrganization } from "../support/build.ts";
import { ask } from "../support/worker.ts";

async function anna() {
  return await as(await anOrganization());
}

async function send(
  body: BodyInit | null,
  headers: Record<string, string> = { "content-type": "application/json" },
) {
  const { token } = await anna();
  const authorization = `Bearer ${token}`;
  return await ask("/api/waba/send", { method: "POST", headers: { authorization, ...headers }, body });
}

describe("a request's body", () => {
  it.for<[string, string]>([
    ["broken", '{"message":'],
    ["not JSON", "message=Hi"],
    ["of bytes alone", "\u0000\u0001"],
    ["JSON twice", "{}{}"],
  ])("is refused when it is %s", async ([, body], { expect }) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid_request", errors: [{ code: "malformed" }] });
  });

  it.for(["null", "[]", '"text"', "42", "{}", '{"__proto__":{"admin":true}}'])(
    "is refused when it is %s and an object with fields is wanted",
    async (body, { expect }) => {
      const answer = await send(body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: "invalid_request" });
    },
  );

  it.for(["gzip", "br", "deflate", "gzip, identity"])(
    "is refused when it is compressed: %s",
    async (coding, { expect }) => {
      const headers = { "content-type": "application/json", "content-encoding": coding };
      const answer = await send("{}", headers);
      expect(answer.status).toBe(415);
      expect(await answer.json()).toMatchObject({
        code: "unsupported_media_type",
        detail: expect.stringContaining("Content-Encoding"),
      });
    },
  );

  it("is refused when it is empty", async ({ expect }) => {
    expect((await send("")).status).toBe(400);
    expect((await send(null, {})).status).toBe(400);
  });

  it.for([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/json+x",
    "",
  ])("is refused with the content type %j", async (type, { expect }) => {
    const answer = await send('{"type":"text"}', { "content-type": type });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: "unsupported_media_type" });
  });

  it.for(["application/json", "application/json; charset=utf-8", "Application/JSON;charset=utf8"])(
    "is read with the content type %j",
    async (type, { expect }) => {
      const answer = await send('{"type":"fax"}', { "content-type": type });
      expect(await answer.json()).toMatchObject({ code: "invalid_request" });
    },
  );

  it.for<[string, (text: string) => BodyInit]>([
    ["announced", (text) => text],
    ["in chunks", (text) => new Blob([text]).stream()],
  ])("is refused above 256 KiB, %s", async ([, make], { expect }) => {
    const exact = JSON.stringify({ message: "x".repeat(256 * 1024 - '{"message":""}'.length) });
    expect((await send(make(exact))).status).toBe(400);

    const answer = await send(make(`${exact} `));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "too_large" });
  });
});

describe("an address", () => {
  it.for<[string, string, string]>([
    ["PUT", "/api/waba/send", "POST"],
    ["GET", "/api/waba/send", "POST"],
    ["DELETE", "/api/waba/webhook", "GET, POST"],
    ["POST", "/api/waba/chats", "GET"],
    ["DELETE", "/api/waba/chats/1", "GET, PATCH"],
    ["GET", "/api/waba/chats/1/read", "POST"],
    ["POST", "/api/waba/inbox/socket", "GET"],
    ["POST", "/healthz", "GET"],
  ])("does not answer %s %s, and lists the methods it answers", async ([method, path, allow], { expect }) => {
    const { token } = await anna();
    const answer = await ask(path, { method, headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allow);
    expect(await answer.json()).toMatchObject({ code: "method_not_allowed" });
  });

  it("that does not exist below a guarded one is not found by who may ask", async ({ expect }) => {
    expect((await ask("/api/waba/send/")).status).toBe(401);
    const anna = await as(await anOrganization());
    expect((await anna.get("/send/")).status).toBe(404);
  });

  it.for(["/", "/api", "/api/waba", "/api/waba/", "/api/waba/sent", "/%2e%2e/etc/passwd", "//"])(
    "that does not exist (%s) is not found",
    async (path, { expect }) => {
      const answer = await ask(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "not_found" });
    },
  );

  it.for(["x", "0", "-1", "1.5", "2147483648", "1e3", "0x10", "%201", "NaN", "1%00", "%27%3B--"])(
    "refuses %s as an id",
    async (id, { expect }) => {
      const answer = await (await anna()).get(`/chats/${id}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: "invalid_request", errors: [{ pointer: "/id" }] });
    },
  );
});

describe("an answer", () => {
  const refused = [
    "/api/waba/chats/0",
    "/api/waba/nothing",
    "/api/waba/webhook",
    "/healthz",
    "/api/waba/chats",
  ];

  it.for(refused)("of %s is not cached, and its type is not sniffed", async (path, { expect }) => {
    const { headers } = await ask(path);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.for<[string, boolean]>([
    ["order-4711_retry", true],
    ["12345678", true],
    ["x".repeat(64), true],
    ["x".repeat(65), false],
    ["1234567", false],
    ["with a space", false],
    ["<script>alert", false],
  ])("carries the request's own name %j when it is one: %j", async ([given, isKept], { expect }) => {
    const { headers } = await ask("/api/waba/chats", { headers: { "x-request-id": given } });
    expect(headers.get("x-request-id") === given).toBe(isKept);
    expect(headers.get("x-request-id")).not.toBe("");
  });

  it("to nobody shows how to sign in", async ({ expect }) => {
    const { headers } = await ask("/api/waba/chats");
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });

  it("to HEAD has no body", async ({ expect }) => {
    const chat = await aChat();
    const { token } = await as(chat);
    const authorization = `Bearer ${token}`;
    const answer = await ask(`/api/waba/chats/${chat.id}`, { method: "HEAD", headers: { authorization } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("");
  });
});

describe("the routes that most requests take", () => {
  it.for(["webhook", "send", "chats/1", "messages/1", "media/1"])(
    "are matched by one regular expression: %s",
    (path, { expect }) => {
      const { router } = app;
      router.match("POST", `/api/waba/${path}`);
      expect(router).toBeInstanceOf(CollectionRouter);
      expect((router as CollectionRouter<unknown>).nameFor(`/api/waba/${path}`)).toBe(
        "SmartRouter + RegExpRouter",
      );
    },
  );
});
