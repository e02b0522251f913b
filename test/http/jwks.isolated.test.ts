import { env } from "cloudflare:test";
import { eq } from "drizzle-orm";
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterEach, describe, inject, it, vi } from "vitest";
import signInPage from "../../docs/sign-in.md?raw";
import { connect } from "../../src/db/client.ts";
import { organizations } from "../../src/db/organization-tables.ts";
import { problem } from "../../src/http/problem-schema.ts";
import { JWT_SECRET } from "../support/bindings.ts";
import { anOrganization } from "../support/build.ts";
import { askWith, ORIGIN } from "../support/worker.ts";

const ISSUER = "https://id.example";
const AUDIENCE = "waba";
/** For how long the fetched keys are taken for all that there are. */
const COOLDOWN_MS = 30_000;

type Key = { alg: string; kid: string; private: CryptoKey; public: CryptoKey; jwk: JWK };

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
/** By algorithm. To make an RSA key takes longer than most tests, so that each test has those of the tests before it. */
const pairs = new Map<string, Promise<Pair>[]>();
/** How many of them the running test has. */
const taken = new Map<string, number>();

/** A key that no other sign-in of this test has. */
async function aKey(alg = "RS256"): Promise<Key> {
  const kid = crypto.randomUUID();
  const nth = taken.get(alg) ?? 0;
  taken.set(alg, nth + 1);
  const made = pairs.get(alg) ?? [];
  pairs.set(alg, made);
  const pair = made[nth] ?? generateKeyPair(alg, { extractable: true });
  made[nth] = pair;
  const { privateKey, publicKey } = await pair;
  return { alg, kid, private: privateKey, public: publicKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

/** A sign-in with these keys, and a Worker that trusts it. */
async function aSignIn(...keys: Key[]) {
  const { organizationId } = await anOrganization();
  const jwksUrl = `${inject("keysUrl")}/${crypto.randomUUID()}`;
  const publish = async (text: string) => {
    await (await fetch(jwksUrl, { method: "PUT", body: text })).arrayBuffer();
  };
  const offer = (...offered: Key[]) => publish(JSON.stringify({ keys: offered.map(({ jwk }) => jwk) }));
  if (keys.length > 0) await offer(...keys);

  /** What the Worker answers to a token: 200, or the status and the problem's code. */
  const ask = async (token: string, settings: object = {}) => {
    const bindings = { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE };
    const headers = { authorization: `Bearer ${token}` };
    const answer = await askWith({ ...bindings, ...settings }, "/api/waba/chats", { headers });
    return answer.status === 200 ? "200" : `${answer.status} ${problem.parse(await answer.json()).code}`;
  };
  const claims = () => {
    const nowS = Math.floor(Date.now() / 1000);
    return { sub: "anna", organizationId, role: "agent", iss: ISSUER, aud: AUDIENCE, exp: nowS + 600 };
  };
  const sign = ({ alg, kid, private: key }: Key, changes: object = {}, header: object = {}) =>
    new SignJWT({ ...claims(), ...changes }).setProtectedHeader({ alg, kid, ...header }).sign(key);
  return { ask, claims, jwksUrl, offer, organizationId, publish, sign };
}

const timesAsked = async (url: string) => Number(await (await fetch(`${url}?asked`)).text());

afterEach(() => {
  vi.useRealTimers();
  taken.clear();
});

describe("S1: a token of a sign-in with keys of its own", () => {
  it.for(["RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"])(
    "is taken with %s",
    async (alg, { expect }) => {
      const key = await aKey(alg);
      const { ask, sign } = await aSignIn(await aKey(), key);
      expect(await ask(await sign(key))).toBe("200");
    },
  );

  it.for<[string, object, string]>([
    ["of another issuer", { iss: "https://id.example.org" }, "401 token_invalid"],
    ["of no issuer", { iss: undefined }, "401 token_invalid"],
    ["for another audience", { aud: ["other"] }, "401 token_invalid"],
    ["for no audience", { aud: undefined }, "401 token_invalid"],
    ["for two audiences of which one is ours", { aud: ["other", AUDIENCE] }, "200"],
    ["that has expired", { exp: 1 }, "401 token_expired"],
    ["that never expires", { exp: undefined }, "401 token_invalid"],
    ["that is not valid yet", { nbf: 4_000_000_000 }, "401 token_invalid"],
  ])("%s is answered as it should be", async ([, changes, outcome], { expect }) => {
    const key = await aKey();
    const { ask, sign } = await aSignIn(key);
    expect(await ask(await sign(key, changes))).toBe(outcome);
  });

  it("is not taken when it is signed with what everybody may read", async ({ expect }) => {
    const key = await aKey();
    const { ask, claims } = await aSignIn(key);
    const pem = await exportSPKI(key.public);
    const texts = [pem, pem.trim(), JSON.stringify(key.jwk), String(key.jwk.n), JWT_SECRET];
    for (const text of texts) {
      const forged = new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: key.kid });
      expect(await ask(await forged.sign(new TextEncoder().encode(text))), text).toBe("401 token_invalid");
    }
  });

  it("is not taken without a signature, with half a one, or with another's", async ({ expect }) => {
    const key = await aKey();
    const { ask, sign } = await aSignIn(key);
    const [header, payload, signature = ""] = (await sign(key)).split(".");
    const none = btoa(JSON.stringify({ alg: "none", kid: key.kid })).replaceAll("=", "");
    const [, , other] = (await sign(key, { sub: "boris" })).split(".");
    for (const token of [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      `${header}.${payload}.${other}`,
    ])
      expect(await ask(token), token).toBe("401 token_invalid");
  });

  it("is not taken with a key that is not among them, whatever it calls itself", async ({ expect }) => {
    const [key, otherKey] = [await aKey(), await aKey()];
    const { ask, sign } = await aSignIn(key);
    expect(await ask(await sign(otherKey))).toBe("401 token_invalid");
    expect(await ask(await sign(otherKey, {}, { kid: key.kid }))).toBe("401 token_invalid");
    expect(await ask(await sign(otherKey, {}, { kid: `../${key.kid}` }))).toBe("401 token_invalid");
  });

  it("is not taken with a key that it brings along, and nobody is asked for that", async ({ expect }) => {
    const [key, otherKey] = [await aKey(), await aKey()];
    const { ask, sign } = await aSignIn(key);
    const { jwksUrl: theirs } = await aSignIn(otherKey);
    for (const kid of [key.kid, otherKey.kid])
      for (const brought of [{ jku: theirs }, { x5u: theirs }, { jwk: otherKey.jwk }])
        expect(await ask(await sign(otherKey, {}, { kid, ...brought }))).toBe("401 token_invalid");
    expect(await timesAsked(theirs)).toBe(0);
    // Nor does it harm a good one.
    expect(await ask(await sign(key, {}, { jku: theirs, jwk: otherKey.jwk }))).toBe("200");
    expect(await timesAsked(theirs)).toBe(0);
  });
});

