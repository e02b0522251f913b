import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, it } from "vitest";
import { app } from "../src/http/app.ts";
import { writeCursor } from "../src/http/cursor.ts";
import { allStored } from "./support/all-stored.ts";
import { aToken } from "./support/as.ts";
import { aChat, anOrganization, db } from "./support/build.ts";
import { finalState } from "./support/final-state.ts";
import { aLiveChat } from "./support/graph.ts";
import { captureLogs } from "./support/logs.ts";
import { aBody, aStatus, aText, post } from "./support/meta.ts";
import { fieldsOf, inputOf, readDocument } from "./support/openapi.ts";
import { askWith } from "./support/worker.ts";

/** Each would be seen if it ran: in a name, in another's message, in what is listed, in a table that is gone. */
const ATTACKS = [
  `'; update "Message" set body = 'injected'; --`,
  `1; insert into "Organization" (name) values ('injected'); --`,
  `1) or true union select 1 --`,
  `\\'); drop table "ChatEvent" cascade; --`,
];

/** What a route that declares nothing is asked with, and what no route declares. */
const UNDECLARED = { queries: ["sort"], headers: ["x-request-id", "origin"] };
const OF_SOCKETS = { queries: ["since", "epoch"], headers: ["sec-websocket-protocol"] };
const document = await readDocument(app);

const logs = captureLogs();
afterAll(logs.stop);

type Chat = Awaited<ReturnType<typeof aChat>>;
type Asked = { id?: string; query?: string; headers?: Record<string, string>; body?: string };

