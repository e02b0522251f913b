import { env } from "cloudflare:workers";
import { neonConfig } from "@neondatabase/serverless";
import { describe, it, onTestFinished } from "vitest";
import { connect } from "../../src/db/client.ts";
import { queuedBefore } from "../../src/db/metrics.ts";
import { as } from "../support/as.ts";
import { VERIFY_TOKEN } from "../support/bindings.ts";
import { aChat } from "../support/build.ts";
import { ask } from "../support/worker.ts";

type Break = (address: string, init: RequestInit) => Promise<Response>;

/** What Neon's endpoint answers when something breaks on the way. The call itself is carried out, or not. */
const BROKEN: Record<string, Break> = {
  "cut off": async (address, init) => {
    const whole = await (await fetch(address, init)).arrayBuffer();
    const half = new Uint8Array(whole).slice(0, whole.byteLength / 2);
    let isSent = false;
    const body = new ReadableStream({
      pull(controller) {
        if (isSent) return controller.error(new TypeError("the connection was lost"));
        controller.enqueue(half);
        isSent = true;
      },
    });
    return new Response(body);
  },
  "half a JSON": async (address, init) => {
    const text = await (await fetch(address, init)).text();
    return new Response(text.slice(0, text.length / 2));
  },
  "HTML with 200": async () => new Response("<html>Bad gateway</html>"),
  "an empty object": async () => new Response("{}"),
  null: async () => new Response("null"),
  "a list": async () => new Response("[]"),
  "a number": async () => new Response("0"),
  "rows that are no list": async () => Response.json({ rows: null, fields: null, results: null }),
  "an empty object with 400": async () => Response.json({}, { status: 400 }),
  "a list with 400": async () => Response.json([], { status: 400 }),
  "half of a gzip": async (address, init) => {
    const packed = new Blob([await (await fetch(address, init)).text()])
      .stream()
      .pipeThrough(new CompressionStream("gzip"));
    const whole = await new Response(packed).arrayBuffer();
    const half = new Blob([whole.slice(0, whole.byteLength / 2)]);
    return new Response(half.stream().pipeThrough(new DecompressionStream("gzip")));
  },
  "too large a request": async () => Response.json({ message: "too large" }, { status: 413 }),
  "too large an answer": async () => Response.json({ message: "too large" }, { status: 507 }),
  "too many requests": async () =>
    Response.json({ message: "slow down" }, { status: 429, headers: { "retry-after": "30" } }),
  "a redirect": async () => new Response(null, { status: 302, headers: { location: "https://neon.tech" } }),
  "nothing with 200": async () => new Response(""),
  "text with 400": async () => new Response("bad request", { status: 400 }),
  "HTML with 502": async () => new Response("<html>", { status: 502 }),
  "aborted amid the body": async () => {
    const pull = (controller: ReadableStreamDefaultController) =>
      controller.error(new DOMException("The operation was aborted", "AbortError"));
    return new Response(new ReadableStream({ pull }));
  },
  "timed out amid the body": async () => {
    const pull = (controller: ReadableStreamDefaultController) =>
      controller.error(new DOMException("The operation timed out", "TimeoutError"));
    return new Response(new ReadableStream({ pull }));
  },
  "null with 400": async () => Response.json(null, { status: 400 }),
  "a code that is a number": async () => Response.json({ message: "timed out", code: 23 }, { status: 400 }),
  "a storage that breaks": async () =>
    Response.json({ message: "could not read block", code: "XX000" }, { status: 400 }),
  "an outdated plan": async () =>
    Response.json({ message: "cached plan must not change result type", code: "0A000" }, { status: 400 }),
  "a table that a migration has yet to make": async () =>
    Response.json({ message: 'relation "ChatNote" does not exist', code: "42P01" }, { status: 400 }),
  "a session that is over": async () => Response.json({ message: "idle", code: "25P03" }, { status: 400 }),
};

/** What Postgres says of itself, by its code. */
const CODES = ["57P01", "57P05", "57014", "53300", "53200", "40001", "40P01", "08006", "25P04", "55P03"];
for (const code of CODES)
  BROKEN[`the code ${code}`] = async () => Response.json({ message: "not now", code }, { status: 400 });

/** From now on, until the test ends. */
function breakDatabase(answer: Break): void {
  neonConfig.fetchFunction = answer;
  onTestFinished(() => {
    neonConfig.fetchFunction = undefined;
  });
}

describe("a database whose answer does not come whole", () => {
  it.for(Object.entries(BROKEN))(
    "is unavailable on every route, and never a bug: %s",
    async ([, answer], { expect }) => {
      const chat = await aChat();
      const admin = await as({ ...chat, role: "admin" });
      expect((await admin.get("/chats")).status).toBe(200);
      const id = chat.id;
      const text = { organizationPhoneId: chat.organizationPhoneId, chatId: id, type: "text", message: "Hi" };
      const calls: [string, () => Promise<Response>][] = [
        ...[
          ...["/chats", `/chats/${id}`, `/chats/${id}/messages`, `/chats/${id}/events?after=0`, "/notices"],
          ...["/metrics", "/webhook-events", "/messages/1", "/messages/1/trace", "/media/1", "/contacts/1"],
          `/phones/${chat.organizationPhoneId}/templates`,
        ].map((path): [string, () => Promise<Response>] => [path, () => admin.get(path)]),
        ["send", () => admin.post("/send", text)],
        ["read", () => admin.post(`/chats/${id}/read`, {})],
        ["ticket", () => admin.post("/socket-tickets", { chatId: id })],
        ["replay", () => admin.post("/webhook-events/1/replay")],
        [
          "verification",
          () => ask("/api/waba/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x"),
        ],
      ];

      breakDatabase(answer);
      const answers = await Promise.all(calls.map(([, call]) => call()));

      for (const [i, got] of answers.entries()) {
        const problem = await got.json();
        expect([calls[i]?.[0], got.status, got.headers.get("retry-after"), problem]).toMatchObject([
          calls[i]?.[0],
          503,
          "5",
          { code: "unavailable", retryable: true },
        ]);
      }
      await expect(admin.openTab(id)).rejects.toThrow("503");
      await expect(admin.openInbox()).rejects.toThrow("503");
      const verified = `/api/waba/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${VERIFY_TOKEN}`;
      expect((await ask(verified)).status).toBe(200);
    },
  );
});

describe("a database that never answers", () => {
  it("is given up after the limit of the call", async ({ expect }) => {
    breakDatabase(async (_address, init) => {
      const { promise, reject } = Promise.withResolvers<never>();
      init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      return await promise;
    });
    const error = await queuedBefore(connect(env.DATABASE_URL, 20), new Date()).catch((cause) => cause);
    expect(error).toBeInstanceOf(Error);
  });

  it("is not waited for on any route", async ({ expect }) => {
    const chat = await aChat();
    const admin = await as(chat);
    expect((await admin.get("/chats")).status).toBe(200);
    const signals: (AbortSignal | null | undefined)[] = [];
    breakDatabase(async (_address, { signal }) => {
      signals.push(signal);
      throw new TypeError("not asked");
    });
    for (const path of ["/chats", `/chats/${chat.id}`, "/media/1"]) await admin.get(path);
    expect(signals).toHaveLength(3);
    expect(signals.every((signal) => signal instanceof AbortSignal)).toBe(true);
  });
});
