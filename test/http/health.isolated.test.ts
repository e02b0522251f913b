import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";
import { app } from "../../src/http/app.ts";
import { ask } from "../support/worker.ts";

type Readiness = { status: string; checks: Record<string, { status: string; detail?: string }> };

const DEAD = "postgres://waba:db-password@127.0.0.1:9/waba";

let asked = 0;

/** What a Worker of another configuration says of itself; each time asked anew, for a result is reused for 2 seconds. */
async function readinessWith(more: Record<string, string>) {
  asked += 1;
  vi.setSystemTime(Date.now() + asked * 10_000);
  const answer = await app.request("/readyz", {}, { ...env, ...more });
  return { httpStatus: answer.status, ...(await answer.json<Readiness>()) };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("health", () => {
  it("is alive without anything behind it", async ({ expect }) => {
    const answer = await app.request("/healthz", {}, {});
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: "ok" });
  });

  it("is ready with all it needs, for anyone who asks", async ({ expect }) => {
    const answer = await ask("/readyz");
    expect(answer.status).toBe(200);
    const { status, checks } = await answer.json<Readiness>();
    expect([status, ...Object.values(checks).map((check) => check.status)]).toEqual(Array(5).fill("ok"));
  });

  it.for<[Record<string, string>, string, string]>([
    [{ DATABASE_URL: "" }, "postgres", "DATABASE_URL is not set"],
    [{ DATABASE_URL: DEAD }, "postgres", "cannot be reached"],
    [{ META_APP_SECRET: "" }, "secrets", "META_APP_SECRET"],
    [{ META_APP_SECRET: " , " }, "secrets", "META_APP_SECRET"],
    [{ WABA_VERIFY_TOKEN: "" }, "secrets", "WABA_VERIFY_TOKEN"],
    [{ SIGNING_KEY: "" }, "secrets", "SIGNING_KEY"],
    [{ JWT_SECRET: "" }, "secrets", "JWT_SECRET or JWT_JWKS_URL"],
    [{ JWT_SECRET: "short" }, "secrets", "JWT_SECRET of 32 bytes"],
    // Port 9 (discard) is closed on a machine that runs tests.
    [{ JWT_JWKS_URL: "http://127.0.0.1:9/keys" }, "signInKeys", "JWT_JWKS_URL gives no keys"],
    [{ JWT_ROLES: "boss=owner" }, "secrets", "JWT_ROLES"],
  ])("is not ready with %j, and says of %s what is missing", async ([more, check, detail], { expect }) => {
    const said = await readinessWith(more);
    expect(said).toMatchObject({ httpStatus: 503, status: "failed" });
    expect(said.checks[check]).toMatchObject({ status: "failed", detail: expect.stringContaining(detail) });
    expect(JSON.stringify(said)).not.toMatch(/db-password|short"/);
  });

  it("needs no secret for tokens where another issuer signs them", async ({ expect }) => {
    const said = await readinessWith({ JWT_SECRET: "", JWT_JWKS_URL: "https://id.example/keys" });
    expect(said.checks.secrets).toEqual({ status: "ok" });
  });
});