describe("a sign-in's keys", () => {
  it("are asked for once for many tokens", async ({ expect }) => {
    const key = await aKey();
    const { ask, sign, jwksUrl } = await aSignIn(key);
    for (const sub of ["anna", "boris", "clara"]) expect(await ask(await sign(key, { sub }))).toBe("200");
    expect(await timesAsked(jwksUrl)).toBe(1);
  });

  it("are asked for again when a token names a new one, but not by every forged token", async ({
    expect,
  }) => {
    const [old, fresh, otherKey] = [await aKey(), await aKey("ES256"), await aKey()];
    const { ask, sign, offer, jwksUrl } = await aSignIn(old);
    expect(await ask(await sign(old))).toBe("200");
    for (let n = 0; n < 5; n += 1) expect(await ask(await sign(otherKey))).toBe("401 token_invalid");
    expect(await timesAsked(jwksUrl)).toBe(1);

    await offer(fresh);
    vi.setSystemTime(Date.now() + COOLDOWN_MS + 1);
    expect(await ask(await sign(fresh))).toBe("200");
    expect(await timesAsked(jwksUrl)).toBe(2);
    expect(await ask(await sign(old))).toBe("401 token_invalid");
  });

  it("that cannot be had are no fault of the token's, and are asked for again", async ({ expect }) => {
    const key = await aKey();
    const { ask, sign, offer, publish, jwksUrl } = await aSignIn();
    const token = await sign(key);
    // Port 9 (discard) is closed on a machine that runs tests.
    for (const away of ["http://127.0.0.1:9/keys", jwksUrl, `${jwksUrl}?status=503`, `${jwksUrl}?status=302`])
      expect(await ask(token, { JWT_JWKS_URL: away }), away).toBe("503 unavailable");
    for (const text of ["<html>", '{"keys":1}', "null"]) {
      await publish(text);
      expect(await ask(token), text).toBe("503 unavailable");
    }
    await offer(key);
    expect(await ask(token)).toBe("200");
  });

  it("go on being used while their address is unavailable, for a day", async ({ expect }) => {
    const key = await aKey();
    const { ask, sign, publish, offer, jwksUrl } = await aSignIn(key);
    const settings = { exp: Math.floor(Date.now() / 1000) + 7 * 86_400 };
    expect(await ask(await sign(key, settings))).toBe("200");

    await publish("<html>");
    vi.setSystemTime(Date.now() + 11 * 60_000);
    for (const sub of ["anna", "boris", "clara"])
      expect(await ask(await sign(key, { ...settings, sub }))).toBe("200");
    expect(await timesAsked(jwksUrl)).toBe(2);

    vi.setSystemTime(Date.now() + 23 * 3_600_000);
    expect(await ask(await sign(key, settings))).toBe("200");
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(await ask(await sign(key, settings))).toBe("503 unavailable");
    await offer(key);
    expect(await ask(await sign(key, settings))).toBe("200");
  });

  it("are all tried for a token that names none", async ({ expect }) => {
    const keys = [await aKey(), await aKey("ES256"), await aKey()];
    const { ask, sign } = await aSignIn(...keys);
    for (const key of keys) expect(await ask(await sign(key, {}, { kid: undefined }))).toBe("200");
    expect(await ask(await sign(await aKey(), {}, { kid: undefined }))).toBe("401 token_invalid");
  });
});

