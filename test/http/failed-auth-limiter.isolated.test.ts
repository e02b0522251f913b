import { sql } from "drizzle-orm";
import { afterAll, describe, it } from "vitest";
import { networkOf } from "../../src/http/failed-auth-limiter.ts";
import { as, type Person } from "../support/as.ts";
import { signed } from "../support/bad-tokens.ts";
import { VERIFY_TOKEN } from "../support/bindings.ts";
import { aChat, aCustomer, anOrganization, db } from "../support/build.ts";
import { countCalls } from "../support/gate.ts";
import { captureLogs } from "../support/logs.ts";
import { aBody, aText, sign } from "../support/meta.ts";
import { ask } from "../support/worker.ts";

/** Per minute, as in wrangler.toml. */
const LIMIT = 100;
const BATCH = 25;

// Printing a line for each refusal would take longer than the rest of the test.
const logs = captureLogs();
afterAll(logs.stop);

/** A random client address in the header that Cloudflare sets. */
function anAddress(): Record<"cf-connecting-ip", string> {
  return { "cf-connecting-ip": `10.${crypto.getRandomValues(new Uint8Array(3)).join(".")}` };
}

/** Sends attempts until one is limited. Returns the count of each status, the limited answer, and the most attempts that may pass. */
async function untilLimited(attempt: (n: number) => Promise<Response>) {
  const minute = () => Math.floor(Date.now() / 60_000);
  const before = minute();
  const counts: Record<number, number> = {};
  let limited: Response | undefined;
  for (let n = 0; !limited && n < 10 * LIMIT; n += BATCH) {
    const answers = await Promise.all(Array.from({ length: BATCH }, (_, i) => attempt(n + i)));
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    limited = answers.find(({ status }) => status === 429);
  }
  return { counts, limited, most: LIMIT * (1 + minute() - before) };
}

function verify(token: string, headers: Record<string, string>): Promise<Response> {
  const query = { "hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158" };
  return ask(`/api/waba/webhook?${new URLSearchParams(query)}`, { headers });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("S11: thousands of invalid tokens", () => {
  /** Attempts on all kinds of routes in turn, including sockets with a bearer token and with a ticket. */
  async function attempts(address: Record<string, string>) {
    const claims = { sub: "anna", organizationId: 1, role: "admin", exp: 2 ** 31 };
    const token = await signed(claims, "HS256", new TextEncoder().encode("not our secret ".repeat(4)));
    const upgrade = { upgrade: "websocket", origin: "http://waba.test", ...address };
    const ticket = { "sec-websocket-protocol": "waba.v1, not.a.ticket" };
    const paths = ["/chats", "/messages/1/trace", "/webhook-events", "/metrics", "/chats/1/socket"];
    return (n: number) =>
      n % 6 === 0
        ? ask("/api/waba/inbox/socket", { headers: { ...upgrade, ...ticket } })
        : ask(`/api/waba${paths[n % 5]}`, { headers: { ...upgrade, ...bearer(token) } });
  }

  async function chatsOf({ token }: Person, address: Record<string, string>): Promise<unknown> {
    const answer = await ask("/api/waba/chats", { headers: { ...bearer(token), ...address } });
    return await answer.json();
  }

  it("are soon rate limited, while a valid token still works from the same address", async ({ expect }) => {
    const [address, other] = [anAddress(), anAddress()];

    const { counts, limited, most } = await untilLimited(await attempts(address));

    expect(Object.keys(counts)).toEqual(["401", "429"]);
    expect(counts[401]).toBeGreaterThanOrEqual(LIMIT);
    expect(counts[401]).toBeLessThanOrEqual(most);
    expect(limited?.headers.get("retry-after")).toBe("60");
    expect(limited?.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await limited?.json()).toMatchObject({ code: "rate_limited", retryAfter: 60, retryable: true });
    expect((await (await attempts(other))(1)).status).toBe(401);
    const chat = await aChat();
    expect(await chatsOf(await as(chat), address)).toMatchObject({ data: [{ id: chat.id }] });
    const late = await as({ ...chat, expiresAt: new Date(0) });
    expect(await chatsOf(late, address)).toMatchObject({ code: "token_expired" });
    const logged = logs.lines.filter((line) => line.includes("rate_limited")).length;
    expect(logged).toBeGreaterThan(0);
    expect(logged).toBeLessThanOrEqual(most / LIMIT);
  });
});

describe("W11: thousands of wrong verify tokens", () => {
  it("rarely reach Postgres, and limit neither Meta nor another address", async ({ expect }) => {
    const address = anAddress();
    const { organizationPhoneId, phoneNumberId } = await anOrganization();
    const own = `own-${crypto.randomUUID()}`;
    await db.execute(
      sql`update "OrganizationPhone" set "wabaVerifyToken" = ${own} where id = ${organizationPhoneId}`,
    );
    const asked = countCalls("wabaVerifyToken");

    const { counts, most } = await untilLimited((n) => verify(`guess ${n}`, address));

    expect(Object.keys(counts)).toEqual(["403", "429"]);
    expect(asked()).toBe(counts[403]);
    expect(counts[403]).toBeGreaterThanOrEqual(LIMIT);
    expect(counts[403]).toBeLessThanOrEqual(most);
    expect(await (await verify(VERIFY_TOKEN, address)).text()).toBe("1158");
    expect(asked()).toBe(counts[403]);
    expect(await (await verify(own, anAddress())).text()).toBe("1158");
    const text = JSON.stringify(aBody(phoneNumberId, aText({ from: aCustomer(), body: "Hello" })));
    const body = new TextEncoder().encode(text);
    const headers = { ...address, "x-hub-signature-256": await sign(body) };
    expect((await ask("/api/waba/webhook", { method: "POST", headers, body })).status).toBe(200);
  });
});

describe("the rate limit key of an address", () => {
  it.for([
    ["203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:0001:0002::1", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["2001:db8:1::", "2001:db8:1:0"],
    ["::1", "0:0:0:0"],
  ] as const)("of %s is %s", ([address, network], { expect }) => {
    expect(networkOf(address)).toBe(network);
  });
});
