import { describe, it } from "vitest";
import type { GraphOptions } from "../../src/whatsapp/graph-call.ts";
import { accepted, answering, faultOf, type Made, refusal, token } from "./graph-answers.ts";

describe("a send through Graph", () => {
  it("names the number, carries the token, and gives the wamid", async ({ expect }) => {
    const { client, calls } = answering(() => Response.json(accepted));
    const sent = await client.sendMessage("987654321098765", { type: "text" });
    expect(sent).toEqual({ wamid: "wamid.X", phone: "79161234567", userId: null, messageStatus: "accepted" });
    const [{ url, init } = { url: "", init: {} }] = calls;
    expect(url).toBe("https://graph.facebook.com/v25.0/987654321098765/messages");
    expect(init).toMatchObject({ method: "POST", redirect: "manual", body: '{"type":"text"}' });
    const headers = new Headers(init.headers);
    expect(headers.get("authorization")).toBe(`Bearer ${token}`);
    expect(headers.get("user-agent")).toBe("waba-edge");
  });

  it.for<[string, number, number, string]>([
    ["rate of the pair", 131056, 400, "refused"],
    ["rate of the number", 130429, 429, "refused"],
    ["limit of the account", 80007, 400, "refused"],
    ["limit of the app", 4, 403, "refused"],
    ["such a limit, with a 5xx", 130429, 503, "refused"],
    ["an unregistered number, with a 500", 131045, 500, "failed"],
    ["a missing permission, with a 500", 3, 500, "failed"],
    ["a number that is not registered, with a 500", 133010, 500, "failed"],
    ["an invalid token, with a 503", 190, 503, "failed"],
    ["a code that leaves it open, with a 500", 131000, 500, "unknown"],
    ["a service that is down, with a 500", 2, 500, "unknown"],
    ["a code that we do not know, with a 500", 999_999, 500, "unknown"],
    ["dead token", 190, 401, "failed"],
    ["unknown number", 100, 400, "failed"],
    ["closed window", 131047, 400, "failed"],
    ["an unknown code", 424242, 400, "failed"],
    ["unknown error", 1, 400, "unknown"],
    ["service down", 2, 400, "unknown"],
    ["something went wrong", 131000, 400, "unknown"],
    ["temporarily unavailable", 131016, 400, "unknown"],
    ["an error with a 200", 190, 200, "failed"],
  ])("that meets %s (%d, HTTP %d) is %s", async ([, code, status, outcome], { expect }) => {
    const { client, calls } = answering(() =>
      refusal(code, status, { error_subcode: 33 }, { "retry-after": "7" }),
    );
    const fault = await faultOf(client.sendMessage("1", {}));
    expect(fault).toMatchObject({
      outcome,
      code,
      httpStatus: status,
      subcode: 33,
      details: "d",
      fbtraceId: "Ab1",
      retryAfterMs: 7000,
    });
    expect(calls).toHaveLength(1);
  });

  it.for([
    ["0", 0],
    ["899", 899_000],
    ["86400", 900_000],
    ["999999999999999", 900_000],
    ["Wed, 21 Oct 2026 07:28:00 GMT", null],
    ["-1", null],
  ] as const)(
    "waits for Retry-After %j at most a quarter of an hour",
    async ([header, retryAfterMs], { expect }) => {
      const { client } = answering(() => refusal(130429, 429, {}, { "retry-after": header }));
      expect(await faultOf(client.sendMessage("1", {}))).toMatchObject({ outcome: "refused", retryAfterMs });
    },
  );

  it.for<[string, () => Response, string]>([
    ["an empty 200", () => new Response("", { status: 200 }), "unknown"],
    ["a 200 without a body", () => new Response(null, { status: 200 }), "unknown"],
    ["a 200 of HTML", () => new Response("<html>", { status: 200 }), "unknown"],
    ["half a 200", () => new Response('{"messages":[{"id":"wa', { status: 200 }), "unknown"],
    ["a 200 without a wamid", () => Response.json({ messages: [] }), "unknown"],
    ["a 200 with an odd wamid", () => Response.json({ messages: [{ id: {} }] }), "unknown"],
    [
      "a 200 beyond all bounds",
      () => new Response(JSON.stringify({ ...accepted, x: "x".repeat(2 ** 20) })),
      "unknown",
    ],
    ["a 502 of HTML", () => new Response("<html>", { status: 502 }), "unknown"],
    ["a 408", () => new Response("", { status: 408 }), "unknown"],
    ["a 400 of HTML", () => new Response("<html>", { status: 400 }), "failed"],
    ["a 429 of HTML", () => new Response("<html>", { status: 429 }), "failed"],
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
      "unknown",
    ],
  ])("answered by %s is %s", async ([, answer, outcome], { expect }) => {
    const { client, calls } = answering(answer);
    expect((await faultOf(client.sendMessage("1", {}))).outcome).toBe(outcome);
    expect(calls).toHaveLength(1);
  });

  it("is unknown when the connection breaks, before or amid the answer", async ({ expect }) => {
    const broken = answering(() => Promise.reject(new TypeError(`fetch failed: Bearer ${token}`)));
    const body = () => new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
    const cut = answering(() => new Response(body()));
    for (const { client } of [broken, cut]) {
      const fault = await faultOf(client.sendMessage("1", {}));
      expect(fault).toMatchObject({ outcome: "unknown", code: null, message: "Meta could not be reached." });
    }
  });

  it("is unknown when Meta does not answer in time", async ({ expect }) => {
    const never = ({ init }: Made) =>
      new Promise<Response>((_, reject) =>
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
      );
    const { client } = answering(never, { timeoutMs: 1 });
    expect(await faultOf(client.sendMessage("1", {}))).toMatchObject({
      outcome: "unknown",
      message: "Meta did not answer in time.",
    });
  });

  it.for([token, "a-token-of-another-make"])("never reveals the token %s", async (token, { expect }) => {
    const quoting = {
      error_data: { details: `Malformed access token ${token} or EAAanother-token_9` },
      message: token,
    };
    const { client } = answering(() => refusal(190, 401, quoting), { token });
    const fault = await faultOf(client.sendMessage("1", {}));
    expect(fault.details).toBe("Malformed access token [token] or [token]");
    const all = JSON.stringify({ ...fault, message: fault.message, stack: fault.stack, cause: fault.cause });
    expect(all).not.toMatch(/EAA|another-make/);
  });

  it.for<[string, Partial<GraphOptions>, string]>([
    ["a version that is none", { version: "25.0" }, "1"],
    ["a version with a path", { version: "v25.0/../me" }, "1"],
    ["an id that is none", {}, "1/../2"],
    ["no id", {}, ""],
    ["a base that is none", { baseUrl: "graph.facebook.com" }, "1"],
    ["a base with a query", { baseUrl: "https://graph.facebook.com/?a=" }, "1"],
    ["a token with a line break", { token: "EAA\nx: y" }, "1"],
    ["no token", { token: "" }, "1"],
  ])("does not take place with %s", async ([, options, id], { expect }) => {
    const { client, calls } = answering(() => Response.json(accepted), options);
    const fault = await faultOf(client.sendMessage(id, {}));
    expect(fault.outcome).toBe("failed");
    expect(fault.message).not.toContain("EAA");
    expect(calls).toHaveLength(0);
  });
});

