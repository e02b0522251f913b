import { createExecutionContext, env, runInDurableObject } from "cloudflare:test";
import { eq } from "drizzle-orm";
import { describe, it, onTestFinished } from "vitest";
import { chats } from "../src/db/chat-tables.ts";
import { media } from "../src/db/media-tables.ts";
import { messages } from "../src/db/message-tables.ts";
import { webhookEvents } from "../src/db/webhook-tables.ts";
import { spooledIdOf } from "../src/domain/spooled-event.ts";
import { app } from "../src/http/app.ts";
import { problem } from "../src/http/problem-schema.ts";
import { newRouter } from "../src/http/router.ts";
import { Spool } from "../src/intake/spool.ts";
import { anEvent } from "./intake/events.ts";
import { as } from "./support/as.ts";
import { badTokens, signed } from "./support/bad-tokens.ts";
import { aChat, anOrganization, db } from "./support/build.ts";
import { exampleOf, inputOf, readDocument } from "./support/openapi.ts";

/** Open to anyone. Every other route of the app, whoever adds it, must turn away all who hold no good token. */
const PUBLIC = [
  "GET /healthz",
  "GET /readyz",
  "GET /openapi.json",
  "GET /docs/problems",
  "GET /sign-in",
  "GET /inbox",
  "GET /inbox/*",
  "GET /settings",
  "GET /settings/*",
  "GET /api/waba/webhook",
  "POST /api/waba/webhook",
  "GET /api/waba/webhook/",
  "POST /api/waba/webhook/",
];

const document = await readDocument(app);

const UNKNOWN_ID = 2_147_483_647;

type App = Pick<typeof app, "routes" | "request">;

function guardedRoutes({ routes }: App): string[] {
  const all = routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
  return [...new Set(all)].filter((route) => !PUBLIC.includes(route));
}

/** Calls a route with what its declaration requires, and `id` for every id in its path. */
async function call(asked: App, route: string, authorization: string | null, id = 1, more: object = {}) {
  const [method = "", path = ""] = route.split(" ");
  const { parameters = [], body: schema = null } = inputOf(document, route) ?? {};
  const body = method === "GET" ? null : JSON.stringify(schema ? exampleOf(schema, document) : {});
  const headers = {
    ...(body && { "content-type": "application/json" }),
    ...(authorization && { authorization }),
    ...(path.endsWith("/socket") && { upgrade: "websocket" }),
  };
  const query = parameters
    .filter((parameter) => parameter.in === "query" && parameter.required === true)
    .map(({ name, schema = {} }) => `${name}=${exampleOf(schema, document)}`);
  const address = `${path.replaceAll(/:\w+(\{[^}]*\})?/g, String(id))}?${query.join("&")}`;
  const init = { method, headers, body };
  return await asked.request(address, init, { ...env, ...more }, createExecutionContext());
}

/** What came of each of these routes and each bad token that was not the refusal it should be. */
async function wronglyAccepted(asked: App, routes: string[]): Promise<string[]> {
  const { organizationId } = await anOrganization();
  const wrong: string[] = [];
  const tokens = await badTokens(organizationId);
  for (const route of routes) {
    for (const { name, authorization, status, code } of tokens) {
      const answer = await call(asked, route, authorization);
      const text = await answer.text();
      const refusal = problem.safeParse(answer.ok ? {} : JSON.parse(text));
      const isRefused = answer.status === status && refusal.data?.code === code;
      if (!isRefused) wrong.push(`${route} with ${name}: ${answer.status} ${refusal.data?.code ?? ""}`);
    }
  }
  return wrong;
}

