import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { describe, inject, it, onTestFinished } from "vitest";
import { freePort } from "../../src/local/ports.ts";
import { type PostgresOptions, startPostgres } from "../../src/local/postgres.ts";
import { isAlive } from "../../src/local/processes.ts";
import { copyCluster } from "./copy-cluster.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const LIMIT_MS = 60_000;
const SOURCE = join(import.meta.dirname, "../../src/local/postgres.ts");

async function start(options: Partial<PostgresOptions> & { dataDir: string }) {
  const server = await startPostgres({ port: 0, fast: true, ...options });
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

/** The folder of a cluster that was made before. */
async function aCluster(): Promise<string> {
  const dataDir = join(await temporaryFolder(), "pg");
  await copyCluster(inject("clusterDir"), dataDir);
  return dataDir;
}

/** A Node process that runs a server on the folder until it is killed. */
async function startElsewhere(dataDir: string) {
  const script = `import { startPostgres } from ${JSON.stringify(SOURCE)};
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, port: 0, fast: true });
    console.log(JSON.stringify({ pid: server.pid, url: server.url("postgres") }));
    setInterval(() => {}, 1000);`;
  const node = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void node.kill("SIGKILL"));
  const [line] = await once(node.stdout, "data");
  const { pid, url }: { pid: number; url: string } = JSON.parse(String(line));
  return { node, pid, url };
}

describe("the embedded Postgres", { timeout: LIMIT_MS }, () => {
  it("is a PostgreSQL 18 that listens on 127.0.0.1 only and accepts any password", async ({ expect }) => {
    const server = await start({ dataDir: join(await temporaryFolder(), "pg") });
    const other = server.url("postgres").replace(":local@", ":something-else@");
    expect(await ask(other, "show server_version")).toEqual([expect.stringMatching(/^18\./)]);
    expect(await ask(other, "show listen_addresses")).toEqual(["127.0.0.1"]);
    expect(await ask(other, "show timezone")).toEqual(["UTC"]);
    // As Neon makes a database: sorted by code point, and Cyrillic has letters.
    const locale = "select datlocprovider, datlocale, datctype from pg_database where datname = 'postgres'";
    expect(await ask(other, locale)).toEqual(["b", "C.UTF-8", "C.UTF-8"]);
    await ask(other, "create extension pg_trgm");
    expect(await ask(other, "select show_trgm('Да')::text")).not.toEqual(["{}"]);
    expect(await ask(other, "select 'Я' < 'а', 'Z' < 'a'")).toEqual([true, true]);
  });

  it("waits for the disk unless started with `fast`", async ({ expect }) => {
    const durable = await start({ dataDir: await aCluster(), fast: false });
    const fast = await start({ dataDir: await aCluster() });
    expect(await ask(durable.url("postgres"), "show fsync")).toEqual(["on"]);
    expect(await ask(durable.url("postgres"), "show synchronous_commit")).toEqual(["on"]);
    expect(await ask(fast.url("postgres"), "show fsync")).toEqual(["off"]);
  });

  it("keeps its data between starts, and creates a database only once", async ({ expect }) => {
    const dataDir = await aCluster();
    const first = await start({ dataDir });
    await first.createDatabase("shop's");
    await ask(first.url("shop's"), "create table kept as select 7 as n");
    await first.stop();
    const second = await start({ dataDir });
    await second.createDatabase("shop's");
    expect(await ask(second.url("shop's"), "select n from kept")).toEqual([7]);
  });

  it("stops a server whose Node was killed, and has the data that it stored", async ({ expect }) => {
    const dataDir = await aCluster();
    const { node, pid, url } = await startElsewhere(dataDir);
    await ask(url, "create table kept as select 7 as n");
    node.kill("SIGKILL");
    await once(node, "exit");
    expect(await isAlive(pid)).toBe(true);

    const server = await start({ dataDir });
    expect(await isAlive(pid)).toBe(false);
    expect(await ask(server.url("postgres"), "select n from kept")).toEqual([7]);
  });

  it("starts after the server itself was killed", async ({ expect }) => {
    const dataDir = await aCluster();
    const reasons: string[] = [];
    const first = await start({ dataDir, onExit: (reason) => reasons.push(reason) });
    await ask(first.url("postgres"), "create table kept as select 7 as n");
    process.kill(first.pid, "SIGKILL");
    await expect.poll(() => reasons).toEqual(["SIGKILL"]);

    const second = await start({ dataDir });
    expect(await ask(second.url("postgres"), "select n from kept")).toEqual([7]);
  });

  it("does not stop a server whose Node is alive", async ({ expect }) => {
    const dataDir = await aCluster();
    const { node, pid, url } = await startElsewhere(dataDir);
    await expect(startPostgres({ dataDir, port: 0, fast: true })).rejects.toThrow(
      `The database in ${dataDir} is in use by node (pid ${node.pid}).`,
    );
    expect(await ask(url, "select 1")).toEqual([1]);
    node.kill("SIGKILL");
    process.kill(pid, "SIGINT");
    // It writes until it has ended, and its folder is removed next.
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("does not mistake another program with the same pid for an orphaned server", async ({ expect }) => {
    const dataDir = await aCluster();
    await writeFile(join(dataDir, "postmaster.pid"), `${process.pid}\n${dataDir}\n`);
    const server = await start({ dataDir });
    expect(await ask(server.url("postgres"), "select 1")).toEqual([1]);
  });

  it("does not use a cluster whose initdb was interrupted", async ({ expect }) => {
    const dataDir = join(await temporaryFolder(), "pg");
    await copyCluster(inject("clusterDir"), `${dataDir}.new`);
    await writeFile(join(`${dataDir}.new`, "PG_VERSION"), "half\n");
    const server = await start({ dataDir });
    expect(await readFile(join(dataDir, "PG_VERSION"), "utf8")).toBe("18\n");
    expect(await ask(server.url("postgres"), "select 1")).toEqual([1]);
  });

  it("names the process on its port", async ({ expect }) => {
    const port = await freePort();
    const squatter = createServer().listen(port, "127.0.0.1");
    await once(squatter, "listening");
    onTestFinished(() => void squatter.close());
    const dataDir = join(await temporaryFolder(), "pg");
    await expect(startPostgres({ dataDir, port, fast: true })).rejects.toThrow(
      `port ${port} is taken by node (pid ${process.pid})`,
    );
  });

  it("reports the end of its log when it cannot start", async ({ expect }) => {
    const dataDir = await aCluster();
    await writeFile(join(dataDir, "postgresql.conf"), "no_such_setting = 1\n");
    await expect(startPostgres({ dataDir, port: 0, fast: true })).rejects.toThrow("no_such_setting");
  });

  it.runIf(process.getuid?.() === 0)("runs for root where only root may enter", async ({ expect }) => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o700);
    const dataDir = join(folder, "pg");
    const first = await start({ dataDir });
    await ask(first.url("postgres"), "create table kept as select 7 as n");
    expect(first.dataDir).not.toBe(dataDir);
    await first.stop();
    const second = await start({ dataDir });
    expect(await ask(second.url("postgres"), "select n from kept")).toEqual([7]);
    await second.stop();
    await rm(second.dataDir, { recursive: true });
  });
});