describe("the other calls to Graph", () => {
  it("mark a message as read, with or without typing", async ({ expect }) => {
    const { client, calls } = answering(() => Response.json({ success: true }));
    await client.markRead("1", "wamid.X");
    await client.markRead("1", "wamid.X", true);
    const read = { messaging_product: "whatsapp", status: "read", message_id: "wamid.X" };
    const typing = { ...read, typing_indicator: { type: "text" } };
    expect(calls.map(({ init }) => JSON.parse(String(init.body)))).toEqual([read, typing]);
  });

  it("read the fields of a number, below a base that has a path", async ({ expect }) => {
    const { client, calls } = answering(() => Response.json({ id: "1", verified_name: "Shop" }), {
      baseUrl: "http://127.0.0.1:9/graph/",
    });
    expect(await client.phoneFields("1", ["id", "verified_name"])).toEqual({
      id: "1",
      verified_name: "Shop",
    });
    expect(calls[0]?.url).toBe("http://127.0.0.1:9/graph/v25.0/1?fields=id,verified_name");
  });

  it("fail at a redirect when they only read", async ({ expect }) => {
    const { client } = answering(() => new Response(null, { status: 307, headers: { location: "/" } }));
    expect((await faultOf(client.phoneFields("1", ["id"]))).outcome).toBe("failed");
  });
});
