import { join } from "node:path";
import { SignJWT } from "jose";

export const ROOT = join(import.meta.dirname, "../..");
/** Everything that a run makes and later removes; on the disk of the checkout, for /tmp may lie in memory. */
export const SCRATCH = join(ROOT, "dist/bench");

export const APP_SECRET = "bench-app-secret";
const JWT_SECRET = "a secret for the benchmark, 32 or more";

/** The business numbers that every system has: `id` in the table, and Meta's phone number id. */
export const PHONES = Array.from({ length: 16 }, (_, n) => ({
  id: n + 1,
  phoneNumberId: `2000000000000${String(n + 1).padStart(2, "0")}`,
  phoneNumber: `790012345${String(n + 1).padStart(2, "0")}`,
}));
export const FIRST_PHONE = "200000000000001";

/** The settings of the Worker and of every peer: the names are the product's. */
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

/** A token of an agent of organization 1, for an hour. */
export async function agentToken(sub = "anna"): Promise<string> {
  return await new SignJWT({ organizationId: 1, role: "agent", name: sub })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(sub)
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
}
