import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { doctorSystem, WABA, wrong } from "./doctor-system.ts";
import { codesOf, tablesOf } from "./markdown.ts";
import { asAgent, PHONE_NUMBER_ID } from "./own-system.ts";

const ROOT = join(import.meta.dirname, "../..");
const system = doctorSystem();
const { doctor, heal, setRow, simulate } = system;
const NOBODY_AT_META = "200000000000404";

/** What an agent sees who writes to a customer: the problem's title. */
async function refusalOfASend(): Promise<string> {
  const send = await asAgent(`${system.url}/api/waba`, "anna", "admin");
  const body = { organizationPhoneId: 1, to: "79160000077", type: "text", message: "Good morning" };
  const answer = await send("/send", body, { "idempotency-key": crypto.randomUUID() });
  return ((await answer.json()) as { title?: string }).title ?? `no problem: ${answer.status}`;
}

type Problem = {
  what: string;
  provoke: () => Promise<void>;
  /** What the send is refused with; null where the problem is with what comes in. */
  seen: string | null;
  check: string;
};

const atMeta = (change: object) => () => simulate(`/phones/${PHONE_NUMBER_ID}`, change);
const blocked = { can_send_message: "BLOCKED", entities: [] };
const cards = [{ error_code: 141006, error_description: "No payment", possible_solution: "Add a card" }];
const problems: Problem[] = [
  {
    what: "Phone number not found",
    provoke: () => setRow(`"wabaPhoneNumberId" = '${NOBODY_AT_META}'`),
    seen: "Phone number not found",
    check: "C05 number_not_found",
  },
  {
    what: "webhook gets nothing",
    provoke: () => simulate(`/wabas/${WABA}`, { subscribed: false }),
    seen: null,
    check: "C12 app_not_subscribed",
  },
  {
    what: "webhook gets nothing",
    provoke: () => simulate("/app", { fields: ["account_update"] }),
    seen: null,
    check: "C11 webhook_without_messages",
  },
  {
    what: "webhook gets nothing",
    provoke: () => simulate("/app", { secret: "of another app" }),
    seen: null,
    check: "C08 secret_other_app",
  },
  {
    what: "messages are not sent",
    provoke: atMeta({ status: "DISCONNECTED", platform_type: "NOT_APPLICABLE" }),
    seen: "Number is not registered",
    check: "C06 not_registered",
  },
  {
    what: "messages are not sent",
    provoke: atMeta({
      health_status: { ...blocked, entities: [{ ...blocked, entity_type: "PHONE_NUMBER", errors: cards }] },
    }),
    seen: "Payment problem",
    check: "C07 health_blocked",
  },
  // Last: with a token that is refused the number's sends pause.
  {
    what: "Invalid access token",
    provoke: () => simulate("/tokens", { revoked: true }),
    seen: "Invalid access token",
    check: "C02 token_invalid",
  },
];

describe("a typical problem of the guide", () => {
  it.for(problems.map((problem) => [problem.what, problem.check, problem] as const))(
    "%s, because of %s, is named with its cause and its fix",
    async ([what, , { provoke, seen, check }], { expect }) => {
      await heal();
      await provoke();

      if (seen !== null) expect(await refusalOfASend()).toBe(seen);
      const live =
        seen === null ? ["--wait", "1", "--only", "C13"] : ["--to", "+79160000077", "--only", "C14"];
      const { checks, exitCode } = await doctor(["--phone", "1", ...live]);
      expect([wrong(checks), exitCode]).toEqual([[check], 1]);
      const found = checks.find(({ status }) => status === "fail");
      expect([found?.why, found?.fix]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
      if (seen === what) expect(found?.title).toContain(what);
      for (const page of ["docs/connect.md", "docs/ru/connect.md", "docs/troubleshooting.md"])
        expect(await rowOf(page, what), page).toContain(`#${check.slice(0, 3).toLowerCase()})`);
    },
  );

  it("messages are not sent, because the customer has not written first, says what to do", async ({
    expect,
  }) => {
    await heal();
    // Another token than the one that Meta has refused.
    await setRow(`"wabaAccessToken" = 'EAAanother0123456789'`);
    expect(await refusalOfASend()).toMatch(/customer has not written first: use a template message/i);
    const page = await readFile(join(ROOT, "docs/troubleshooting.md"), "utf8");
    expect(
      tablesOf(page)
        .flat()
        .flatMap(([quoted = ""]) => codesOf(quoted)),
    ).toContain("The customer has not written first: use a template message");
  });

  /** In Russian the guide calls two of them by Russian names. */
  const russian: Record<string, string> = {
    "webhook gets nothing": "вебхук не срабатывает",
    "messages are not sent": "сообщения не уходят",
  };

  async function rowOf(page: string, what: string): Promise<string> {
    const name = page.includes("/ru/") ? (russian[what] ?? what) : what;
    const rows = tablesOf(await readFile(join(ROOT, page), "utf8")).flat();
    return rows.find(([first = ""]) => first.includes(name))?.join(" | ") ?? `${page} has no row of ${name}`;
  }
});
