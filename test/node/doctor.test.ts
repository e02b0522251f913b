import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, it } from "vitest";
import { checkCodes } from "../../src/domain/check.ts";
import { diagnose } from "../../src/local/cli/doctor.ts";
import type { Reported } from "../../src/local/cli/doctor-report.ts";
import type { Terminal } from "../../src/local/cli/terminal.ts";
import { freePort } from "../../src/local/ports.ts";
import { type Simulator, startSimulator } from "../../src/local/simulator/simulator.ts";
import { JWT_SECRET, VERIFY_TOKEN } from "../support/bindings.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID, realWorker } from "./own-system.ts";

const WABA = "123456789012345";
const SECOND = "200000000000002";
const BUSINESS = "506914307656634";
const APP_SECRET = "0123456789abcdef0123456789abcdef";

let database: OwnDatabase;
let simulator: Simulator;
let worker: Awaited<ReturnType<typeof realWorker>>;
let phoneId = 0;
let url = "";

beforeAll(async () => {
  database = await ownDatabase();
  const phone = (id: string, digits: string) => ({
    ...{ id, wabaId: WABA, displayPhoneNumber: digits, verifiedName: "Ours" },
  });
  const phones = [phone(PHONE_NUMBER_ID, "+7 900 123-45-67"), phone(SECOND, "+7 900 765-43-21")];
  simulator = await startSimulator({ port: 0, appSecret: APP_SECRET, webhookUrl: null, phones });
  const vars = { META_APP_SECRET: APP_SECRET, GRAPH_BASE_URL: simulator.url };
  worker = await realWorker(database.databaseUrl, { vars });
  simulator.setWebhookUrl(`${worker.url}/webhook`);
  url = worker.url.replace("/api/waba", "");
  const [row] = (await database.query(`select id from "OrganizationPhone"`)) as { id: number }[];
  phoneId = row?.id ?? 0;
}, 120_000);
afterAll(async () => {
  await worker.close();
  await simulator.close();
  await database.drop();
});

/** Answers the doctor's questions in their order. */
const typing = (...answers: string[]): Terminal => ({
  isInteractive: false,
  ask: async (prompt) => {
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`nobody answers ${prompt}`);
    return answer;
  },
  close: () => undefined,
});

