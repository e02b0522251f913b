import { describe, inject, it } from "vitest";
import { diagnose } from "../../src/local/cli/doctor.ts";
import { migrate } from "../../src/local/migrate.ts";
import { freePort } from "../../src/local/ports.ts";
import { VERIFY_TOKEN } from "../support/bindings.ts";
import { between, doctorSystem, META_APP_SECRET, typing, wrong } from "./doctor-system.ts";

const system = doctorSystem();
const { doctor, heal, simulate, setRow } = system;

describe("an address", () => {
  it.for([
    [
      "a login page",
      () => ({ status: 200, type: "text/html", body: "<html>Sign in" }),
      "C10 handshake_not_ours",
    ],
    ["a redirect", () => ({ status: 302, type: "text/plain", body: "" }), "C10 handshake_not_ours"],
    [
      "a quoted body",
      (text: string) => ({ status: 200, type: "text/plain", body: `"${text}"` }),
      "C10 handshake_body_differs",
    ],
    [
      "a refusal",
      () => ({ status: 403, type: "application/problem+json", body: "{}" }),
      "C10 handshake_refused",
    ],
    [
      "a limit",
      () => ({ status: 429, type: "application/problem+json", body: "{}" }),
      "C10 handshake_limited",
    ],
    [
      "another program",
      (text: string) => ({ status: 200, type: "text/plain", body: text }),
      "C10 handshake_takes_any_token",
    ],
  ] as const)("behind %s fails the handshake", async ([, answer, expected], { expect }) => {
    await heal();
    const proxy = await between(system.url, answer);
    const { checks } = await doctor(["--url", proxy.url, "--only", "C09,C10"]);
    proxy.close();
    expect(wrong(checks)).toEqual([expected]);
    expect(wrong((await doctor(["--only", "C09,C10"])).checks)).toEqual([]);
  });

  it("whose Worker has another verify token refuses it", async ({ expect }) => {
    await heal();
    const { checks } = await doctor(["--only", "C10"], typing(), "another-verify-token");
    expect(wrong(checks)).toEqual(["C10 handshake_refused"]);
    await setRow(`"wabaVerifyToken" = 'another-verify-token'`);
    expect(wrong((await doctor(["--only", "C10"])).checks)).toEqual([]);
  });

  it.for([
    ["http://10.1.2.3", "C09 address_private"],
    ["https://printer.local", "C09 address_private"],
    ["https://[fd00::1]", "C09 address_private"],
    ["http://waba.example.com", "C09 address_not_https"],
  ] as const)("such as %s is of no use to Meta", async ([address, expected], { expect }) => {
    const { checks, exitCode } = await doctor(["--url", address]);
    expect(wrong(checks)).toEqual([expected]);
    expect(checks.filter(({ status }) => status === "skip")).toHaveLength(14);
    expect(exitCode).toBe(1);
  });

  it("where all is well needs an admin's token", async ({ expect }) => {
    const variables = { WABA_VERIFY_TOKEN: VERIFY_TOKEN };
    await expect(diagnose(["--url", system.url], variables, typing())).rejects.toThrow("WABA_DOCTOR_JWT");
  });

  it("where nothing answers is named, and no check after it", async ({ expect }) => {
    const { checks } = await doctor(["--url", `http://127.0.0.1:${await freePort()}`]);
    expect(wrong(checks)).toEqual(["C09 address_unreachable"]);
  });
});

describe("a Worker that is not ready", () => {
  it("names migrations that are missing, and functions of another version", async ({ expect }) => {
    await heal();
    const [last] = (await system.database.query(
      `delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations) returning hash, created_at`,
    )) as { hash: string; created_at: string }[];
    expect(wrong((await doctor(["--only", "C15"])).checks)).toEqual(["C15 migrations_missing"]);
    await system.database.query(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${last?.hash}', ${last?.created_at})`,
    );
    await system.database.query(`update drizzle.sql_functions set checksum = 'x' || checksum`);
    expect(wrong((await doctor(["--only", "C15"])).checks)).toEqual(["C15 functions_outdated"]);
    const { pathname } = new URL(system.database.databaseUrl);
    await migrate(Object.assign(new URL(inject("postgresUrl")), { pathname }).href);
    expect(wrong((await doctor(["--only", "C15"])).checks)).toEqual([]);
  });

  it.for([
    ["no database", { DATABASE_URL: "" }, "C15 secrets_missing"],
    [
      "a database that does not answer",
      { DATABASE_URL: "postgres://x:y@127.0.0.1:1/none" },
      "C15 database_unreachable",
    ],
    ["no secret to sign in with", { JWT_SECRET: "" }, "C15 secrets_missing"],
    ["no app secret", { META_APP_SECRET: "" }, "C08 secret_missing"],
    [
      "two app secrets, one of them short",
      { META_APP_SECRET: `${META_APP_SECRET},abc` },
      "C15 secrets_short",
    ],
    [
      "a verify token of the documentation",
      // Not an address of local mode, where that token is right.
      { WABA_VERIFY_TOKEN: "local-verify-token", GRAPH_BASE_URL: "0.0.0.0" },
      "C15 secrets_example",
    ],
    ["no key to seal tokens with", { TOKEN_SEALING_KEY: "" }, "C15 sealing_key_missing"],
    [
      "an address for alarms that it cannot use",
      { ALARM_WEBHOOK_URL: "http://x" },
      "C15 alarm_webhook_unusable",
    ],
  ] as const)("because it has %s names that alone", async ([, vars, expected], { expect }) => {
    await heal();
    const { GRAPH_BASE_URL = "127.0.0.1", WABA_VERIFY_TOKEN }: Record<string, string | undefined> = vars;
    const graph = system.simulatorUrl.replace("127.0.0.1", GRAPH_BASE_URL);
    const other = await system.otherWorker({ ...vars, GRAPH_BASE_URL: graph });
    const url = other.url.replace("/api/waba", "");
    await simulate("/app", { callbackUrl: `${other.url}/webhook` });
    const { checks, exitCode } = await doctor(["--url", url, "--strict"], typing(), WABA_VERIFY_TOKEN);
    await other.close();
    expect(wrong(checks)).toEqual([expected]);
    expect(exitCode).toBe(checks.some(({ status }) => status === "fail") ? 1 : 2);
  });

  it("because its objects fail names that alone", async ({ expect }) => {
    await heal();
    const other = await system.workerOfFailingObjects();
    const { checks, exitCode } = await doctor(["--url", other.url.replace("/api/waba", ""), "--only", "C15"]);
    await other.close();
    expect([wrong(checks), exitCode]).toEqual([["C15 objects_silent"], 1]);
  });
});