describe("the type of a token", () => {
  it.for(["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "application/JWT", undefined])(
    "may be %s",
    async (typ, { expect }) => {
      const key = await aKey();
      const { ask, sign } = await aSignIn(key);
      expect(await ask(await sign(key, {}, { typ }))).toBe("200");
    },
  );

  it.for(["logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", ""])("may not be %s", async (typ, { expect }) => {
    const key = await aKey();
    const { ask, sign } = await aSignIn(key);
    expect(await ask(await sign(key, {}, { typ }))).toBe("401 token_invalid");
  });
});

describe("a secret for tokens", () => {
  it("is no secret when it is shorter than a hash", async ({ expect }) => {
    const { ask, claims } = await aSignIn();
    const secret = "x".repeat(31);
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(secret));
    const settings = { JWT_JWKS_URL: undefined, JWT_SECRET: secret };
    expect(await ask(token, settings)).toBe("401 token_invalid");
  });
});

/** What a provider's token holds, as its documentation shows it, for the recipe of that name in docs/sign-in.md. */
const PROVIDERS: Record<string, { alg?: string; header?: object; claims: (organization: string) => object }> =
  {
    Auth0: {
      header: { typ: "at+jwt" },
      claims: (organization) => ({
        sub: "auth0|65f1",
        aud: ["https://waba.example", "https://TENANT.eu.auth0.com/userinfo"],
        org_id: organization,
        scope: "openid profile",
        "https://waba.example/roles": ["agent"],
        "https://waba.example/name": "Anna",
      }),
    },
    Clerk: {
      claims: (organization) => ({
        sub: "user_2b9a",
        v: 2,
        o: { id: organization, rol: "member", slg: "shop" },
      }),
    },
    Supabase: {
      alg: "ES256",
      claims: (organization) => ({
        sub: "9f0c",
        role: "authenticated",
        app_metadata: { provider: "email", organizationId: organization, role: "admin" },
        user_metadata: { full_name: "Anna", role: "owner" },
      }),
    },
    Keycloak: {
      claims: (organization) => ({
        sub: "f1d2",
        aud: ["account", "waba"],
        typ: "Bearer",
        organizationId: organization,
        realm_access: { roles: ["offline_access"] },
        resource_access: { waba: { roles: ["agent"] } },
        name: "Anna",
      }),
    },
    "Microsoft Entra ID": {
      claims: (organization) => ({ sub: "AAAA", tid: organization, roles: ["Inbox.Agent"], ver: "2.0" }),
    },
    "Cloudflare Access": {
      claims: (organization) => ({
        sub: "7335",
        aud: ["AUD_TAG"],
        type: "app",
        email: "anna@example.com",
        custom: { organizationId: organization, groups: ["inbox"] },
      }),
    },
    Firebase: {
      claims: (organization) => ({
        sub: "u1",
        organizationId: organization,
        role: "agent",
        firebase: { sign_in_provider: "password" },
      }),
    },
  };

