import { describe, it } from "vitest";
import { asAgent, ownSystem } from "./own-system.ts";

const BUSY = { code: "unavailable", retryable: true, retryAfter: 5 };

describe("an agent's request that meets others in the database", () => {
  const system = ownSystem();
  const send = { organizationPhoneId: 1, type: "text", message: "Hello" };

  /** A chat in which the customer has written once, and somebody's session, amid a transaction. */
  async function aMeeting(customer: string) {
    const id = await system.aChat(customer);
    const session = await system.database.session();
    // So that of two who wait for each other the request is the one that finds out.
    await session.query("set deadlock_timeout = '1h'; begin");
    const end = async (how: "commit" | "rollback") => {
      await session.query(how);
      await session.end();
    };
    return { id, session, end };
  }

  async function waiting(): Promise<void> {
    await system.database.untilWaiting((sessions) => sessions > 0);
  }

  it("is asked to retry when a lock is not available (55P03)", async ({ expect }) => {
    const { id, session, end } = await aMeeting("79160000021");
    const ask = await asAgent(system.url);
    await session.query(`select from "Chat" where id = ${id} for update`);
    const answer = await ask("/send", { ...send, to: "79160000021" });
    await end("rollback");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toMatchObject(BUSY);
    await expect.poll(lastState).toBe("55P03");
    expect((await ask("/send", { ...send, to: "79160000021" })).status).not.toBe(503);
  });

  it("is asked to retry when it was the victim of a deadlock (40P01), and its key still counts once", async ({
    expect,
  }) => {
    const { id, session, end } = await aMeeting("79160000022");
    const ask = await asAgent(system.url);
    await ask("/chats");
    // The same key in another's transaction: the request holds the chat and waits for the key, he holds the key.
    await session.query(`insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload,
        status, "agentId", "idempotencyKey", fingerprint, "createdAt")
      select 1, ${id}, 99, true, 'text', '', '{}', 'failed', a.id, 'the-same-key', 'x', now() from "Agent" a where a.sub = 'anna'`);
    // Otherwise the Sender would be the victim, and the request would try once more.
    const itself = { "idempotency-key": "the-same-key", prefer: "respond-async" };
    const asked = ask("/send", { ...send, to: "79160000022" }, itself);
    await waiting();
    await session.query(`select from "Chat" where id = ${id} for update`);
    const answer = await asked;
    await end("rollback");
    expect([answer.status, await answer.json()]).toMatchObject([503, BUSY]);
    await expect.poll(lastState).toBe("40P01");
    const again = await ask("/send", { ...send, to: "79160000022" }, itself);
    expect(again.status).not.toBe(503);
    expect(
      await system.database.query(`select from "Message" where "idempotencyKey" = 'the-same-key'`),
    ).toHaveLength(1);
  });

  it("is asked to retry when what it read was changed meanwhile (40001)", async ({ expect }) => {
    await system.database.set("set default_transaction_isolation = 'repeatable read'");
    const { id, session, end } = await aMeeting("79160000023");
    const ask = await asAgent(system.url);
    await session.query(`update "Chat" set "updatedAt" = now() where id = ${id}`);
    const asked = ask("/send", { ...send, to: "79160000023" });
    await waiting();
    await end("commit");
    const answer = await asked;
    expect([answer.status, await answer.json()]).toMatchObject([503, BUSY]);
    await expect.poll(lastState).toBe("40001");
    await system.database.set("reset default_transaction_isolation");
  });

  /** The SQLSTATE of the last request that failed. */
  function lastState(): string | undefined {
    const line = system.logged.findLast((logged) => logged.includes("Request failed"));
    return /"sqlState":"(\w+)"/.exec(line ?? "")?.[1];
  }
});
