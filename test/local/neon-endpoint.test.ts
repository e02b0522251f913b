import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { withClient } from "../../src/local/with-client.ts";
import { errorOf } from "./driver-error.ts";
import { type OwnNeonEndpoint, startOwnNeonEndpoint } from "./own-postgres.ts";
import { NeonDbError, neon } from "./unmodified-driver.ts";

let own: OwnNeonEndpoint;
let url: string;

beforeAll(async () => {
  own = await startOwnNeonEndpoint();
  url = own.url;
  const sql = neon(url);
  await sql`create table person (id int primary key, name text constraint name_key unique)`;
}, 60_000);

afterAll(() => own.close());

describe("the Neon endpoint, called by the unmodified driver", () => {
  it("returns every type as the driver expects it", async ({ expect }) => {
    const sql = neon(url);
    const moment = new Date("2026-03-01T12:00:00.123Z");
    const bytes = Buffer.from([0, 1, 255]);
    const [row] =
      await sql`select ${9007199254740993n.toString()}::int8 as big, ${moment}::timestamptz as moment,
      ${JSON.stringify({ a: [1, null] })}::jsonb as json, ${bytes} as bytes, ${null}::text as nothing,
      ${[1, 2]}::int[] as numbers, ${["a,b", '"']}::text[] as texts, true as yes, ${"день 📥"} as text`;
    expect(row).toMatchObject({
      big: "9007199254740993",
      moment,
      json: { a: [1, null] },
      nothing: null,
      numbers: [1, 2],
      texts: ["a,b", '"'],
      yes: true,
      text: "день 📥",
    });
    expect(Buffer.from(row?.bytes)).toEqual(bytes);
  });

  it("returns fields, command and count, and rows as arrays on request", async ({ expect }) => {
    const sql = neon(url, { fullResults: true, arrayMode: true });
    const result = await sql`select n, n * 2 from generate_series(1, 2) n`;
    expect(result).toMatchObject({
      command: "SELECT",
      rowCount: 2,
      rows: [
        [1, 2],
        [2, 4],
      ],
    });
    expect(result.fields.map((field) => [field.name, field.dataTypeID])).toEqual([
      ["n", 23],
      ["?column?", 23],
    ]);
  });

  it("commits a batch completely or not at all", async ({ expect }) => {
    const sql = neon(url);
    await sql.transaction([
      sql`insert into person values (1, 'anna')`,
      sql`insert into person values (2, 'oleg')`,
    ]);
    const broken = sql.transaction([
      sql`insert into person values (3, 'vera')`,
      sql`insert into person values (1, 'again')`,
      sql`insert into person values (4, 'ivan')`,
    ]);
    expect(await errorOf(broken)).toMatchObject({ code: "23505", constraint: "person_pkey" });
    expect(await sql`select id from person order by id`).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("sees in a batch's later statement what an earlier one wrote, in one result for each", async ({
    expect,
  }) => {
    const sql = neon(url);
    const results = await sql.transaction([
      sql`insert into person values (10, 'lena') returning id`,
      sql`select name from person where id = 10`,
      sql`delete from person where id = 10`,
    ]);
    expect(results).toEqual([[{ id: 10 }], [{ name: "lena" }], []]);
  });

  it("returns Postgres' own error fields", async ({ expect }) => {
    const sql = neon(url);
    await sql`insert into person values (20, 'twin')`;
    expect(await errorOf(sql`insert into person values (21, 'twin')`)).toMatchObject({
      code: "23505",
      severity: "ERROR",
      constraint: "name_key",
      table: "person",
      detail: "Key (name)=(twin) already exists.",
      message: 'duplicate key value violates unique constraint "name_key"',
    });
    expect(await errorOf(sql.query("selec 1"))).toMatchObject({ code: "42601", position: "1" });
    expect(await errorOf(sql.query("select 1; select 2"))).toMatchObject({ code: "42601" });
    const elsewhere = neon(url.replace("/empty", "/nowhere"));
    expect(await errorOf(elsewhere`select 1`)).toMatchObject({ code: "3D000" });
  });

  it.for([
    [undefined, "read committed"],
    ["ReadCommitted", "read committed"],
    ["RepeatableRead", "repeatable read"],
    ["Serializable", "serializable"],
  ] as const)("runs a batch at level %s as %s", async ([isolationLevel, shown], { expect }) => {
    const sql = neon(url);
    const options = isolationLevel ? { isolationLevel, readOnly: true } : { readOnly: true };
    const [level, access] = await sql.transaction(
      [sql`show transaction_isolation`, sql`show transaction_read_only`],
      options,
    );
    expect([level, access]).toEqual([[{ transaction_isolation: shown }], [{ transaction_read_only: "on" }]]);
  });

  it("hides one request's session from other requests", async ({ expect }) => {
    const sql = neon(url);
    const connections = () => Promise.all(Array.from({ length: 4 }, () => sql`show search_path`));
    const untouched = await connections();
    await sql`set search_path = elsewhere`;
    expect(await connections()).toEqual(untouched);
    await sql.transaction([sql`select set_config('search_path', 'elsewhere', false)`]);
    expect(await connections()).toEqual(untouched);
    const name = "search_path";
    await sql`select set_config('work_mem', ${"1MB"}, true), set_config(${name}, 'set_config(1, 2, true)', false)`;
    expect(await connections()).toEqual(untouched);
    await sql`begin`;
    await sql`create temp table mine (n int)`;
    await sql`select pg_advisory_lock(4711)`;
    expect(await connections()).toEqual(untouched);
    expect(await errorOf(sql`select * from mine`)).toMatchObject({ code: "42P01" });
    expect(await sql`select pg_try_advisory_xact_lock(4711) as free`).toEqual([{ free: true }]);
  });

  it("serves more requests at once than it has connections", async ({ expect }) => {
    const sql = neon(url);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => sql`select ${n}::int as n, pg_sleep(0.01)`),
    );
    expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it("commits a statement whose client has disconnected", async ({ expect }) => {
    const gone = new AbortController();
    const sql = neon(url, { fetchOptions: { signal: gone.signal } });
    const insert = sql`with pause as materialized (select pg_sleep(0.2))
      insert into person select 30, 'late' from pause`.catch((error: unknown) => error);
    await sleep(100);
    gone.abort();
    expect(await insert).toBeInstanceOf(NeonDbError);
    const after = neon(url);
    await expect.poll(() => after`select id from person where id = 30`).toEqual([{ id: 30 }]);
  });

  it("rejects requests that the driver does not send", async ({ expect }) => {
    const headers = { "neon-connection-string": url };
    const post = (body: string, more = {}) =>
      fetch(`${own.endpoint.url}/sql`, { method: "POST", body, headers: { ...headers, ...more } });
    expect((await post("{")).status).toBe(400);
    expect((await post('{"query":1}')).status).toBe(400);
    expect((await post('{"queries":[]}', { "neon-batch-isolation-level": "Chaos" })).status).toBe(400);
    expect(
      (await fetch(`${own.endpoint.url}/sql`, { method: "POST", body: '{"query":"select 1"}' })).status,
    ).toBe(400);
    expect((await fetch(`${own.endpoint.url}/other`)).status).toBe(404);
  });
});

describe("the Neon endpoint, as unkind as the real one", () => {
  const control = (method: string, faults?: object) =>
    fetch(`${own.endpoint.url}/faults`, { method, ...(faults && { body: JSON.stringify(faults) }) });
  /** A session beside the endpoint. */
  const direct = (text: string) =>
    withClient(own.postgres.url("empty"), async (client) => (await client.query(text)).rows);

  afterEach(() => control("DELETE"));

  it("says over HTTP how it behaves, and names a wrong fault", async ({ expect }) => {
    const set = await control("PUT", { limitBytes: 1_000, delays: { share: 0, minMs: 1, maxMs: 2 } });
    expect(set.status).toBe(200);
    expect(await (await control("GET")).json()).toEqual(await set.json());
    for (const [faults, name] of [
      [{ refusals: 2 }, "refusals"],
      [{ delays: { share: 1, minMs: 9, maxMs: 1 } }, "delays"],
      [{ connections: { kept: 0, permits: 1 } }, "connections"],
      [{ toString: 1 }, "toString"],
    ] as const) {
      const refused = await control("PUT", faults);
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(name)]);
    }
    await control("DELETE");
    expect(await (await control("GET")).json()).toMatchObject({ limitBytes: 64 * 1024 * 1024, refusals: 0 });
  });

  it.for([
    ["connect, rate, quota or wake-up", { refusals: 1 }, "select 1", 500, undefined],
    ["a shutdown", { shutdowns: 1 }, "select 1", null, "57P01"],
    ["a large request", { limitBytes: 100 }, `select '${"x".repeat(100)}'`, 413, undefined],
    ["a large answer", { limitBytes: 300 }, "select repeat('x', 1000)", 507, undefined],
    [
      "a cancelled query",
      { hasProxyStatuses: true },
      "select pg_cancel_backend(pg_backend_pid())",
      null,
      "57014",
    ],
    [
      "a lost session",
      { hasProxyStatuses: true },
      "select pg_terminate_backend(pg_backend_pid())",
      null,
      "57P01",
    ],
  ] as const)("fails with %s", async ([, faults, query, status, code], { expect }) => {
    await control("PUT", faults);
    const error = await errorOf(neon(url).query(query));
    expect(error.code).toBe(code);
    if (status !== null) expect(error.message).toContain(`HTTP status ${status}`);
  });

  it("has no code for a connection that fails", async ({ expect }) => {
    await control("PUT", { hasProxyStatuses: true });
    const error = await errorOf(neon(url.replace("/empty", "/nowhere"))`select 1`);
    expect([error.code, error.message]).toEqual([undefined, expect.stringContaining("HTTP status 500")]);
  });

  it("answers late, when the statement has long been carried out", async ({ expect }) => {
    await control("PUT", { delays: { share: 1, minMs: 60_000, maxMs: 60_000 } });
    const gone = new AbortController();
    const sql = neon(url, { fetchOptions: { signal: gone.signal } });
    const insert = errorOf(sql`insert into person values (33, 'done')`);
    await expect.poll(() => direct("select name from person where id = 33")).toEqual([{ name: "done" }]);
    gone.abort();
    expect(await insert).toBeInstanceOf(NeonDbError);
  });

  it("cancels the statement of a client that has gone, and discards the connection", async ({ expect }) => {
    await control("PUT", { cancelsAbandoned: true });
    const gone = new AbortController();
    const insert = errorOf(
      neon(url, { fetchOptions: { signal: gone.signal } })`with pause as materialized (select pg_sleep(20))
        insert into person select 31, 'gone' from pause`,
    );
    const sleepers = `select pid from pg_stat_activity where query like 'with pause as%' and state = 'active'`;
    await expect.poll(() => direct(sleepers)).toHaveLength(1);
    const [{ pid }] = (await direct(sleepers)) as [{ pid: number }];
    gone.abort();
    await insert;
    await expect.poll(() => direct(`select from pg_stat_activity where pid = ${pid}`)).toEqual([]);
    expect(await direct("select from person where id = 31")).toEqual([]);
  });

  it("opens a connection for each request above those that it keeps, and refuses those above its permits", async ({
    expect,
  }) => {
    await control("PUT", { hasProxyStatuses: true, connections: { kept: 1, permits: 2 } });
    const sql = neon(url);
    await withClient(own.postgres.url("empty"), async (client) => {
      await client.query("select pg_advisory_lock(31)");
      const held = [1, 2].map(() => sql`select pg_advisory_xact_lock_shared(31)`.then(Boolean));
      const waiting = "select from pg_locks where locktype = 'advisory' and not granted";
      await expect.poll(async () => (await client.query(waiting)).rows).toHaveLength(2);
      expect((await errorOf(sql`select 1`)).message).toContain("HTTP status 500");
      await client.query("select pg_advisory_unlock(31)");
      expect(await Promise.all(held)).toEqual([true, true]);
    });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it("resets a session between two requests", async ({ expect }) => {
    await control("PUT", { resetsSessions: true });
    const sql = neon(url);
    await sql`select set_config('search_path', 'elsewhere', false)`;
    await sql`select pg_advisory_lock(32)`;
    await sql`set role pg_monitor`;
    const shown = await Promise.all(
      [1, 2, 3, 4].map(() => sql`select current_user as who, current_schemas(false) as path`),
    );
    expect(shown).toEqual(Array(4).fill([{ who: "postgres", path: "{public}" }]));
    expect(await direct("select pg_try_advisory_lock(32) as free")).toEqual([{ free: true }]);
  });
});
