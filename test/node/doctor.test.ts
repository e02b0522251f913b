import { setTimeout as wait } from "node:timers/promises";
import { describe, it, vi } from "vitest";
import { checkCodes } from "../../src/domain/check.ts";
import { NoAnswer } from "../../src/local/cli/terminal.ts";
import { brokenStates } from "./broken-states.ts";
import { doctorSystem, type Named, SECOND, typing, WABA, wrong } from "./doctor-system.ts";
import { PHONE_NUMBER_ID } from "./own-system.ts";

const system = doctorSystem();
const { doctor, heal, simulate, wizard, wizardBeforeSaving } = system;
const states = brokenStates(system);
const atMeta = (change: object) => simulate(`/phones/${PHONE_NUMBER_ID}`, change);

describe("the doctor and the wizard", () => {
  it("find nothing wrong with a number that works", async ({ expect }) => {
    await heal();
    const { checks, exitCode } = await doctor();
    expect(wrong(checks)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(checks.map(({ id }) => id).toSorted()).toEqual(Object.keys(checkCodes));
    expect(wrong(await wizard("en"))).toEqual([]);
    expect(wrong(await wizardBeforeSaving("en"))).toEqual([]);
  });

  it.for(states.map((state) => [state.what, state] as const))(
    "name %s, alone and in both languages, and nothing once its fix was carried out",
    async ([, { breakIt, expected, fixText, repair, isStored }], { expect }) => {
      await heal();
      await breakIt();

      const english = await doctor(["--strict", ...system.theNumber]);
      const russian = await doctor(["--lang", "ru", ...system.theNumber]);
      const pages = [
        await wizard("ru"),
        ...(isStored ? [] : [await wizardBeforeSaving("en"), await wizardBeforeSaving("ru")]),
      ];

      for (const checks of [english.checks, russian.checks, ...pages])
        expect(wrong(checks)).toEqual([expected]);
      const isFailure = english.checks.some(({ status }) => status === "fail");
      expect(english.exitCode).toBe(isFailure ? 1 : 2);
      const [inEnglish, inRussian, ...onPages] = [english.checks, russian.checks, ...pages].map((checks) =>
        textsOf(checks, expected),
      );
      expect(inEnglish?.[2]).toContain(fixText);
      for (const text of inEnglish ?? []) expect(text).toMatch(/^[^{}а-яё]*[a-z][^{}а-яё]*$/i);
      for (const text of inRussian ?? []) expect(text).toMatch(/^[^{}]*[а-яё][^{}]*$|^Совет Meta/i);
      // Meta's own words are in its language.
      for (const texts of onPages) expect([inEnglish, inRussian]).toContainEqual(texts);
      expect(JSON.stringify([english.checks, ...pages])).not.toMatch(/EAAtest|EAAsaved/);

      await repair(english.checks.find(({ code }) => expected.endsWith(code)) as Named);
      expect(wrong((await doctor(system.theNumber)).checks)).toEqual([]);
    },
  );

  /** Title, why and fix of what was expected. */
  function textsOf(checks: readonly Named[], expected: string) {
    const found = checks.find(({ code }) => expected.endsWith(code));
    // A clock goes on between two looks.
    return [found?.title, found?.why, found?.fix].map((text) => text?.replace(/-1\d\d/, "-120"));
  }
});

describe("--fix", () => {
  const unregistered = { status: "DISCONNECTED", platform_type: "NOT_APPLICABLE" };

  it("subscribes the app", async ({ expect }) => {
    await heal();
    await simulate(`/wabas/${WABA}`, { subscribed: false });
    expect(wrong((await doctor(["--fix"])).checks)).toEqual([]);
  });

  it("registers the number with the PIN that is typed, and says why Meta refuses another", async ({
    expect,
  }) => {
    await heal();
    await atMeta({ ...unregistered, pin: "654321" });
    const refused = await doctor(["--fix"], typing("123456"));
    expect(wrong(refused.checks)).toEqual(["C06 not_registered"]);
    expect(refused.checks.find(({ id }) => id === "C06")?.fix).toMatch(/PIN/);
    expect(refused.exitCode).toBe(1);
    expect(wrong((await doctor(["--fix"], typing("654321"))).checks)).toEqual([]);
  });

  it("verifies the number with the code that Meta sends, then registers it", async ({ expect }) => {
    await heal();
    await atMeta({ ...unregistered, code_verification_status: "NOT_VERIFIED" });
    const answers = [async () => "sms", () => system.codeOnThePhone(), async () => "123456"];
    const operator = { ...typing(), ask: async () => (await answers.shift()?.()) ?? "nothing more" };
    expect(wrong((await doctor(["--fix"], operator)).checks)).toEqual([]);
    expect(answers).toEqual([]);
  });

  it("leaves alone what nobody has typed, and what is not asked for", async ({ expect }) => {
    await heal();
    await atMeta(unregistered);
    await simulate(`/wabas/${WABA}`, { subscribed: false });
    expect(wrong((await doctor([])).checks)).toEqual(["C06 not_registered", "C12 app_not_subscribed"]);
    const nobody = { ...typing(), ask: () => Promise.reject(new NoAnswer("nobody is there")) };
    const { checks } = await doctor(["--fix"], nobody);
    expect(wrong(checks)).toEqual(["C06 not_registered"]);
    expect(checks.find(({ id }) => id === "C06")?.fix).toContain("Register it with a PIN");
  });
});

describe("--new", () => {
  const values = [WABA, SECOND, "EAAtyped0123456789"] as const;
  /** Free to be connected again. */
  const release = async () => {
    await system.database.query(`update "OrganizationPhone" set "connectionType" = 'disconnected',
      "wabaPhoneNumberId" = null where "wabaPhoneNumberId" = '${SECOND}'`);
  };

  it("saves a number that passes, says what to enter at Meta, and checks the rest", async ({ expect }) => {
    await heal();
    const operator = typing(...values);
    const { checks, exitCode } = await doctor(["--new", "--lang", "ru"], operator);
    expect([wrong(checks), exitCode]).toEqual([[], 0]);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(15);
    expect(checks.find(({ id }) => id === "C10")?.status).toBe("pass");
    const output = operator.printed.join("\n");
    expect(output).toContain(`${system.url}/api/waba/webhook`);
    expect(output).toMatch(/Введите в Meta[\s\S]*Verify token +[\w-]{32}/);
    expect(output + JSON.stringify(checks)).not.toContain(values[2]);

    await expect(doctor(["--new"], typing(...values))).rejects.toThrow("connected already");
    await release();
  });

  it("saves nothing while a check fails, and swaps the ids with --fix", async ({ expect }) => {
    await heal();
    const [wabaId, number, token] = values;
    const swapped = () => typing(number, wabaId, token);
    const { checks, exitCode } = await doctor(["--new"], swapped());
    expect([wrong(checks), exitCode]).toEqual([["C04 ids_swapped"], 1]);
    const fixed = await doctor(["--new", "--fix"], swapped());
    expect(wrong(fixed.checks)).toEqual([]);
    await release();
  });
});

describe("the ends of a number's way", () => {
  let written = 0;
  const write = async (to: string, from: string) => {
    const text = { type: "text", text: { body: "hi" } };
    await simulate(`/customers/${from}/messages?phoneNumberId=${to}`, text, "POST");
    written++;
  };
  /** Only what comes in after the doctor has begun to wait counts: `act` is repeated until it has ended. */
  async function whileWaiting(act: () => Promise<void>, args: string[] = []) {
    let hasEnded = false;
    const waiting = doctor(["--wait", "20", "--only", "C13", ...args]).finally(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      await act();
      await Promise.race([waiting, wait(500)]);
    }
    return (await waiting).checks;
  }
  /** Those for a number that is not ours are raw. */
  const stored = async () => {
    const rows =
      await system.database.query(`select (select count(*) from "Message" where body = 'hi' and not "fromMe")
      + (select count(*) from "WebhookEvent" where payload::text like '%"hi"%') as n`);
    return Number((rows[0] as { n: string }).n);
  };
  /**
   * What came seconds ago counts as well, since Meta's clock is not ours: nothing of it is left. On a busy machine it may come seconds
   * later, too.
   */
  const forget = async () => {
    await heal();
    await vi.waitUntil(async () => (await stored()) === written, { timeout: 60_000, interval: 200 });
    await system.database.query(`update "Chat" set "lastInboundAt" = "lastInboundAt" - interval '1 minute'`);
    await system.database.query(
      `update "WebhookEvent" set "receivedAt" = "receivedAt" - interval '1 minute'`,
    );
    await system.database.query(`update "RefusedWebhook" set "lastAt" = "lastAt" - interval '1 minute'`);
  };

  it("says when nothing comes in, and when something does", async ({ expect }) => {
    await forget();
    expect(wrong((await doctor(["--wait", "1", "--only", "C13"])).checks)).toEqual(["C13 inbound_nothing"]);
    expect(await whileWaiting(() => write(PHONE_NUMBER_ID, "79160000001"))).toMatchObject([
      { id: "C13", status: "pass" },
    ]);
  });

  it("names a message that comes for another number", async ({ expect }) => {
    await forget();
    const found = await whileWaiting(() => write(SECOND, "79160000007"));
    expect(wrong(found)).toEqual(["C13 inbound_other_number"]);
  });

  it("distinguishes Meta's test event from a message", async ({ expect }) => {
    await forget();
    const since = new Date().toISOString();
    const isIn = async (seconds: number) =>
      (await wizard("en", { only: ["C13"], wait: { since, seconds } })).map(({ code, status }) => [
        code,
        status,
      ]);
    const metadata = { display_phone_number: "16505551111", phone_number_id: "123456123" };
    const message = { from: "16315551181", id: "ABGGFlA5Fpa", timestamp: "1504902988" };
    const text = { ...message, type: "text", text: { body: "this is a text message" } };
    const value = { messaging_product: "whatsapp", metadata, messages: [text] };
    await simulate("/webhooks", { wabaId: "0", field: "messages", value }, "POST");
    await expect.poll(() => isIn(600)).toEqual([["inbound_test_event", "skip"]]);
    await expect.poll(() => isIn(1)).toEqual([["inbound_test_event", "fail"]]);
  });

  it("sends a test message, and says why it failed", async ({ expect }) => {
    await heal();
    const sent = await doctor(["--to", "+79160000002", "--only", "C14"]);
    expect(sent.checks).toMatchObject([{ id: "C14", status: "pass", code: "outbound_ok" }]);
    await simulate("/faults", { failed: { code: 131026, times: 1 } }, "POST");
    const failed = await doctor(["--to", "+79160000003", "--only", "C14"]);
    expect(wrong(failed.checks)).toEqual(["C14 outbound_failed"]);
    expect(failed.checks[0]?.why).toContain("Message cannot be delivered");
    await simulate("/faults", { failed: { code: 131026, times: 1 } }, "POST");
    const inRussian = await doctor(["--to", "+79160000003", "--only", "C14", "--lang", "ru"]);
    expect(inRussian.checks[0]?.why).toContain("Сообщение нельзя доставить");
    await expect(doctor(["--to", "me", "--only", "C14"])).rejects.toThrow("--to");
  });

  it("names what keeps messages from coming in or going out, in place of the message", async ({ expect }) => {
    await forget();
    await simulate(`/wabas/${WABA}`, { subscribed: false });
    expect(wrong((await doctor(["--wait", "1", "--only", "C13"])).checks)).toEqual([
      "C12 app_not_subscribed",
    ]);
    await atMeta({ status: "DISCONNECTED", platform_type: "NOT_APPLICABLE" });
    expect(wrong((await doctor(["--to", "+79160000002", "--only", "C14"])).checks)).toEqual([
      "C06 not_registered",
    ]);
  });

  it("misses the status of a message whose webhooks are held back", async ({ expect }) => {
    await heal();
    await simulate("/faults", { hold: { events: "statuses" } }, "POST");
    const answer = await system.setUp("test-message", { to: "+79160000004" });
    const { id: messageId } = answer as { id: number };
    const check = () => wizard("en", { only: ["C14"], messageId });
    expect((await check()).map(({ code }) => code)).toEqual(["outbound_waiting"]);
    await system.database.query(
      `update "Message" set "createdAt" = "createdAt" - interval '61 seconds' where id = ${messageId}`,
    );
    expect(wrong(await check())).toEqual(["C14 outbound_no_status"]);
    await simulate("/faults", {}, "DELETE");
    await expect.poll(async () => (await check()).map(({ code }) => code)).toEqual(["outbound_ok"]);
  });

  // Last: Meta sends them again, rightly signed.
  it("names webhooks that come with another app's signature", async ({ expect }) => {
    await forget();
    await simulate("/faults", { badSignature: { times: 10_000 } }, "POST");
    const found = await whileWaiting(() => write(PHONE_NUMBER_ID, "79160000009"));
    expect(wrong(found)).toEqual(["C13 inbound_bad_signature"]);
  });
});
