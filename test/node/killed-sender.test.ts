import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../src/local/simulator/ledger.ts";
import { type Simulator, startSimulator } from "../../src/local/simulator/simulator.ts";
import { APP_SECRET } from "../support/bindings.ts";
import { finalState } from "../support/final-state.ts";
import { type BreakableWorker, breakableWorker } from "./breakable-worker.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID } from "./own-system.ts";

type Row = { id: number; status: string; wamid: string | null };

describe("a message whose Worker is killed", () => {
  let database: OwnDatabase;
  let simulator: Simulator;
  let worker: BreakableWorker;
  let customers = 0;

  beforeAll(async () => {
    database = await ownDatabase();
    const phone = { id: PHONE_NUMBER_ID, wabaId: "123456789012345" };
    simulator = await startSimulator({
      port: 0,
      appSecret: APP_SECRET,
      webhookUrl: null,
      phones: [{ ...phone, displayPhoneNumber: "+7 900 123-45-67", verifiedName: "Tested" }],
    });
    worker = await breakableWorker(database.databaseUrl, { vars: { GRAPH_BASE_URL: simulator.url } });
  }, 120_000);

  afterAll(async () => {
    await worker?.close();
    await simulator?.close();
    await database?.drop();
  });

  /** A customer who has just written, as Meta knows; and what is sent to him. Webhooks wait until `letStatusesCome`. */
  async function aCustomer() {
    simulator.setWebhookUrl(null);
    customers += 1;
    const phone = `7916200${String(customers).padStart(4, "0")}`;
    const at = `${simulator.url}/simulator/customers/${phone}/messages?phoneNumberId=${PHONE_NUMBER_ID}`;
    const text = { type: "text", text: { body: "Hello" } };
    await fetch(at, { method: "POST", body: JSON.stringify(text) });
    const send = async (
      message: string,
      headers: Record<string, string> = {},
      signal: AbortSignal | null = null,
    ) => {
      const body = { organizationPhoneId: 1, to: phone, type: "text", message };
      const answer = await fetch(`${worker.url}/send`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${worker.admin.token}`,
          "content-type": "application/json",
          "idempotency-key": `${phone}-${message}`,
          ...headers,
        },
        body: JSON.stringify(body),
        signal,
      }).catch(() => null);
      return (
        answer && {
          status: answer.status,
          body: (await answer.json()) as { id: number; wamid: string | null },
        }
      );
    };
    /** Our messages to him, oldest first. */
    const rows = async () =>
      (await database.query(
        `select m.id, m.status, m.wamid from "Message" m join "Chat" c on c.id = m."chatId"
         join "Contact" k on k.id = c."contactId" where k.phone = '${phone}' and m."fromMe" order by m.id`,
      )) as Row[];
    /** What Meta was asked to send him, and what came of it. */
    const calls = async () => {
      const { data } = (await (await fetch(`${simulator.url}/simulator/requests`)).json()) as {
        data: LedgerEntry[];
      };
      return data.flatMap(({ body, accepted }) =>
        typeof body === "object" && body?.to === phone ? [{ text: body.text, accepted }] : [],
      );
    };
    return { send, rows, calls };
  }

  const letStatusesCome = () => simulator.setWebhookUrl(`${worker.url}/webhook`);

  /** The Sender has sent before, and so has cached whose phone it is: it claims a new message as it stores it. */
  async function letSenderCachePhone() {
    const { send, rows } = await aCustomer();
    await send("First");
    await expect.poll(rows).toMatchObject([{ status: "accepted" }]);
  }

  /** All leases and waits of our messages are over, and the schedule sweeps them. */
  async function later() {
    await database.query(
      `update "Message" set "leaseUntil" = now(), "nextAttemptAt" = case when status = 'unknown' then now() end
       where status in ('sending', 'unknown')`,
    );
    await worker.minute();
  }

  it.for([
    ["sender.afterClaim", "stored before it was claimed"],
    ["sender.afterClaim", "claimed as it was stored"],
    ["sender.beforeGraph", "claimed as it was stored"],
  ])(
    "O2: at %s, before Meta was asked, when it was %s, is unknown, then unconfirmed, and sent by nobody",
    async ([point = "", claimed], { expect }) => {
      const { send, rows, calls } = await aCustomer();
      if (claimed === "claimed as it was stored") await letSenderCachePhone();
      const killed = worker.killAt(point);
      expect(await send("Hi")).toBeNull();
      await killed;
      expect(await rows()).toMatchObject([{ status: "sending", wamid: null }]);

      await later();
      expect(await rows()).toMatchObject([{ status: "unknown" }]);
      await later();
      expect(await rows()).toMatchObject([{ status: "unconfirmed", wamid: null }]);
      // The same key never makes a second message.
      expect(await send("Hi")).toMatchObject({ status: 202, body: { status: "unconfirmed" } });
      expect(await calls()).toEqual([]);
    },
  );

  it("O3, G4: once Meta has taken it is unknown until its status comes, and sent once", async ({
    expect,
  }) => {
    const { send, rows, calls } = await aCustomer();
    const killed = worker.killAt("sender.afterGraph");
    expect(await send("Hi")).toBeNull();
    await killed;
    await later();
    expect(await rows()).toMatchObject([{ status: "unknown", wamid: null }]);

    letStatusesCome();
    await expect.poll(rows).toMatchObject([{ status: "read" }]);

    await later();
    const [call, ...others] = await calls();
    expect(others).toEqual([]);
    expect(call?.accepted).toMatch(/^wamid\./);
    expect(await rows()).toMatchObject([{ status: "read", wamid: call?.accepted }]);
    expect(await send("Hi")).toMatchObject({ status: 200, body: { wamid: call?.accepted } });
    expect(await calls()).toHaveLength(1);
  });

  it("G4: once its acceptance is recorded stays accepted, and its key gives the first answer", async ({
    expect,
  }) => {
    const { send, rows, calls } = await aCustomer();
    const killed = worker.killAt("sender.afterRecord");
    expect(await send("Hi")).toBeNull();
    await killed;
    await later();

    const [call] = await calls();
    expect(await rows()).toMatchObject([{ status: "accepted", wamid: call?.accepted }]);
    expect(await send("Hi")).toMatchObject({
      status: 200,
      body: { status: "accepted", wamid: call?.accepted },
    });
    expect(await calls()).toHaveLength(1);
  });

  it("O5: while it is queued and its Sender was not called is found by the schedule and sent", async ({
    expect,
  }) => {
    const { send, rows, calls } = await aCustomer();
    // Looked at before the kill: the next life's overdue alarm may be faster than the test.
    const killed = worker.killAt("sender.dispatch", async () => {
      expect(await rows()).toMatchObject([{ status: "queued" }]);
      expect(await calls()).toEqual([]);
    });
    expect(await send("Hi", { prefer: "respond-async" })).toBeNull();
    await killed;

    await worker.minute();
    await expect.poll(rows).toMatchObject([{ status: "accepted" }]);
    expect(await calls()).toHaveLength(1);
  });

  it("before the Sender was given it is not stored, and the same request sends it once", async ({
    expect,
  }) => {
    await letSenderCachePhone();
    const { send, rows, calls } = await aCustomer();
    const killed = worker.killAt("sender.beforeStore");
    expect(await send("Hi")).toBeNull();
    await killed;
    await later();
    expect(await rows()).toEqual([]);

    expect(await send("Hi")).toMatchObject({ status: 200 });
    expect(await rows()).toMatchObject([{ status: "accepted" }]);
    expect(await calls()).toHaveLength(1);
  });

  it("O12: is sent once when its client goes away before the Sender is called", async ({ expect }) => {
    const { send, rows, calls } = await aCustomer();
    const held = worker.holdAt("sender.dispatch");
    const leaving = new AbortController();
    const gone = send("Hi", { prefer: "respond-async" }, leaving.signal);
    await held.reached;
    leaving.abort();
    expect(await gone).toBeNull();
    held.open();

    await expect.poll(rows).toMatchObject([{ status: "accepted" }]);
    await later();
    expect(await rows()).toMatchObject([{ status: "accepted" }]);
    expect(await calls()).toHaveLength(1);
  });

  it("O12: is sent once when its client goes away while the Sender stores it", async ({ expect }) => {
    await letSenderCachePhone();
    const { send, rows, calls } = await aCustomer();
    const held = worker.holdAt("sender.afterClaim");
    const leaving = new AbortController();
    const gone = send("Hi", {}, leaving.signal);
    await held.reached;
    expect(await rows()).toMatchObject([{ status: "sending" }]);
    leaving.abort();
    expect(await gone).toBeNull();
    held.open();

    await expect.poll(rows).toMatchObject([{ status: "accepted" }]);
    expect(await calls()).toHaveLength(1);
  });

  it("O5: holds up those behind it no longer than its lease, and they leave in order", async ({ expect }) => {
    const { send, rows, calls } = await aCustomer();
    const texts = ["1", "2", "3", "4", "5", "6", "7", "8"];
    const first = worker.holdAt("sender.beforeGraph");
    for (const text of texts)
      expect(await send(text, { prefer: "respond-async" })).toMatchObject({ status: 202 });
    await first.reached;
    await worker.killNow();
    first.open();

    await worker.minute();
    expect(await calls()).toEqual([]);
    await later();
    const statuses = async () => (await rows()).map(({ status }) => status);
    await expect.poll(statuses).toEqual(["unknown", ...texts.slice(1).map(() => "accepted")]);
    expect((await calls()).map(({ text }) => text)).toEqual(texts.slice(1).map((body) => ({ body })));
  });

  it("leaves no chat with a gap", async ({ expect }) => {
    letStatusesCome();
    await later();
    const { state, faults } = await finalState(database.db, 1);
    expect(faults).toEqual([]);
    expect(state.messages.length).toBeGreaterThan(0);
  });
});
