import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { readBearer } from "../../src/http/auth.ts";
import { as } from "../support/as.ts";
import { signed } from "../support/bad-tokens.ts";
import { anOrganization, db } from "../support/build.ts";
import { ask } from "../support/worker.ts";

const inAMinute = () => Math.floor(Date.now() / 1000) + 60;

async function agentsOf(organizationId: number) {
  const { rows } = await db.execute<{ id: number; sub: string; name: string; role: string }>(
    sql`select id, sub, name, role from "Agent" where "organizationId" = ${organizationId} order by id`,
  );
  return rows;
}

async function statusWith(authorization: string): Promise<number> {
  return (await ask("/api/waba/chats", { headers: { authorization } })).status;
}

describe("an agent", () => {
  it("is stored once, though the first requests come twenty at once", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    const anna = await as({ organizationId, name: "Anna" });

    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.get("/chats")));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await agentsOf(organizationId)).toMatchObject([{ sub: "anna", name: "Anna", role: "agent" }]);
  });

  it("has the name and the role of the newest token, and stays the same one", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    await (await as({ organizationId })).get("/chats");
    const [first] = await agentsOf(organizationId);
    expect(first).toMatchObject({ name: "anna", role: "agent" });

    await (await as({ organizationId, name: "Anna Карениna", role: "admin" })).get("/chats");

    expect(await agentsOf(organizationId)).toEqual([{ ...first, name: "Anna Карениna", role: "admin" }]);
  });

  it("is another one in another organization, and under another sub", async ({ expect }) => {
    const [a, b] = [await anOrganization(), await anOrganization()];
    for (const { organizationId } of [a, b])
      for (const sub of ["anna", "Anna"]) await (await as({ organizationId, sub })).get("/chats");

    const all = [...(await agentsOf(a.organizationId)), ...(await agentsOf(b.organizationId))];
    expect(all.map(({ sub }) => sub)).toEqual(["anna", "Anna", "anna", "Anna"]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(4);
  });

  it("of an organization made just now is authenticated, though refused a moment ago", async ({ expect }) => {
    const { rows } = await db.execute<{ id: number }>(sql`select nextval('"Organization_id_seq"')::int id`);
    const organizationId = rows[0]?.id ?? 0;
    const anna = await as({ organizationId });
    expect((await anna.get("/chats")).status).toBe(403);

    await db.execute(sql`insert into "Organization" (id, name) values (${organizationId}, 'New')`);

    expect((await anna.get("/chats")).status).toBe(200);
  });
});

describe("a token", () => {
  it("names its organization by the id as text too, unless another one has that as externalId", async ({
    expect,
  }) => {
    const [mine, theirs, other] = [await anOrganization(), await anOrganization(), await anOrganization()];
    const externalId = String(other.organizationId);
    await db.execute(
      sql`update "Organization" set "externalId" = ${externalId} where id = ${theirs.organizationId}`,
    );
    for (const [organizationId, status] of [
      [String(mine.organizationId), 200],
      [externalId, 200],
      [`no-${externalId}`, 403],
    ] as const) {
      const token = await signed({ sub: organizationId, organizationId, role: "agent", exp: inAMinute() });
      expect(await statusWith(`Bearer ${token}`)).toBe(status);
    }
    expect(await agentsOf(mine.organizationId)).toMatchObject([{ sub: String(mine.organizationId) }]);
    expect(await agentsOf(theirs.organizationId)).toMatchObject([{ sub: externalId }]);
    expect(await agentsOf(other.organizationId)).toEqual([]);
  });

  it.for<[string, (token: string) => string, number]>([
    ["after Bearer", (token) => `Bearer ${token}`, 200],
    ["after bearer, in any case", (token) => `bEARER ${token}`, 200],
    ["after two spaces", (token) => `Bearer  ${token}`, 200],
    ["alone", (token) => token, 401],
    ["twice", (token) => `Bearer ${token}, Bearer ${token}`, 401],
    ["with more behind it", (token) => `Bearer ${token} x`, 401],
  ])("%s is read as it should be", async ([, write, status], { expect }) => {
    const { token } = await as(await anOrganization());
    expect(await statusWith(write(token))).toBe(status);
  });

  it.for<[string, Record<string, unknown>, number]>([
    ["with claims that we do not know", { scope: "x", email: "a@b.c" }, 200],
    ["with a sub of 255 characters", { sub: "x".repeat(255) }, 200],
    ["with a sub of 256", { sub: "x".repeat(256) }, 401],
    ["with a number as sub", { sub: 7 }, 401],
    ["with U+0000 in the sub", { sub: "an\u0000na" }, 401],
    ["with half a surrogate pair in the name", { name: "A\ud83d" }, 401],
    ["with U+0000 in the name", { name: "An\u0000na" }, 401],
    ["with an empty name", { name: "" }, 401],
    ["with an organization of 0", { organizationId: 0 }, 401],
    ["with a negative organization", { organizationId: -1 }, 401],
    ["with a list of roles", { role: ["admin"] }, 200],
    ["with the role in upper case", { role: "ADMIN" }, 401],
    ["with text as exp", { exp: String(inAMinute()) }, 401],
    ["that ran out a minute ago", { exp: inAMinute() - 120 }, 401],
    ["for any audience, as none is configured", { aud: ["x"], iss: "y" }, 200],
  ])("%s is answered as it should be", async ([, change, status], { expect }) => {
    const { organizationId } = await anOrganization();
    const token = await signed({ sub: "anna", organizationId, role: "agent", exp: inAMinute(), ...change });
    expect(await statusWith(`Bearer ${token}`)).toBe(status);
  });

  it("that ran out a second ago is answered, as clocks differ", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    // The clock stands: a slow machine must not turn the second into many.
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const exp = Math.floor(Date.now() / 1000) - 1;
      const token = await signed({ sub: "anna", organizationId, role: "agent", exp });
      expect(await statusWith(`Bearer ${token}`)).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it("that was good is refused once it has run out", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const token = await signed({ sub: "anna", organizationId, role: "agent", exp: inAMinute() });
      expect(await statusWith(`Bearer ${token}`)).toBe(200);
      vi.setSystemTime(Date.now() + 64_000);
      expect(await statusWith(`Bearer ${token}`)).toBe(200);
      vi.setSystemTime(Date.now() + 2_000);
      expect(await statusWith(`Bearer ${token}`)).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("that was good is checked anew under another configuration", async ({ expect }) => {
    const token = await signed({ sub: "anna", organizationId: 1, role: "agent", exp: inAMinute() });
    const headers = new Headers({ authorization: `Bearer ${token}` });
    const config = readConfig(env);
    await expect(readBearer(headers, config)).resolves.toMatchObject({ claims: { sub: "anna" } });

    const jwt = { ...config.jwt, secret: "a new secret, longer than the 32 bytes that are needed" };
    await expect(readBearer(headers, { ...config, jwt })).rejects.toMatchObject({ code: "token_invalid" });
  });
});
