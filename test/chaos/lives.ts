import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { connect } from "../../src/db/client.ts";
import { migrate } from "../../src/local/migrate.ts";
import { startNeonEndpoint } from "../../src/local/neon-endpoint.ts";
import { startPostgres } from "../../src/local/postgres.ts";
import { tryLives } from "../support/live-through.ts";

// Tries as many random lives as the first argument says (5,000), and beside them short ones in every order, on a Postgres of its
// own. The second argument is the seed of an earlier run. Outside CI, where test/node/lives.test.ts tries some of them.

const lives = Number(process.argv[2] ?? 5_000);
const [seed] = process.argv.slice(3).map(Number);
// Of a number that is none it would try nothing, and find no difference.
if (!(lives >= 1) || Number.isNaN(seed))
  throw new Error("The arguments are the number of lives, and a seed.");
const shortLives = Math.ceil(lives / 100);
/** A busy machine is no difference. */
const CALL_LIMIT_MS = 120_000;
const dataDir = await mkdtemp(join(tmpdir(), "waba-lives-"));
const started: (() => unknown)[] = [() => rm(dataDir, { recursive: true, force: true })];
try {
  const postgres = await startPostgres({ dataDir, port: 0, fast: true });
  started.push(() => postgres.stop());
  await postgres.createDatabase("waba");
  await migrate(postgres.url("waba"));
  const neon = await startNeonEndpoint({ port: 0, postgresPort: postgres.port });
  started.push(() => neon.close());
  const client = new pg.Client(postgres.url("waba"));
  await client.connect();
  started.push(() => client.end());
  const db = connect(`postgres://postgres:test@127.0.0.1:${neon.port}/waba`, CALL_LIMIT_MS);
  const since = Date.now();
  const database = { db, query: async (text: string) => (await client.query(text)).rows };
  await tryLives(database, { lives, shortLives, returnsAlone: true, seed }, (tried, all) =>
    console.log(`${tried} of ${all} orders (${Math.round((Date.now() - since) / 1000)} s)`),
  );
  console.log(`${lives} lives in two orders each and ${shortLives} short ones in all: no difference.`);
} finally {
  for (const stop of started.reverse()) await stop();
}
