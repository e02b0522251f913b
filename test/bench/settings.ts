import { join } from "node:path";
import { SignJWT } from "jose";

export const ROOT = join(import.meta.dirname, "../..");
/** For files that a run creates and later removes. On the disk of the checkout, because /tmp may be in memory. */
export const SCRATCH = join(ROOT, "dist/bench");

export const APP_SECRET = "bench-app-secret";
const JWT_SECRET = "a secret for the benchmark, 32 or more";

/** The business phones that every system has. */
export const PHONES = Array.from({ length: 16 }, (_, n) => ({
  id: n + 1,
  phoneNumberId: `2000000000000${String(n + 1).padStart(2, "0")}`,
  phoneNumber: `790012345${String(n + 1).padStart(2, "0")}`,
}));
export const FIRST_PHONE = "200000000000001";

/** The settings of the Worker, which the peers use too. */
export function settings(databaseUrl: string, graphUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    META_APP_SECRET: APP_SECRET,
    WABA_VERIFY_TOKEN: "bench-verify-token",
    WABA_ACCESS_TOKEN: "EAAbench",
    TOKEN_SEALING_KEY: Buffer.from("sealing key of 32 bytes: a bench").toString("base64"),
    SIGNING_KEY: Buffer.from("signing key of 32 bytes: a bench").toString("base64"),
    JWT_SECRET,
    GRAPH_BASE_URL: graphUrl,
  };
}

/** A token for an agent of organization 1, valid for an hour. */
export async function agentToken(sub = "anna"): Promise<string> {
  return await new SignJWT({ organizationId: 1, role: "agent", name: sub })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(sub)
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
}