describe("the recipe for", () => {
  const recipes = [...signInPage.matchAll(/### (.+)\n(?:(?!###)[\s\S])*?```ini\n([^`]*)```/g)].map(
    ([, name = "", text = ""]) => ({
      name,
      settings: Object.fromEntries(
        text
          .trim()
          .split("\n")
          .map((line) => line.split(/=(.*)/s).slice(0, 2)),
      ),
    }),
  );

  it("each provider has its test", ({ expect }) => {
    expect(recipes.map(({ name }) => name)).toEqual(Object.keys(PROVIDERS));
  });

  it.for(recipes)(
    "$name takes its tokens, and those of no other audience",
    async ({ name, settings }, { expect }) => {
      const { alg, header, claims } = PROVIDERS[name] ?? { claims: () => ({}) };
      const key = await aKey(alg);
      const { ask, sign, jwksUrl, organizationId } = await aSignIn(key);
      const externalId = `external-${organizationId}`;
      await connect(env.DATABASE_URL)
        .update(organizations)
        .set({ externalId })
        .where(eq(organizations.id, organizationId));
      const { JWT_ISSUER: iss, JWT_AUDIENCE: aud } = settings;
      const token = { organizationId: undefined, role: undefined, iss, aud, ...claims(externalId) };
      const given = { ...settings, JWT_JWKS_URL: jwksUrl };

      expect(await ask(await sign(key, token, header), given)).toBe("200");
      expect(await ask(await sign(key, { ...token, aud: "another" }, header), given)).toBe(
        "401 token_invalid",
      );
      const unknown = { ...token, ...claims(`no-${externalId}`) };
      expect(await ask(await sign(key, unknown, header), given)).toBe("403 forbidden");
    },
  );
});

describe("the header of Cloudflare Access", () => {
  it("serves as a token, but not for pages of other origins", async ({ expect }) => {
    const key = await aKey();
    const { sign, jwksUrl } = await aSignIn(key);
    const given = { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE };
    const statusWith = async (more: Record<string, string>, settings: object = {}) => {
      const headers = { "cf-access-jwt-assertion": await sign(key), ...more };
      return (await askWith({ ...given, ...settings }, "/api/waba/chats", { headers })).status;
    };
    expect(await statusWith({})).toBe(200);
    expect(await statusWith({ origin: ORIGIN })).toBe(200);
    expect(await statusWith({ origin: "https://evil.example" })).toBe(403);
    const allowed = { ALLOWED_ORIGINS: "https://desk.example" };
    expect(await statusWith({ origin: "https://desk.example" }, allowed)).toBe(200);
    // A bearer token goes before it.
    expect(await statusWith({ authorization: "Bearer nothing" })).toBe(401);
  });
});
