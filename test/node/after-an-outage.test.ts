import { describe, it } from "vitest";
import { finalState } from "../support/final-state.ts";
import { asAgent, aTextBody, ownSystem, PHONE_NUMBER_ID, postSigned } from "./own-system.ts";

const POSTS = 3;
const ITEMS = 800;
const LIVE = 8;
const NOW_S = Math.floor(Date.now() / 1000);
/** What drains wait for just before they commit. */
const GATE = 4_243;

type Metrics = { spool: { depth: number }[] | null };

describe("the Worker after an outage", { timeout: 120_000 }, () => {
  const system = ownSystem();

  it("I16: drains by one call at a time and 200 events, steadily, and takes what comes meanwhile", async ({
    expect,
  }) => {
    const { database, url } = system;
    const ask = await asAgent(url, "admin", "admin");
    /** Null while the objects still work on what they were given. */
    const depth = async () => {
      const { spool } = (await (await ask("/metrics")).json()) as Metrics;
      return spool?.reduce((sum, shard) => sum + shard.depth, 0) ?? null;
    };
    const customer = "79160000016";
    await system.aChat(customer);
    await expect.poll(depth).toBe(0);
    await database.query(`
      create function wait_at_gate() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(${GATE}); return null; end $$;
      create constraint trigger gate after insert on "Message" deferrable initially deferred
        for each row when (new."spooledAt" is not null) execute function wait_at_gate()`);

    await database.set("set default_transaction_read_only = on");
    for (let n = 0; n < POSTS; n += 1) expect(await postSigned(url, aLargeBody(customer, n))).toBe(200);
    await expect.poll(depth).toBe(POSTS * ITEMS);

    await database.set("reset default_transaction_read_only");
    const gate = await database.session();
    await gate.query(`select pg_advisory_lock(${GATE})`);
    await expect.poll(() => database.waiting()).toHaveLength(1);
    const live = Array.from({ length: LIVE }, (_, n) =>
      postSigned(url, aTextBody(`791600001${String(n).padStart(2, "0")}`, `live ${n}`, NOW_S)),
    );
    expect(await Promise.all(live)).toEqual(Array(LIVE).fill(200));
    await gate.end();

    const depths: number[] = [];
    const seen = async () => {
      const now = await depth();
      if (now !== null) depths.push(now);
      return now;
    };
    await expect.poll(seen, { timeout: 60_000, interval: 5 }).toBe(0);
    expect(depths).toEqual(depths.toSorted((a, b) => b - a));
    // All rows of a transaction bear its number.
    const calls = (await database.query(
      `select count(*)::int as rows from "Message" where "spooledAt" is not null and body not like 'live%' group by xmin::text`,
    )) as { rows: number }[];
    expect(calls.reduce((sum, { rows }) => sum + rows, 0)).toBe(POSTS * ITEMS);
    expect(Math.max(...calls.map(({ rows }) => rows))).toBe(200);
    const { state, faults } = await finalState(database.db, 1);
    expect(faults).toEqual([]);
    expect(state.messages).toHaveLength(1 + POSTS * ITEMS + LIVE);
  });
});

function aLargeBody(from: string, n: number): string {
  const messages = Array.from({ length: ITEMS }, (_, i) => ({
    from,
    id: `waited ${n}/${i}`,
    timestamp: String(NOW_S + n),
    type: "text",
    text: { body: `waited ${n}/${i}` },
  }));
  const value = { messaging_product: "whatsapp", metadata: { phone_number_id: PHONE_NUMBER_ID }, messages };
  const entry = [{ id: "123456789012345", changes: [{ field: "messages", value }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}