async function doctor(args: string[] = [], terminal = typing()) {
  const token = await new SignJWT({ organizationId: 1, role: "admin" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("anna")
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  const variables = { WABA_DOCTOR_JWT: token, WABA_VERIFY_TOKEN: VERIFY_TOKEN };
  const given = args.includes("--url") ? args : [...args, "--url", url];
  return await diagnose(given, variables, terminal);
}

/** What is wrong, as `C05 number_not_found`. A busy machine's database may seem far away. */
const wrong = (checks: Reported[]) =>
  checks
    .filter(({ status, code }) => (status === "fail" || status === "warn") && code !== "region_far")
    .map(({ id, code }) => `${id} ${code}`);

async function simulate(path: string, change: object, method = "PATCH"): Promise<void> {
  const answer = await fetch(`${simulator.url}/simulator${path}`, {
    method,
    ...(method !== "DELETE" && { body: JSON.stringify(change) }),
  });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
}

const row = (assignments: string) => async () => {
  await database.query(`update "OrganizationPhone" set ${assignments} where id = ${phoneId}`);
};
const phone = (change: object) => () => simulate(`/phones/${PHONE_NUMBER_ID}`, change);
const waba = (change: object) => () => simulate(`/wabas/${WABA}`, change);
const token = (change: object) => () => simulate("/tokens", change);
const app = (change: object) => () => simulate("/app", change);

async function heal(): Promise<void> {
  await simulate("/accounts", {}, "DELETE");
  await simulate("/faults", {}, "DELETE");
  await row(`"wabaPhoneNumberId" = '${PHONE_NUMBER_ID}', "wabaId" = '${WABA}', "wabaApiVersion" = null,
    "wabaAccessToken" = null, "phoneNumber" = '79001234567', "connectionType" = 'waba'`)();
}

type State = [what: string, breakIt: () => Promise<void>, expected: string];

const blocked = (state: string) => ({
  health_status: {
    can_send_message: state,
    entities: [
      {
        ...{ entity_type: "PHONE_NUMBER", id: PHONE_NUMBER_ID, can_send_message: state },
        errors: [{ error_code: 141006, error_description: "No payment", possible_solution: "Add a card" }],
      },
    ],
  },
});

const states: State[] = [
  ["the phone in place of its id", row(`"wabaPhoneNumberId" = '79001234567'`), "C01 id_is_phone"],
  ["a space before the account's id", row(`"wabaId" = ' ${WABA}'`), "C01 value_padded"],
  ["a short id", row(`"wabaId" = '12345'`), "C01 id_malformed"],
  ["no account", row(`"wabaId" = null`), "C01 value_missing"],
  ["the same id twice", row(`"wabaId" = '${PHONE_NUMBER_ID}'`), "C01 ids_equal"],
  ["a version without v", row(`"wabaApiVersion" = '25.0'`), "C01 version_malformed"],
  ["a token in quotes", row(`"wabaAccessToken" = '''EAAx'''`), "C01 value_padded"],
  ["what is no token", row(`"wabaAccessToken" = 'abcdefgh'`), "C01 token_malformed"],
  [
    "a secret that is not there",
    row(`"wabaAccessToken" = 'secret:WABA_ACCESS_TOKEN_NONE'`),
    "C01 token_missing",
  ],
  ["a damaged sealed token", row(`"wabaAccessToken" = 'sealed:v1:00000000:AA:BB'`), "C01 token_unopened"],
  ["a revoked token", token({ revoked: true }), "C02 token_invalid"],
  ["an expired token", token({ expiresAt: 1 }), "C02 token_invalid"],
  ["a token that ends", token({ expiresAt: 1_893_456_000 }), "C02 token_expires"],
  ["a person's token", token({ type: "USER" }), "C02 token_personal"],
  ["a permission too few", token({ scopes: ["whatsapp_business_messaging"] }), "C03 permission_missing"],
  ["an account that is not assigned", token({ wabaIds: ["99999"] }), "C03 waba_not_assigned"],
  ["a wrong account", row(`"wabaId" = '999999999999999'`), "C04 waba_not_found"],
  [
    "ids that are swapped",
    row(`"wabaId" = "wabaPhoneNumberId", "wabaPhoneNumberId" = "wabaId"`),
    "C04 ids_swapped",
  ],
  ["the business in place of the account", row(`"wabaId" = '${BUSINESS}'`), "C04 waba_other_object"],
  ["an account in review", waba({ account_review_status: "PENDING" }), "C04 waba_in_review"],
  ["a refused account", waba({ account_review_status: "REJECTED" }), "C04 waba_refused"],
  ["a number of another account", phone({ wabaId: "555555555555555" }), "C05 number_not_found"],
  [
    "an unregistered number",
    phone({ status: "DISCONNECTED", platform_type: "NOT_APPLICABLE" }),
    "C06 not_registered",
  ],
  ["an unverified number", phone({ code_verification_status: "NOT_VERIFIED" }), "C06 not_verified"],
  ["a banned number", phone({ status: "BANNED" }), "C06 number_banned"],
  ["a declined name", phone({ name_status: "DECLINED" }), "C06 name_not_approved"],
  ["a test number", phone({ account_mode: "SANDBOX" }), "C06 test_number"],
  ["low quality", phone({ quality_rating: "RED" }), "C06 quality_low"],
  ["another phone than Meta's", row(`"phoneNumber" = '79009999999'`), "C06 phone_differs"],
  ["a blocked number", phone(blocked("BLOCKED")), "C07 health_blocked"],
  ["a limited account", waba(blocked("LIMITED")), "C07 health_limited"],
  ["another app's secret", app({ secret: "of another app" }), "C08 secret_other_app"],
  ["no webhook", app({ fields: [] }), "C11 webhook_not_set"],
  ["another callback", app({ callbackUrl: "https://old.example.com/webhook" }), "C11 webhook_other_address"],
  ["messages not ticked", app({ fields: ["account_update"] }), "C11 webhook_without_messages"],
  ["useful fields not ticked", app({ fields: ["messages"] }), "C11 webhook_fields_missing"],
  ["an app that is not subscribed", waba({ subscribed: false }), "C12 app_not_subscribed"],
  [
    "an account's override",
    waba({ callbackUrl: "https://old.example.com/webhook" }),
    "C12 callback_overridden",
  ],
  [
    "a number's override",
    phone({ callbackUrl: "https://old.example.com/webhook" }),
    "C12 callback_overridden",
  ],
  ["a version that ended", row(`"wabaApiVersion" = 'v19.0'`), "C15 version_ended"],
  ["a version that nobody knows", row(`"wabaApiVersion" = 'v99.0'`), "C15 version_unknown"],
  ["a clock that is wrong", app({ clockOffsetSeconds: 120 }), "C15 clock_differs"],
];

describe("the doctor", () => {
  it("finds nothing wrong with a number that works", async ({ expect }) => {
    await heal();
    const { checks, exitCode } = await doctor();
    expect(wrong(checks)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(checks.map(({ id }) => id).toSorted()).toEqual(Object.keys(checkCodes));
  });

  it.for(states)(
    "names %s, once, in both languages, and nothing once it is mended",
    async ([, breakIt, expected], { expect }) => {
      await heal();
      await breakIt();

      const english = await doctor(["--strict"]);
      const russian = await doctor(["--lang", "ru", "--only", expected.slice(0, 3)]);

      expect(wrong(english.checks)).toEqual([expected]);
      expect(wrong(russian.checks)).toEqual([expected]);
      const isFailure = english.checks.some(({ status }) => status === "fail");
      expect(english.exitCode).toBe(isFailure ? 1 : 2);
      const found = (checks: Reported[]) => checks.find(({ code }) => expected.endsWith(code));
      const [inEnglish, inRussian] = [found(english.checks), found(russian.checks)];
      expect(inRussian?.title).not.toBe(inEnglish?.title);
      for (const text of [inEnglish?.why, inEnglish?.fix]) expect(text).toMatch(/^[^{}]*[a-z][^{}]*$/);
      for (const text of [inRussian?.why, inRussian?.fix]) expect(text).toMatch(/^[^{}]+$/);
      expect(`${inRussian?.title} ${inRussian?.why} ${inRussian?.fix}`).toMatch(/[а-я]/);
      expect(JSON.stringify(english.checks)).not.toContain("EAAtest");

      await heal();
      expect(wrong((await doctor(["--only", expected.slice(0, 3)])).checks)).toEqual([]);
    },
  );
});

describe("a fix that is offered", () => {
  it("subscribes the app", async ({ expect }) => {
    await heal();
    await waba({ subscribed: false })();
    expect(wrong((await doctor(["--fix"])).checks)).toEqual([]);
  });

  it("registers the number with the PIN that is typed", async ({ expect }) => {
    await heal();
    await phone({ status: "DISCONNECTED", platform_type: "NOT_APPLICABLE", pin: "654321" })();
    await expect(doctor(["--fix"], typing("123456"))).rejects.toThrow(/PIN/i);
    expect(wrong((await doctor(["--fix"], typing("654321"))).checks)).toEqual([]);
  });
});

describe("the ends of a number's way", () => {
  it("says when nothing comes in, and when something does", async ({ expect }) => {
    await heal();
    const silent = await doctor(["--wait", "1", "--only", "C13"]);
    expect(wrong(silent.checks)).toEqual(["C13 inbound_nothing"]);
    let hasEnded = false;
    const waiting = doctor(["--wait", "20", "--only", "C13"]).finally(() => {
      hasEnded = true;
    });
    // Only what comes in after the doctor has begun to wait counts: the customer writes until then.
    while (!hasEnded) {
      await simulate("/customers/79160000001/messages", { type: "text", text: { body: "hi" } }, "POST");
      await Promise.race([waiting, wait(500)]);
    }
    expect((await waiting).checks).toMatchObject([{ id: "C13", status: "pass" }]);
  });

  it("names webhooks that come with another app's signature", { timeout: 120_000 }, async ({ expect }) => {
    await heal();
    // A message of seconds ago counts as well, since Meta's clock is not ours.
    const check = async () => wrong((await doctor(["--wait", "1", "--only", "C13"])).checks);
    await expect.poll(check, { timeout: 60_000 }).toEqual(["C13 inbound_nothing"]);
    await simulate("/faults", { badSignature: { times: 10_000 } }, "POST");
    let hasEnded = false;
    const waiting = doctor(["--wait", "20", "--only", "C13"]).finally(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      await simulate("/customers/79160000009/messages", { type: "text", text: { body: "hi" } }, "POST");
      await Promise.race([waiting, wait(500)]);
    }
    expect(wrong((await waiting).checks)).toEqual(["C13 inbound_bad_signature"]);
  });

  it("sends a test message, and says why it failed", async ({ expect }) => {
    await heal();
    const sent = await doctor(["--to", "+79160000002", "--only", "C14"]);
    expect(sent.checks).toMatchObject([{ id: "C14", status: "pass", code: "outbound_ok" }]);
    await simulate("/faults", { failed: { code: 131026, times: 1 } }, "POST");
    const failed = await doctor(["--to", "+79160000003", "--only", "C14"]);
    expect(wrong(failed.checks)).toEqual(["C14 outbound_failed"]);
    expect(failed.checks[0]?.why).toContain("Message cannot be delivered");
  });
});

describe("an address", () => {
  /** What stands between Meta and the Worker, and answers its verification in its own way. */
  async function between(answer: (challenge: string) => { status: number; type: string; body: string }) {
    const server = createServer(async (request, response) => {
      const asked = new URL(request.url ?? "/", url);
      if (asked.pathname === "/api/waba/webhook") {
        const { status, type, body } = answer(asked.searchParams.get("hub.challenge") ?? "");
        return response.writeHead(status, { "content-type": type }).end(body);
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = Object.entries(request.headers).filter(
        ([name]) => !["host", "connection", "content-length"].includes(name),
      );
      const passed = await fetch(asked, {
        method: request.method ?? "GET",
        headers: headers as [string, string][],
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      response.writeHead(passed.status, { "content-type": passed.headers.get("content-type") ?? "" });
      response.end(Buffer.from(await passed.arrayBuffer()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  }

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
      "another program",
      (text: string) => ({ status: 200, type: "text/plain", body: text }),
      "C10 handshake_takes_any_token",
    ],
  ] as const)("behind %s fails the handshake", async ([, answer, expected], { expect }) => {
    await heal();
    const proxy = await between(answer);
    const { checks } = await doctor(["--url", proxy.url, "--only", "C09,C10"]);
    proxy.close();
    expect(wrong(checks)).toEqual([expected]);
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

  it("where nothing answers is named, and no check after it", async ({ expect }) => {
    const { checks } = await doctor(["--url", `http://127.0.0.1:${await freePort()}`]);
    expect(wrong(checks)).toEqual(["C09 address_unreachable"]);
  });
});

describe("a Worker that is not ready", () => {
  it("names migrations that are missing, and functions of another version", async ({ expect }) => {
    await heal();
    const [last] = (await database.query(
      `delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations) returning hash, created_at`,
    )) as { hash: string; created_at: string }[];
    expect(wrong((await doctor(["--only", "C15"])).checks)).toEqual(["C15 migrations_missing"]);
    await database.query(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${last?.hash}', ${last?.created_at})`,
    );
    await database.query(`update drizzle.sql_functions set checksum = 'x' || checksum`);
    expect(wrong((await doctor(["--only", "C15"])).checks)).toEqual(["C15 functions_outdated"]);
    await database.query(`update drizzle.sql_functions set checksum = substr(checksum, 2)`);
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
  ] as const)("because it has %s says so", async ([, vars, expected], { expect }) => {
    await heal();
    const settings = { META_APP_SECRET: APP_SECRET, GRAPH_BASE_URL: simulator.url, ...vars };
    const other = await realWorker(database.databaseUrl, { vars: settings });
    const { checks, exitCode } = await doctor(["--url", other.url]);
    await other.close();
    expect(wrong(checks)).toContain(expected);
    expect(exitCode).toBe(1);
  });
});