describe("every route that is not public", () => {
  it("is found in the app, as are the public ones", ({ expect }) => {
    const all = new Set(app.routes.map(({ method, path }) => `${method} ${path}`));
    expect(guardedRoutes(app)).toContain("POST /api/waba/send");
    expect(guardedRoutes(app).length).toBeGreaterThan(8);
    expect(PUBLIC.filter((route) => !all.has(route))).toEqual([]);
  });

  it("rejects every invalid token", async ({ expect }) => {
    expect(await wronglyAccepted(app, guardedRoutes(app))).toEqual([]);
  });

  it("fails this test when it is new and unguarded", async ({ expect }) => {
    const careless = newRouter().route("/", app);
    careless.get("/api/waba/imports/:id", (c) => c.json({ wabaAccessToken: "EAA" }));
    careless.post("/api/waba/export", (c) => c.json({}));

    const old = guardedRoutes(app);
    const added = guardedRoutes(careless).filter((route) => !old.includes(route));
    // One that was there before stands for the others, which the test above has tried.
    const wrong = await wronglyAccepted(careless, ["POST /api/waba/send", ...added]);
    const found = new Set(wrong.map((one) => one.split(" with ")[0]));

    expect([...found]).toEqual(["GET /api/waba/imports/:id", "POST /api/waba/export"]);
  });

  it("takes tokens of the configured issuer and for the configured audience only", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    const claims = { sub: "anna", organizationId, role: "admin", exp: Math.floor(Date.now() / 1000) + 3_600 };
    const pinned = { JWT_ISSUER: "https://id.example", JWT_AUDIENCE: "waba" };
    const ask = async (route: string, more: object) =>
      (await call(app, route, `Bearer ${await signed({ ...claims, ...more })}`, UNKNOWN_ID, pinned)).status;
    const ours = { iss: "https://id.example", aud: "waba" };
    const foreign = [
      {},
      { iss: "https://id.example" },
      { ...ours, iss: "https://evil.example" },
      { ...ours, aud: "x" },
    ];

    for (const route of guardedRoutes(app)) {
      // 415: the body of an upload is no JSON. 422: the number of the example does not pass its checks.
      expect([400, 404, 415, 422, 200, 201, 101], route).toContain(await ask(route, ours));
      for (const other of foreign) expect(await ask(route, other), route).toBe(401);
    }
  });
});

type Outsider = Awaited<ReturnType<typeof aChat>>;

/** The kinds of ids that an address may have: an outsider's, and where he can see that it is there. */
const kinds = {
  chats: { idOf: async ({ id }: Outsider) => id, proof: async (id: number) => `/chats/${id}` },
  messages: { idOf: messageOf, proof: async (id: number) => `/messages/${id}/trace` },
  contacts: { idOf: contactOf, proof: async (id: number) => `/contacts/${id}` },
  "contact-merges": {
    idOf: mergeOf,
    proof: async (_: number, outsider: Outsider) => `/contacts/${await contactOf(outsider)}`,
  },
  // The list of chats ends each with its number's id.
  phones: { idOf: async (outsider: Outsider) => outsider.organizationPhoneId, proof: async () => "/chats" },
  notes: { idOf: noteOf, proof: async (_: number, { id }: Outsider) => `/chats/${id}/notes` },
  labels: {
    idOf: async ({ organizationId }: Outsider) =>
      rowOf("/labels", organizationId, { name: "VIP", color: "red" }),
    proof: async () => "/labels",
  },
  "quick-replies": {
    idOf: async ({ organizationId }: Outsider) =>
      rowOf("/quick-replies", organizationId, { shortcut: "hello", text: "Hello" }),
    proof: async () => "/quick-replies",
  },
  media: { idOf: fileOf, proof: async (_: number, { id }: Outsider) => `/chats/${id}/messages` },
  "webhook-events": { idOf: storedEventOf, proof: async () => "/webhook-events" },
  "spooled-events": { idOf: spooledEventOf, proof: async () => "/spooled-events" },
};

function kindOf(route: string) {
  const [, kind = ""] = route.match(/ \/api\/waba\/([\w-]+)\/:id/) ?? [];
  return Object.entries(kinds).find(([name]) => name === kind)?.[1];
}

async function noteOf({ id, organizationId }: Outsider): Promise<number> {
  return await rowOf(`/chats/${id}/notes`, organizationId, { body: "Private" });
}

