import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { aToken } from "./as.ts";
import { JWT_SECRET } from "./bindings.ts";

type Refused = { name: string; authorization: string | null; status: 401 | 403; code: string };

const SECRET = new TextEncoder().encode(JWT_SECRET);
const IN_AN_HOUR = () => Math.floor(Date.now() / 1000) + 3600;

/** Everything that an `Authorization` header may be without being one of ours. */
export async function badTokens(organizationId: number): Promise<Refused[]> {
  const good = { sub: "anna", organizationId, role: "agent", exp: IN_AN_HOUR() };
  const [header = "", payload = "", signature = ""] = (await signed(good)).split(".");
  const otherKey = await generateKeyPair("RS256", { extractable: true });
  const bringsItsKey = await new SignJWT(good)
    .setProtectedHeader({ alg: "RS256", jwk: await exportJWK(otherKey.publicKey) })
    .sign(otherKey.privateKey);
  const refused = (name: string, token: string, code = "token_invalid"): Refused => ({
    name,
    authorization: `Bearer ${token}`,
    status: 401,
    code,
  });
  const without = (claim: keyof typeof good) =>
    signed(Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim)));
  return [
    { name: "no token", authorization: null, status: 401, code: "token_missing" },
    { name: "an empty one", authorization: "Bearer ", status: 401, code: "token_missing" },
    {
      name: "another scheme",
      authorization: `Basic ${btoa("anna:secret")}`,
      status: 401,
      code: "token_missing",
    },
    refused("a broken one", "not.a.token"),
    refused("half a one", `${header}.${payload}`),
    refused("a cut signature", `${header}.${payload}.${signature.slice(0, -2)}`),
    refused("alg none", `${base64Url({ alg: "none" })}.${payload}.`),
    refused("alg none with a signature", `${base64Url({ alg: "none" })}.${payload}.${signature}`),
    refused("another payload", `${header}.${base64Url({ ...good, role: "admin" })}.${signature}`),
    refused("another algorithm", await signed(good, "HS512")),
    refused(
      "another secret",
      await signed(good, "HS256", new TextEncoder().encode("not our secret ".repeat(4))),
    ),
    refused("a key of its own", bringsItsKey),
    refused("another kind of token", await signed(good, "HS256", SECRET, "logout+jwt")),
    refused(
      "an expired one",
      await aToken({ organizationId, role: "agent" }, "anna", new Date(0)),
      "token_expired",
    ),
    refused("one that never expires", await without("exp")),
    refused("one that is not valid yet", await signed({ ...good, nbf: IN_AN_HOUR() })),
    refused("nobody's", await without("sub")),
    refused("an empty sub", await signed({ ...good, sub: "" })),
    refused("no organization", await without("organizationId")),
    refused("a list of organizations", await signed({ ...good, organizationId: [organizationId] })),
    refused("half an organization", await signed({ ...good, organizationId: organizationId + 0.5 })),
    refused("an organization beyond integers", await signed({ ...good, organizationId: 2 ** 31 })),
    refused("no role", await without("role")),
    refused("an unknown role", await signed({ ...good, role: "owner" })),
    {
      name: "an organization by a name that none has",
      authorization: `Bearer ${await signed({ ...good, organizationId: `0${organizationId}` })}`,
      status: 403,
      code: "forbidden",
    },
    {
      name: "an organization that does not exist",
      authorization: `Bearer ${await signed({ ...good, organizationId: 2_147_483_647 })}`,
      status: 403,
      code: "forbidden",
    },
  ];
}

/** Signed with our secret, whatever it claims. */
export async function signed(
  claims: Record<string, unknown>,
  alg = "HS256",
  secret: Uint8Array = SECRET,
  typ = "JWT",
): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader({ alg, typ }).sign(secret);
}

function base64Url(value: object): string {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
