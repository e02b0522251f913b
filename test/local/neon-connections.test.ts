import { afterAll, beforeAll, describe, it } from "vitest";
import { startPostgres } from "../../src/local/postgres.ts";
import { errorOf } from "./driver-error.ts";
import { type OwnNeonEndpoint, startOwnNeonEndpoint } from "./own-postgres.ts";
import { neon, Pool } from "./unmodified-driver.ts";

let own: OwnNeonEndpoint;
let url: string;

beforeAll(async () => {
  own = await startOwnNeonEndpoint();
  url = own.url;
  const sql = neon(url);
  await sql`create table person (id int primary key, name text)`;
  await sql`insert into person values (1, 'anna')`;
}, 60_000);

afterAll(() => own.close());

/** The driver's pool does not wait for its sockets to close, so a late error may arrive. */
function newPool(): InstanceType<typeof Pool> {
  return new Pool({ connectionString: url }).on("error", () => undefined);
}

describe("a connection through the Neon endpoint", () => {
  it("supports an interactive transaction over a WebSocket", async ({ expect }) => {
    const pool = newPool();
    const client = await pool.connect();
    await client.query("begin");
    await client.query("insert into person values ($1, $2)", [40, "socket"]);
    const { rows } = await client.query("select name from person where id = $1", [40]);
    await client.query("rollback");
    const { rowCount } = await client.query("select from person where id = 40");
    client.release();
    await pool.end();
    expect([rows, rowCount]).toEqual([[{ name: "socket" }], 0]);
  });

  it("relays more over a WebSocket than it may buffer in memory", async ({ expect }) => {
    const pool = newPool();
    const { rows } = await pool.query("select repeat('x', 100000) as text from generate_series(1, 100)");
    expect(rows.map((row) => row.text.length)).toEqual(Array.from({ length: 100 }, () => 100_000));
    const { rows: back } = await pool.query("select length($1) as n", ["y".repeat(5_000_000)]);
    await pool.end();
    expect(back).toEqual([{ n: 5_000_000 }]);
  });

  it("fails at once while Postgres is down, and works again when it is back", async ({
    expect,
    onTestFinished,
  }) => {
    const { postgres } = own;
    const sql = neon(url);
    const underWay = errorOf(sql`select pg_sleep(20)`);
    await expect
      .poll(() => sql`select from pg_stat_activity where query like '%pg_sleep(20)%'`)
      .toHaveLength(2);
    await postgres.stop();
    expect((await underWay).message).toMatch(/HTTP status 503.*terminating connection/);
    const away = await errorOf(sql`select 1`);
    expect(away.message).toContain("HTTP status 503");
    expect(away.code).toBeUndefined();

    const restarted = await startPostgres({ dataDir: postgres.dataDir, port: postgres.port, fast: true });
    onTestFinished(() => restarted.stop());
    const back = await Promise.all(
      Array.from({ length: 8 }, () => sql`select name from person where id = 1`),
    );
    expect(back).toEqual(Array.from({ length: 8 }, () => [{ name: "anna" }]));
  });
});