/** The id of a row that this request creates. */
async function rowOf(path: string, organizationId: number, values: object): Promise<number> {
  const answer = await (await as({ organizationId })).post(path, values);
  return (await answer.json<{ id: number }>()).id;
}

async function messageOf({ id }: Outsider): Promise<number> {
  const [message] = await db.select({ id: messages.id }).from(messages).where(eq(messages.chatId, id));
  return message?.id ?? 0;
}

async function contactOf({ id }: Outsider): Promise<number> {
  const [chat] = await db.select({ contactId: chats.contactId }).from(chats).where(eq(chats.id, id));
  return chat?.contactId ?? 0;
}

async function mergeOf(outsider: Outsider): Promise<number> {
  const other = await aChat(outsider);
  const boris = await as({ ...outsider, sub: "boris", role: "admin" });
  const path = `/contacts/${await contactOf(outsider)}/merge`;
  const merged = await boris.post(path, { contactId: await contactOf(other) });
  return (await merged.json<{ merges: { id: number }[] }>()).merges[0]?.id ?? 0;
}

async function fileOf({ id, organizationId, organizationPhoneId }: Outsider): Promise<number> {
  const values = { organizationId, organizationPhoneId, fromMe: false, state: "refused" as const };
  const [{ id: mediaId = 0 } = {}] = await db.insert(media).values(values).returning();
  await db.update(messages).set({ mediaId }).where(eq(messages.chatId, id));
  return mediaId;
}

async function storedEventOf({ organizationId }: Outsider): Promise<number> {
  const values = { organizationId, payload: {}, hash: crypto.randomUUID() };
  const [stored] = await db.insert(webhookEvents).values(values).returning();
  return stored?.id ?? 0;
}

async function spooledEventOf({ phoneNumberId }: Outsider): Promise<number> {
  const shard = env.INTAKE.getByName("shard-0");
  const row = await runInDurableObject(shard, (_, { storage }) => {
    const spool = new Spool(storage);
    const [id = 0] = spool.add([anEvent("Waits", phoneNumberId)], Date.now()) ?? [];
    return id;
  });
  const remove = (_: unknown, { storage }: DurableObjectState) => new Spool(storage).remove([row]);
  onTestFinished(() => runInDurableObject(shard, remove));
  return spooledIdOf({ generation: 0, shard: 0, spool: "spool", row });
}

describe("another organization's id", () => {
  const withId = guardedRoutes(app).filter((route) => route.includes(":"));

  it("is tried on every route with an id", ({ expect }) => {
    expect(withId.length).toBeGreaterThan(4);
    const unknown = withId.filter((route) => !kindOf(route));
    expect(unknown, "routes whose kind of id needs an outsider's row in `kinds` of this test").toEqual([]);
  });

  it.for(withId)("gets the same answer of %s as an unknown id", async (route, { expect }) => {
    const outsider = await aChat();
    const boris = await as({ organizationId: outsider.organizationId, sub: "boris", role: "admin" });
    const { idOf, proof } = kindOf(route) ?? kinds.chats;
    const theirs = await idOf(outsider);
    expect(await (await boris.get(await proof(theirs, outsider))).text()).toContain(`d":${theirs},`);
    const anna = await as({ ...(await anOrganization()), role: "admin" });
    const answerOf = async (id: number) => {
      const answer = await call(app, route, `Bearer ${anna.token}`, id);
      const { requestId: _, detail, instance, ...rest } = problem.parse(await answer.json());
      const anyId = new RegExp(`\\b${id}\\b`, "g");
      const texts = [detail, instance].map((text) => text.replaceAll(anyId, "ID"));
      return { ...rest, texts, httpStatus: answer.status };
    };

    const unknown = await answerOf(UNKNOWN_ID);

    expect(unknown).toMatchObject({ httpStatus: 404, code: "not_found" });
    expect(await answerOf(theirs)).toEqual(unknown);
  });
});
