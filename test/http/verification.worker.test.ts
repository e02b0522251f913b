import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { VERIFY_TOKEN } from "../support/bindings.ts";
import { anOrganization, db } from "../support/build.ts";
import { ask } from "../support/worker.ts";

const CHALLENGE = '1158201444<script>alert("x")</script>';

function verify(query: Record<string, string> | [string, string][]): Promise<Response> {
  return ask(`/api/waba/webhook?${new URLSearchParams(query)}`);
}

const good = { "hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": CHALLENGE };

describe("Meta's verification", () => {
  it("gets back its challenge and nothing else, as plain text", async ({ expect }) => {
    const answer = await verify(good);

    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(CHALLENGE);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("passes with a number's own verify token, as soon as it is in the table", async ({ expect }) => {
    const { organizationPhoneId } = await anOrganization();
    const own = `own-${crypto.randomUUID()}`;
    const asked = { ...good, "hub.verify_token": own };
    expect((await verify(asked)).status).toBe(403);

    await db.execute(
      sql`update "OrganizationPhone" set "wabaVerifyToken" = ${own} where id = ${organizationPhoneId}`,
    );

    const answer = await verify(asked);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(CHALLENGE);
  });

  const { "hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge } = good;
  it.for<[string, Record<string, string> | [string, string][]]>([
    ["nothing", {}],
    ["another token", { ...good, "hub.verify_token": `${VERIFY_TOKEN}x` }],
    ["part of the token", { ...good, "hub.verify_token": VERIFY_TOKEN.slice(0, -1) }],
    ["the token in upper case", { ...good, "hub.verify_token": VERIFY_TOKEN.toUpperCase() }],
    ["an empty token", { ...good, "hub.verify_token": "" }],
    ["a token with U+0000", { ...good, "hub.verify_token": "\u0000" }],
    ["a token of 1,025 characters", { ...good, "hub.verify_token": "x".repeat(1025) }],
    ["a token that is a pattern of SQL", { ...good, "hub.verify_token": "%' or true --" }],
    ["no mode", { "hub.verify_token": token, "hub.challenge": challenge }],
    ["another mode", { ...good, "hub.mode": "unsubscribe" }],
    ["no challenge", { "hub.mode": mode, "hub.verify_token": token }],
    ["underscores, as PHP has them", { hub_mode: mode, hub_verify_token: token, hub_challenge: challenge }],
    ["a second token", [...Object.entries(good), ["hub.verify_token", "other"]]],
    ["a second mode", [...Object.entries(good), ["hub.mode", mode]]],
    ["a second challenge", [...Object.entries(good), ["hub.challenge", "1"]]],
  ])("is refused with %s, and the challenge is not given back", async ([, query], { expect }) => {
    const answer = await verify(query);

    expect(answer.status).toBe(403);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: "verify_token_mismatch" });
    expect(text).not.toContain("script");
    expect(text).not.toContain(VERIFY_TOKEN);
  });
});
