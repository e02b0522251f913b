import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { checkIds } from "../../src/domain/check.ts";
import { diagnose } from "../../src/local/cli/doctor.ts";
import type { Terminal } from "../../src/local/cli/terminal.ts";
import { type Simulator, startSimulator } from "../../src/local/simulator/simulator.ts";
import { VERIFY_TOKEN } from "../support/bindings.ts";
import {
  adminAuthorization,
  type OwnDatabase,
  ownDatabase,
  PHONE_NUMBER_ID,
  realWorker,
} from "./own-system.ts";

export const WABA = "123456789012345";
export const SECOND = "200000000000002";
export const BUSINESS = "506914307656634";
export const META_APP_SECRET = "0123456789abcdef0123456789abcdef";

/** The members of a check that show whether the right one was reported. */
export type Named = {
  id: string;
  status: string;
  code: string;
  title: string;
  why: string | null;
  fix: string | null;
  fixes: { kind: string; wabaPhoneNumberId?: string }[];
};

/** What is wrong, as `C05 number_not_found`. A busy machine's database may seem far away. */
export const wrong = (checks: readonly Named[]) =>
  checks
    .filter(({ status, code }) => (status === "fail" || status === "warn") && code !== "region_far")
    .map(({ id, code }) => `${id} ${code}`);

/** Answers the doctor's questions in their order. */
export const typing = (...answers: string[]): Terminal & { printed: string[] } => {
  const printed: string[] = [];
  return {
    isInteractive: false,
    ask: async (prompt) => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`nobody answers ${prompt}`);
      return answer;
    },
    printed,
    say: (line) => printed.push(line),
    close: () => undefined,
  };
};