const routes = [
  ...new Set(
    app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`),
  ),
];

/** One request for each place of a route where a caller's value can stand, with the attack there. */
function requestsWith(attack: string, route: string, { id, organizationPhoneId }: Chat): Asked[] {
  const place = { id: attack, lastMessageAt: attack, side: attack, messageId: attack };
  const lists = ["chats?{}", `webhook-events?{"unread":false}`, `chats/${id}/messages`];
  const good: Record<string, unknown> = { organizationPhoneId, chatId: id, type: "text", message: "Hi" };
  const input = inputOf(document, route);
  const declared = (place: string) =>
    (input?.parameters ?? []).filter((parameter) => parameter.in === place).map(({ name }) => name);
  const besides = route.endsWith("/socket") ? OF_SOCKETS : { queries: [], headers: [] };
  const queries = new Set([...UNDECLARED.queries, ...besides.queries, ...declared("query")]);
  const headers = new Set([...UNDECLARED.headers, ...besides.headers, ...declared("header")]);
  const fields = input?.body ? fieldsOf(input.body, document) : ["anything"];
  return [
    { id: attack },
    ...[...queries].map((name) => ({ query: `${name}=${encodeURIComponent(attack)}` })),
    // What Postgres cannot take as text.
    ...[...queries].map((name) => ({ query: `${name}=a%00b` })),
    { query: `${encodeURIComponent(attack)}=1` },
    ...lists.map((list) => ({ query: `cursor=${writeCursor(list, place)}` })),
    { query: `cursor=${writeCursor(attack, { id: 1 })}` },
    ...[...headers].map((name) => ({ headers: { [name]: attack } })),
    ...fields.map((name) => ({ body: JSON.stringify({ ...good, [name]: attack }) })),
    { body: JSON.stringify({ ...good, [attack]: attack }) },
  ];
}

async function ask(route: string, token: string, chat: Chat, { id, query, headers, body }: Asked) {
  const [method = "", path = ""] = route.split(" ");
  const filled = path.replaceAll(/:\w+(\{[^}]*\})?/g, encodeURIComponent(id ?? chat.id));
  const all = {
    authorization: `Bearer ${token}`,
    ...(path.endsWith("/socket") && { upgrade: "websocket" }),
    ...(method !== "GET" && { "content-type": "application/json" }),
    ...headers,
  };
  const init = { method, headers: all, body: method === "GET" ? null : (body ?? "{}") };
  const answer = await askWith({}, `${filled}?${query ?? "after=0"}`, init);
  answer.webSocket?.accept();
  answer.webSocket?.close();
  return { status: answer.status, text: answer.status === 101 ? "" : await answer.text() };
}

/** What would have changed had one of them run. */
async function traces({ organizationPhoneId }: Chat) {
  const { rows: injected } = await db.execute(sql`
    select name found from "Organization" where name = 'injected'
    union all select body from "Message" where body = 'injected'`);
  return { injected, ...(await finalState(db, organizationPhoneId)) };
}

describe("S3: SQL in a caller's input", () => {
  it("is tried in every field that a route declares", async ({ expect }) => {
    const fields = (route: string) => fieldsOf(inputOf(document, route)?.body ?? {}, document);
    const tried = routes.filter((route) => fields(route).length > 0);
    expect(tried.filter((route) => route.startsWith("POST")).length).toBeGreaterThan(5);
    expect(fields("POST /api/waba/send")).toEqual(
      expect.arrayContaining([
        "organizationPhoneId",
        "to",
        "chatId",
        "type",
        "message",
        "replyTo",
        "template",
      ]),
    );
    expect(fields("POST /api/waba/socket-tickets")).toEqual(["chatId", "inbox"]);
    expect(fields("POST /api/waba/contacts/:id/merge")).toEqual(["contactId"]);
  });

  let theirs: Chat;
  let before: Awaited<ReturnType<typeof traces>>;
  const secret = `theirs ${crypto.randomUUID()}`;
  beforeAll(async () => {
    theirs = await aChat();
    await post(JSON.stringify(aBody(theirs.phoneNumberId, aText({ from: theirs.customer, body: secret }))));
    await allStored();
    before = await traces(theirs);
  });

  it.for(routes)("has no effect on %s, and shows nothing", async (route, { expect }) => {
    const ours = await aLiveChat();
    const strange: string[] = [];

    const { organizationId } = ours;
    const token = await aToken({ organizationId, role: "admin" });
    // Each place in turn gets the next attack: all with all would take minutes.
    const placed = ATTACKS.map((attack) => requestsWith(attack, route, ours));
    const requests = placed[0]?.map((_, n) => placed[n % ATTACKS.length]?.[n] ?? {}) ?? [];
    const named = ATTACKS.map((attack) => aToken({ organizationId, role: "admin", name: attack }, attack));
    const answers = await Promise.all([
      ...requests.map((asked) => ask(route, token, ours, asked)),
      ...named.map(async (theirToken) => await ask(route, await theirToken, ours, {})),
    ]);
    // 503 says that something is away or late, as on a busy machine, and not that a query failed.
    for (const { status, text } of answers)
      if ((status >= 500 && status !== 503) || text.includes(secret)) strange.push(`${status} ${text}`);

    expect(strange).toEqual([]);
    expect(await traces(theirs)).toEqual(before);
    expect(before.injected).toEqual([]);
  });

  it("is text where it stands in a webhook, and is stored as it came", async ({ expect }) => {
    const ground = await anOrganization();
    const theirs = await aChat();
    const before = await traces(theirs);
    for (const [n, attack] of ATTACKS.entries()) {
      const text = aText({ from: `7916555000${n}`, body: attack, wamid: `wamid.${attack}`, name: attack });
      const items = [
        text,
        aStatus(attack, attack, { recipient_id: attack, biz_opaque_callback_data: attack }),
        aStatus("wamid.x", "delivered", { biz_opaque_callback_data: attack, errors: [{ title: attack }] }),
        { ...text, item: { ...text.item, id: `${n}`, type: attack, timestamp: attack, from: attack } },
        { ...text, item: { ...text.item, id: `r${n}`, context: { id: attack } } },
      ];
      expect((await post(JSON.stringify(aBody(ground.phoneNumberId, ...items)))).status).toBe(200);
      await allStored();
    }
    const { rows } = await db.execute<{ body: string }>(
      sql`select body from "Message" where "organizationPhoneId" = ${ground.organizationPhoneId}`,
    );
    expect(rows.map(({ body }) => body)).toEqual(expect.arrayContaining(ATTACKS));
    expect(await traces(theirs)).toEqual(before);
    expect(before.injected).toEqual([]);
  });
});
