/** Who is signed in, as far as the token says. The server verifies it; the page only reads it. */
export type Session = {
  token: string;
  sub: string;
  name: string;
  /** The organization as the token names it; with the `sub` it says whose drafts are whose. */
  organization: string;
  /** Null when the token names the role in its own way: then the server's answers decide. */
  role: "agent" | "admin" | null;
  expiresAtMs: number;
};

/** Reads a token that was pasted, with or without "Bearer" and white space. Null when it is not a JWT with `sub` and `exp`. */
export function parseToken(text: string): Session | null {
  const token = text.trim().replace(/^Bearer\s+/i, "");
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return null;
  const claims = parseClaims(token.split(".")[1] ?? "");
  if (typeof claims?.sub !== "string" || typeof claims.exp !== "number") return null;
  const { sub, exp, name, role, organizationId } = claims;
  return {
    token,
    sub,
    name: typeof name === "string" && name.trim() !== "" ? name : sub,
    organization: String(organizationId ?? ""),
    role: role === "agent" || role === "admin" ? role : null,
    expiresAtMs: exp * 1000,
  };
}

/** Whether what one agent stored may be shown to the other. */
export function isSameAgent(a: Session, b: Session): boolean {
  return a.sub === b.sub && a.organization === b.organization;
}

/** The token of an address such as `/#token=…`; null when the hash has none. */
export function tokenInHash(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token");
}

function parseClaims(part: string): Record<string, unknown> | null {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (byte) =>
      byte.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