/** A Worker of its own with one number, a simulated Meta that can be put into any state, and who looks at them. */
export function doctorSystem() {
  let database: OwnDatabase;
  let simulator: Simulator;
  let worker: Awaited<ReturnType<typeof realWorker>>;
  let authorization = "";
  let phoneId = 0;
  beforeAll(async () => {
    database = await ownDatabase();
    authorization = await adminAuthorization();
    const phone = (id: string, digits: string) => ({
      ...{ id, wabaId: WABA, displayPhoneNumber: digits, verifiedName: "Ours" },
    });
    const phones = [phone(PHONE_NUMBER_ID, "+7 900 123-45-67"), phone(SECOND, "+7 900 765-43-21")];
    simulator = await startSimulator({ port: 0, appSecret: META_APP_SECRET, webhookUrl: null, phones });
    worker = await realWorker(database.databaseUrl, { vars: vars() });
    simulator.setWebhookUrl(`${worker.url}/webhook`);
    const [row] = (await database.query(`select id from "OrganizationPhone"`)) as { id: number }[];
    phoneId = row?.id ?? 0;
  }, 120_000);
  afterAll(async () => {
    await worker.close();
    await simulator.close();
    await database.drop();
  });
  const vars = () => ({ META_APP_SECRET, GRAPH_BASE_URL: simulator.url });
  const urlOf = () => worker.url.replace("/api/waba", "");

  const simulate = async (path: string, change: object = {}, method = "PATCH"): Promise<void> => {
    const answer = await fetch(`${simulator.url}/simulator${path}`, {
      method,
      ...(method !== "DELETE" && { body: JSON.stringify(change) }),
    });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
  };
  const setRow = async (assignments: string): Promise<void> => {
    await database.query(`update "OrganizationPhone" set ${assignments} where id = ${phoneId}`);
  };
  /** As the page calls the API; paths are below `/api/waba/phones`. */
  const request = async (method: string, path: string, body?: object, language = "en"): Promise<Response> =>
    await fetch(`${worker.url}/phones${path}`, {
      method,
      headers: {
        authorization,
        "accept-language": language,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const call = async <Answer>(...args: Parameters<typeof request>): Promise<Answer> => {
    const answer = await request(...args);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${args[0]} ${args[1]}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  };

  return {
    get url() {
      return urlOf();
    },
    get database() {
      return database;
    },
    get simulatorUrl() {
      return simulator.url;
    },
    ...{ simulate, setRow, request },
    /** Another Worker before the same database and the same Meta. */
    otherWorker: (other: Record<string, string>) =>
      realWorker(database.databaseUrl, { vars: { ...vars(), ...other } }),
    /** Another one, whose shards fail when they are asked. */
    workerOfFailingObjects: () =>
      realWorker(database.databaseUrl, {
        vars: vars(),
        define: { FAILPOINTS: "true", MIN_SHARDS: "4" },
        services: {
          FAILPOINT: async ({ url }) => new Response(url.includes("/intake.state") ? "throw" : "go"),
        },
      }),
    /** As arguments: the number, and all checks but C10. The Worker looks at a hundred wrong verify tokens a minute, and no more. */
    get theNumber() {
      const all = checkIds.filter((id) => id !== "C10").join(",");
      return ["--phone", String(phoneId), "--only", all];
    },
    async doctor(args: string[] = [], terminal = typing(), verifyToken = VERIFY_TOKEN) {
      const variables = {
        WABA_DOCTOR_JWT: authorization.replace("Bearer ", ""),
        WABA_VERIFY_TOKEN: verifyToken,
      };
      const given = args.includes("--url") ? args : [...args, "--url", urlOf()];
      return await diagnose(given, variables, terminal);
    },
    /** The page's checks of the stored number. */
    wizard: async (language: string, more: object = {}) =>
      (await call<{ checks: Named[] }>("POST", `/${phoneId}/check`, more, language)).checks,
    /** The page's checks of the row's values, as they are before anything is saved. */
    async wizardBeforeSaving(language: string) {
      const [row] = (await database.query(
        `select "wabaId", "wabaPhoneNumberId", "wabaApiVersion", "wabaAccessToken", "phoneNumber"
         from "OrganizationPhone" where id = ${phoneId}`,
      )) as Record<string, string | null>[];
      const { wabaId, wabaPhoneNumberId, wabaApiVersion, wabaAccessToken, phoneNumber } = row ?? {};
      const values = {
        ...{ wabaId: wabaId ?? "", wabaPhoneNumberId: wabaPhoneNumberId ?? "" },
        ...{ wabaApiVersion, wabaAccessToken: wabaAccessToken ?? "EAAtest", phoneNumber },
      };
      return (await call<{ checks: Named[] }>("POST", "/check", values, language)).checks;
    },
    /** The page's buttons: they change the number, or take a step at Meta. */
    change: (edit: object) => call("PATCH", `/${phoneId}`, edit),
    setUp: (step: string, body?: object) => call("POST", `/${phoneId}/${step}`, body),
    /** Everything as it should be. */
    async heal(): Promise<void> {
      await simulate("/accounts", {}, "DELETE");
      await simulate("/faults", {}, "DELETE");
      await setRow(`"wabaPhoneNumberId" = '${PHONE_NUMBER_ID}', "wabaId" = '${WABA}', "wabaApiVersion" = null,
        "wabaAccessToken" = null, "wabaVerifyToken" = null, "phoneNumber" = '79001234567',
        "connectionType" = 'waba', "disconnectedAt" = null, "disconnectReason" = null`);
    },
    /** The code that Meta has sent to the phone. */
    async codeOnThePhone(): Promise<string> {
      const answer = await fetch(`${simulator.url}/simulator/phones`);
      const { data } = (await answer.json()) as { data: { id: string; code: string }[] };
      return data.find(({ id }) => id === PHONE_NUMBER_ID)?.code ?? "";
    },
  };
}
export type DoctorSystem = ReturnType<typeof doctorSystem>;

/** What stands between Meta and the Worker, and answers its verification in its own way. */
export async function between(
  url: string,
  answer: (challenge: string) => { status: number; type: string; body: string },
) {
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
