import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { type Simulator, startSimulator } from "../../src/local/simulator/simulator.ts";
import type { SimulatedPhone } from "../../src/local/simulator/world.ts";
import { type Agent, anAgent } from "../chaos/agents.ts";
import { APP_SECRET } from "../support/bindings.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID, realWorker } from "./own-system.ts";

const SENDS = 100;
const NUMBERS = 3;
const CUSTOMERS = 12;
/** For what must happen, however slow the machine is. */
const patient = { timeout: 60_000, interval: 100 };

type Call = {
  accepted: string | null;
  answer: { status: number | null } | null;
  body: { biz_opaque_callback_data?: string; status?: string };
};
type Row = { id: number; status: string; wamid: string | null; body: string };

const phones: SimulatedPhone[] = Array.from({ length: NUMBERS }, (_, n) => ({
  id: String(Number(PHONE_NUMBER_ID) + n),
  wabaId: "123456789012345",
  displayPhoneNumber: `+7 900 123-45-6${7 + n}`,
  verifiedName: `Number ${n + 1}`,
}));

/** Each customer writes to one number, so that the chats lie on all of them. */
const lines = Array.from({ length: CUSTOMERS }, (_, n) => ({
  customer: `7916777${String(n).padStart(4, "0")}`,
  organizationPhoneId: 1 + (n % NUMBERS),
  phoneNumberId: phones[n % NUMBERS]?.id ?? "",
}));

describe("sends of the Worker as it is deployed, with Meta's webhooks", { timeout: 180_000 }, () => {
  let database: OwnDatabase;
  let worker: Awaited<ReturnType<typeof realWorker>>;
  let simulator: Simulator;
  let anna: Agent;

  const control = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${simulator.url}/simulator${path}`, init);
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
    // The simulator's own answers, see src/local/simulator/control.ts.
    return (answer.status === 204 ? null : await answer.json()) as Answer;
  };
  const sends = async () =>
    (await control<{ data: Call[] }>("GET", "/requests")).data.filter(({ body }) => body.status !== "read");
  const ours = async () =>
    (await database.query(
      `select id, status, wamid, body from "Message" where "fromMe" order by id`,
    )) as Row[];
  const statusesOf = async () => [...new Set((await ours()).map(({ status }) => status))];

  beforeAll(async () => {
    database = await ownDatabase();
    for (const { id } of phones.slice(1)) {
      await database.query(`insert into "OrganizationPhone"
        ("organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
        values (1, 'Ours too', '79001234567', '${id}', '123456789012345')`);
    }
    simulator = await startSimulator({ port: 0, appSecret: APP_SECRET, webhookUrl: null, phones });
    worker = await realWorker(database.databaseUrl, { vars: { GRAPH_BASE_URL: simulator.url } });
    simulator.setWebhookUrl(`${worker.url}/webhook`);
    anna = await anAgent(worker.url, 1);
  }, 120_000);

  beforeEach(async () => {
    await control("DELETE", "/faults");
    for (const { customer, phoneNumberId } of lines) {
      const text = { type: "text", text: { body: "Hello" } };
      await control("POST", `/customers/${customer}/messages?phoneNumberId=${phoneNumberId}`, text);
    }
    await control("DELETE", "/requests");
  });

  afterAll(async () => {
    await worker?.close();
    await simulator?.close();
    await database?.drop();
  });

  it("G3: reach each customer once, though Meta takes 100 of them and every answer is lost", async ({
    expect,
  }) => {
    await expect.poll(() => database.query(`select from "Chat"`), patient).toHaveLength(CUSTOMERS);
    // The statuses are kept back until each fate is unknown, so that none is known by an answer.
    await control("PUT", "/faults", { dropAnswer: {}, hold: { events: "statuses" } });

    const answers = await Promise.all(
      Array.from({ length: SENDS }, async (_, n) => {
        const { organizationPhoneId, customer: to } = lines[n % CUSTOMERS] ?? lines[0] ?? { customer: "" };
        const body = { organizationPhoneId, to, type: "text", message: `Answer ${n}` };
        const answer = await anna.post("/send", body, { "idempotency-key": `the-answer-${n}` });
        return { status: answer.status, body: (await answer.json()) as { status: string } };
      }),
    );

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    await expect.poll(statusesOf, patient).toEqual(["unknown"]);
    expect((await ours()).filter(({ wamid }) => wamid !== null)).toEqual([]);

    await control("PUT", "/faults", { dropAnswer: {} });

    await expect.poll(statusesOf, patient).toEqual(["read"]);
    const calls = await sends();
    expect(calls).toHaveLength(SENDS);
    expect(calls.map(({ answer }) => answer?.status)).toEqual(calls.map(() => null));
    expect(new Set(calls.map(({ body }) => body.biz_opaque_callback_data)).size).toBe(SENDS);
    const rows = await ours();
    expect(rows.map(({ wamid }) => wamid).sort()).toEqual(calls.map(({ accepted }) => accepted).sort());
    const shown = await Promise.all(
      lines.map(async ({ customer }) => {
        const { data } = await control<{ data: { from: string; text: { body: string } }[] }>(
          "GET",
          `/customers/${customer}/messages`,
        );
        return data.filter(({ from }) => from === "business").map(({ text }) => text.body);
      }),
    );
    expect(shown.flat().sort()).toEqual(rows.map(({ body }) => body).sort());
    expect(new Set(shown.flat()).size).toBe(SENDS);
  });

  it("O12: come to a known end when the agent's program goes away while Meta is asked", async ({
    expect,
  }) => {
    const [line] = lines;
    // The statuses are kept back: they would settle even a send that was cut off.
    await control("PUT", "/faults", { delayAnswer: { ms: 3_000, times: 1 }, hold: { events: "statuses" } });
    const leaving = new AbortController();
    const gone = fetch(`${worker.url}/send`, {
      method: "POST",
      headers: { authorization: `Bearer ${anna.token}`, "content-type": "application/json" },
      body: JSON.stringify({
        organizationPhoneId: line?.organizationPhoneId,
        to: line?.customer,
        type: "text",
        message: "I am gone",
      }),
      signal: leaving.signal,
    });
    const isGone = expect(gone).rejects.toThrow("abort");
    await expect.poll(sends, patient).toHaveLength(1);

    leaving.abort();

    await isGone;
    expect((await sends()).map(({ answer }) => answer)).toEqual([null]);
    const mine = async () => (await ours()).filter(({ body }) => body === "I am gone");
    await expect.poll(mine, patient).toMatchObject([{ status: "accepted" }]);
    expect(await sends()).toMatchObject([{ accepted: (await mine())[0]?.wamid, answer: { status: 200 } }]);
    await control("DELETE", "/faults");
    await expect.poll(mine, patient).toMatchObject([{ status: "read" }]);
  });
});
