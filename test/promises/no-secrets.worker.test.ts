import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, it } from "vitest";
import { as, type Person } from "../support/as.ts";
import { JWT_SECRET, VERIFY_TOKEN } from "../support/bindings.ts";
import { aChat, aCustomer, anOrganization, db } from "../support/build.ts";
import { misbehave, writeToMeta } from "../support/graph.ts";
import { captureLogs, withDecoded } from "../support/logs.ts";
import { aBody, aStatus, aText, deliverAndStore, post, sign } from "../support/meta.ts";
import { ask, askWith } from "../support/worker.ts";

const logs = captureLogs();
const answers: string[] = [];
/** What must be in no line and no answer of a failure. */
const canaries: Record<string, string> = {
  "the app's token": env.WABA_ACCESS_TOKEN,
  "the verify token": VERIFY_TOKEN,
  "the secret of tokens": JWT_SECRET,
  "the database's password": "canary-db-password",
  "the raw token": `EAA${"canary".repeat(5)}${crypto.randomUUID().slice(0, 8)}`,
  "the customer's phone": aCustomer(),
  "the customer's name": "Canary Customerova",
  "what the customer wrote": "canary-inbound-text",
  "what the agent wrote": "canary-outbound-text",
  "the agent's name": "Canary Agentova",
};
const phone = canaries["the customer's phone"] ?? "";
const wamid = `wamid.${btoa(`\u0008\u0001\u0012${phone}\u0015\u0002canary-id`)}`;

async function keep(answered: Promise<Response> | Response): Promise<number> {
  const answer = await answered;
  const headers = JSON.stringify([...answer.headers]);
  if (answer.status >= 400) answers.push(`${answer.status} ${headers} ${await answer.text()}`);
  return answer.status;
}

async function keepWith(more: object, path: string, { token }: Person, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return await keep(askWith(more, path, { headers, ...init }));
}

