import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, describe, it, vi } from "vitest";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import { app } from "../../src/http/app.ts";
import { anOrganization, db } from "../support/build.ts";
import { captureLogs } from "../support/logs.ts";
import { post } from "../support/meta.ts";
import { askWith } from "../support/worker.ts";

type Readiness = { status: string; checks: Record<string, { status: string; detail?: string }> };

const DEAD = "postgres://waba:db-password@127.0.0.1:9/waba";

/** No call leaves the tests: it is refused at once. */
const NEON_ELSEWHERE = "postgres://waba:db-password@ep-quiet-tree-a1b2-pooler.us-east-2.aws.neon.tech/waba";

let clockMs = Date.now();

/** The readiness of a Worker of another configuration; each time asked anew, for a result is reused for 2 seconds. */
async function readinessWith(more: Record<string, string>) {
  clockMs += 10_000;
  vi.setSystemTime(clockMs);
  const answer = await askWith(more, "/readyz");
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
    // Other files may just have a notice that nobody can see; and a busy machine may not answer in time.
    const others = async () => {
      const { notices, ...others } = (await readinessWith({})).checks;
      return notices && Object.values(others).map((check) => check.status);
    };
    await expect.poll(others).toEqual(Array(4).fill("ok"));
  });

  it("is not ready while a critical notice has nobody to see it, and logs that", async ({ expect }) => {
    const wabaId = String(900_000_000_000_000 + Math.floor(Math.random() * 1e12));
    const value = { event: "ACCOUNT_RESTRICTION" };
    const entry = [{ id: wabaId, time: 1_790_000_000, changes: [{ field: "account_update", value }] }];
    const body = JSON.stringify({ object: "whatsapp_business_account", entry });
    const logs = captureLogs();
    const answer = await post(body);
    logs.stop();
    expect(answer.status).toBe(200);
    const [stored] = await db.select().from(webhookEvents).where(eq(webhookEvents.wabaId, wabaId));
    const line = { eventId: stored?.id, code: "unknown_account" };
    expect(logs.lines.filter((text) => text.includes("🚨"))).toEqual([
      `🚨 WABA: Critical notice of an account or phone that no row names: see the stored event ${JSON.stringify(line)}`,
    ]);

    const red = { httpStatus: 503, checks: { notices: { status: "failed" } } };
    await expect.poll(() => readinessWith({})).toMatchObject(red);

    const ground = await anOrganization();
    const which = eq(organizationPhones.id, ground.organizationPhoneId);
    await db.update(organizationPhones).set({ wabaId }).where(which);
    await post(body);
    const ready = { httpStatus: 200, status: "ok", checks: { notices: { status: "ok" } } };
    await expect.poll(() => readinessWith({})).toMatchObject(ready);
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
    [
      { DATABASE_URL: NEON_ELSEWHERE, PLACEMENT_REGION: "aws:eu-central-1" },
      "region",
      "the Worker is placed in aws:eu-central-1, the database in aws:us-east-2",
    ],
    [{ PLACEMENT_GENERATION: "16" }, "secrets", "PLACEMENT_GENERATION from 0 to 15"],
    [{ RETENTION_DAYS: "events=7" }, "secrets", "RETENTION_DAYS in the form events=90,webhooks=30, each 8"],
  ])("is not ready with %j, and says of %s what is missing", async ([more, check, detail], { expect }) => {
    const readiness = await readinessWith(more);
    expect(readiness).toMatchObject({ httpStatus: 503, status: "failed" });
    expect(readiness.checks[check]).toMatchObject({
      status: "failed",
      detail: expect.stringContaining(detail),
    });
    expect(JSON.stringify(readiness)).not.toMatch(/db-password|short"/);
  });

  it("is not ready while its objects are where the database was, until new ones take over", async ({
    expect,
  }) => {
    const shard = env.INTAKE.getByName("shard-0");
    const created = (region: string | undefined) =>
      runInDurableObject(shard, (_, { storage }) =>
        region === undefined ? void storage.kv.delete("region") : storage.kv.put("region", region),
      );
    const moved = { DATABASE_URL: NEON_ELSEWHERE, PLACEMENT_REGION: "aws:us-east-2" };
    const region = async () => (await readinessWith(moved)).checks.region;
    await created("us-east-2");
    expect(await region()).toBeUndefined();
    await created("eu-central-1");
    await expect
      .poll(region)
      .toMatchObject({ status: "failed", detail: expect.stringContaining("raise PLACEMENT_GENERATION") });
    expect((await readinessWith({ ...moved, PLACEMENT_GENERATION: "1" })).checks.region).toBeUndefined();
    await created(undefined);
  });

  it("needs no secret for tokens where another issuer signs them", async ({ expect }) => {
    const readiness = await readinessWith({ JWT_SECRET: "", JWT_JWKS_URL: "https://id.example/keys" });
    expect(readiness.checks.secrets).toEqual({ status: "ok" });
  });
});