describe("logs and refusals", () => {
  const statuses: number[] = [];

  beforeAll(async () => {
    const ground = await anOrganization();
    const { organizationPhoneId, phoneNumberId } = ground;
    const anna = await as({ ...ground, name: canaries["the agent's name"] ?? "" });
    const texts = {
      body: canaries["what the customer wrote"] ?? "",
      name: canaries["the customer's name"] ?? "",
    };
    await deliverAndStore(phoneNumberId, aText({ from: phone, wamid, ...texts }));
    await deliverAndStore(
      phoneNumberId,
      aStatus(wamid, "failed", { errors: [{ code: 131026, title: phone }] }),
    );
    const unreadable = aText({ from: phone, wamid: `${wamid}2`, ...texts });
    await deliverAndStore(phoneNumberId, {
      ...unreadable,
      item: { ...unreadable.item, timestamp: "canary-inbound-text" },
    });
    const send = (more: object, headers = {}) =>
      anna.post(
        "/send",
        { organizationPhoneId, to: phone, type: "text", message: "canary-outbound-text", ...more },
        headers,
      );

    // Meta refuses: never written to it; then the token; then its own failure. Then all is well.
    statuses.push(await keep(send({})));
    await writeToMeta(phone, phoneNumberId);
    const token = canaries["the raw token"] ?? "";
    await db.execute(
      sql`update "OrganizationPhone" set "wabaAccessToken" = ${token} where id = ${organizationPhoneId}`,
    );
    await misbehave({ expiredToken: { token, times: 1 } });
    statuses.push(await keep(send({})));
    // A number whose token is dead pauses; another token ends that.
    const newer = `${token}Newer`;
    await db.execute(
      sql`update "OrganizationPhone" set "wabaAccessToken" = ${newer} where id = ${organizationPhoneId}`,
    );
    await misbehave({ answer: { status: 500, html: true, phoneNumberId, times: 1 } });
    statuses.push(await keep(send({})), await keep(send({})));

    // The request is wrong: in its fields, its token, its signature, its address.
    statuses.push(await keep(send({ message: "" })), await keep(send({ to: "canary-inbound-text" })));
    statuses.push(await keep(send({ replyTo: 2_147_483_647 })));
    statuses.push(await keep(send({}, { authorization: `Bearer ${anna.token}x` })));
    const body = JSON.stringify(aBody(phoneNumberId, aText({ from: phone, wamid, ...texts })));
    statuses.push(await keep(post(body, "sha256=wrong")), await keep(anna.get("/chats?cursor=canary")));
    statuses.push(await keep(ask(`/api/waba/webhook?hub.verify_token=${token}`)));

    // Postgres is away, or lacks the database; an object throws an error that contains its input.
    const away = { DATABASE_URL: "postgres://waba:canary-db-password@127.0.0.1:9/waba" };
    const boris = await as({ ...ground, sub: "boris" });
    statuses.push(await keepWith(away, "/api/waba/chats", boris), await keepWith(away, "/readyz", boris));
    const elsewhere = { DATABASE_URL: env.DATABASE_URL.replace(/\/\w+$/, "/canary-db-password") };
    statuses.push(await keepWith(elsewhere, "/api/waba/chats", boris));
    const explode = () => {
      throw new Error(`no room for ${phone} ${token} ${wamid}`, { cause: texts });
    };
    const bytes = new TextEncoder().encode(body);
    const init = { method: "POST", headers: { "x-hub-signature-256": await sign(bytes) }, body: bytes };
    const { id: chatId } = await aChat(ground);
    statuses.push(await keepWith({ INTAKE: { getByName: explode } }, "/api/waba/webhook", boris, init));
    const upgrade = { headers: { authorization: `Bearer ${boris.token}`, upgrade: "websocket" } };
    const socket = `/api/waba/chats/${chatId}/socket`;
    statuses.push(await keepWith({ CHAT_ROOM: { getByName: explode } }, socket, boris, upgrade));
  });
  afterAll(logs.stop);

  it("were made by everything that can go wrong here", ({ expect }) => {
    expect(statuses).toEqual([
      422, 502, 202, 200, 400, 400, 400, 401, 401, 400, 403, 503, 503, 503, 503, 500,
    ]);
    for (const mark of [
      "Incoming message",
      "not sent",
      "Outcome of a send",
      "accepted by Meta",
      "refused",
      "Request failed",
      "sealed",
    ])
      expect(
        logs.lines.some((line) => line.includes(mark)),
        mark,
      ).toBe(true);
    expect(answers.length).toBeGreaterThan(12);
  });

  it.for(Object.entries(canaries))("hold %s nowhere, plain or as base64", ([, canary], { expect }) => {
    expect(canary.length).toBeGreaterThan(6);
    const found = [...logs.lines, ...answers].filter((text) => withDecoded(text).includes(canary));
    expect(found).toEqual([]);
  });

  it("hold no whole wamid, and no token of an agent", ({ expect }) => {
    const found = [...logs.lines, ...answers].filter((text) =>
      /wamid\.|canary-id|eyJ[\w-]{10,}\./.test(withDecoded(text)),
    );
    expect(found).toEqual([]);
  });

  it("would be found out: a canary is seen, whichever way it is written", ({ expect }) => {
    expect(withDecoded(`{"wamid":"${wamid}"}`)).toContain(phone);
    expect(withDecoded(`x${btoa(phone)}`)).toContain(phone);
    expect(withDecoded(phone)).toContain(phone);
  });

  it("are one line per event, with a mark that people look for, and JSON", ({ expect }) => {
    expect(logs.lines.length).toBeGreaterThan(10);
    for (const line of logs.lines) {
      expect(line).toMatch(/^\S+ WABA: [^{}\n]+ \{.*\}$/u);
      expect(() => JSON.parse(line.slice(line.indexOf("{")))).not.toThrow();
    }
  });
});
