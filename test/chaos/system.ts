import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import pg from "pg";
import { startCron } from "../../src/local/cron.ts";
import { migrate } from "../../src/local/migrate.ts";
import { startNeonEndpoint } from "../../src/local/neon-endpoint.ts";
import { KIND, type NeonFaults } from "../../src/local/neon-faults.ts";
import { findListener, freePort } from "../../src/local/ports.ts";
import { type PostgresServer, startPostgres } from "../../src/local/postgres.ts";
import { startSimulator } from "../../src/local/simulator/simulator.ts";
import { withClient } from "../../src/local/with-client.ts";
import { startWorker } from "../../src/local/worker.ts";
import { killWorker } from "../node/kill-worker.ts";
import { lockSpools } from "../node/lock-storage.ts";
import { APP_SECRET, testBindings } from "../support/bindings.ts";
import { type ScriptedProxy, startProxy } from "./proxy.ts";
import type { Chance } from "./random.ts";

const ROOT = join(import.meta.dirname, "../..");
const DATABASE = "chaos";

/** Two organizations; the first has two phones. */
export const PHONES = [
  { id: 1, organizationId: 1, phoneNumberId: "300000000000001", wabaId: "310000000000001" },
  { id: 2, organizationId: 1, phoneNumberId: "300000000000002", wabaId: "310000000000001" },
  { id: 3, organizationId: 2, phoneNumberId: "300000000000003", wabaId: "310000000000002" },
] as const;

export type System = {
  /** The base URL of the API. */
  url: string;
  simulatorUrl: string;
  proxy: ScriptedProxy;
  /** How the Neon endpoint behaves from now on. */
  setEndpointFaults: (faults: NeonFaults) => void;
  /** Closes the endpoint with all its connections, and starts it again. */
  killEndpoint: () => Promise<void>;
  /** Sends SIGKILL, and starts Postgres again on its data. */
  killPostgres: () => Promise<void>;
  /** Makes the disk of the spools refuse writes; returns a function that ends that. */
  lockSpools: () => Promise<() => void>;
  /** Queries Postgres directly, not through the Neon endpoint. */
  query: <Row>(text: string) => Promise<Row[]>;
  /** Locks the chat's row as an open transaction does; returns a function that ends it. */
  lockCustomer: (
    what: "Chat" | "Contact",
    organizationPhoneId: number,
    phone: string,
  ) => Promise<() => Promise<void>>;
  /** The process of workerd; null while none runs. Another one than before has died meanwhile. */
  workerPid: () => Promise<number | null>;
  /** Resident memory of workerd, in bytes; null while none runs. */
  workerBytes: () => Promise<number | null>;
  /** Sends SIGKILL; resolves when the Worker responds again. */
  killWorker: () => Promise<void>;
  stopPostgres: () => Promise<void>;
  resumePostgres: () => Promise<void>;
  /** Freezes the server and its sessions (SIGSTOP); returns a function that resumes them. */
  freezePostgres: () => Promise<() => Promise<void>>;
  /** Makes the simulator retry its pending webhooks at once. */
  retryWebhooksNow: () => void;
  /** Counts the Worker's log lines by event and error code. */
  logCounts: Map<string, number>;
  close: () => Promise<void>;
};

/** Starts the whole system on free ports, with the Worker as it is deployed and all data on disk. */
export async function startSystem({ next }: Chance): Promise<System> {
  const dir = await mkdtemp(join(tmpdir(), "waba-chaos-"));
  const onClose: (() => unknown)[] = [() => rm(dir, { recursive: true, force: true })];
  const close = async () => {
    for (const stop of onClose.splice(0).reverse()) await stop();
  };
  try {
    const options = { dataDir: join(dir, "postgres"), port: await freePort(), fast: true };
    let postgres: PostgresServer | null = await startPostgres(options);
    const { dataDir } = postgres;
    const url = postgres.url(DATABASE);
    onClose.push(() => rm(dataDir, { recursive: true, force: true }));
    onClose.push(() => postgres?.stop());
    await postgres.createDatabase(DATABASE);
    await migrate(url);
    await runQuery(url, seedSql());
    const startEndpoint = async (port: number) =>
      await startNeonEndpoint({ port, postgresPort: options.port, random: next });
    let neon = await startEndpoint(0);
    let endpointFaults = KIND;
    onClose.push(() => neon.close());
    const proxy = await startProxy(neon.url);
    onClose.push(() => proxy.close());
    const phones = PHONES.map(({ id, phoneNumberId, wabaId }) => ({
      id: phoneNumberId,
      wabaId,
      displayPhoneNumber: `+7 900 000-00-0${id}`,
      verifiedName: `Number ${id}`,
    }));
    const simulator = await startSimulator({
      port: 0,
      appSecret: APP_SECRET,
      webhookUrl: null,
      phones,
      random: next,
    });
    onClose.push(() => simulator.close());
    const logCounts = new Map<string, number>();
    const log = (line: string) => {
      const event = line.replace(/ ?\{.*$/s, "").slice(0, 80);
      const error = /"(?:code|error)":"([^"]*)"/.exec(line)?.[1] ?? "";
      const key = error ? `${event} (${error})` : event;
      logCounts.set(key, (logCounts.get(key) ?? 0) + 1);
    };
    const port = await freePort();
    const worker = await startWorker({
      configPath: join(ROOT, "wrangler.toml"),
      distDir: join(dir, "dist"),
      dataDir: join(dir, "worker"),
      port,
      vars: testBindings(`postgres://postgres:local@127.0.0.1:${proxy.port}/${DATABASE}`, simulator.url),
      log,
    });
    onClose.push(() => worker.close());
    onClose.push(startCron(worker.url, worker.crons, log));
    const workerPid = async () => (await findListener(port))?.pid ?? null;
    const retryWebhooksNow = () => simulator.setWebhookUrl(`${worker.url}/api/waba/webhook`);
    retryWebhooksNow();
    return {
      url: `${worker.url}/api/waba`,
      simulatorUrl: simulator.url,
      proxy,
      setEndpointFaults: (faults) => {
        endpointFaults = faults;
        neon.setFaults(faults);
      },
      killEndpoint: async () => {
        await neon.close();
        neon = await startEndpoint(neon.port);
        neon.setFaults(endpointFaults);
      },
      killPostgres: async () => {
        const running = postgres;
        postgres = null;
        if (!running) return;
        process.kill(running.pid, "SIGKILL");
        await running.stop();
        postgres ??= await startPostgres(options);
      },
      lockSpools: () => lockSpools(join(dir, "worker")),
      query: (text) => runQuery(url, text),
      lockCustomer: async (what, organizationPhoneId, phone) => {
        const client = new pg.Client(url);
        await client.connect();
        await client.query("begin");
        await client.query(
          `select from "Chat" c join "Contact" k on k.id = c."contactId"
           where c."organizationPhoneId" = $1 and k.phone = $2 for update of ${what === "Chat" ? "c" : "k"}`,
          [organizationPhoneId, phone],
        );
        return async () => {
          await client.query("rollback");
          await client.end();
        };
      },
      workerPid,
      workerBytes: async () => {
        const status = await readFile(`/proc/${await workerPid()}/status`, "utf8").catch(() => "");
        const [, kB] = /VmRSS:\s+(\d+) kB/.exec(status) ?? [];
        return kB === undefined ? null : Number(kB) * 1024;
      },
      killWorker: () => killWorker(port),
      stopPostgres: async () => {
        const running = postgres;
        postgres = null;
        await running?.stop();
      },
      resumePostgres: async () => {
        postgres ??= await startPostgres(options);
      },
      freezePostgres: () => freeze(postgres?.pid ?? 0),
      retryWebhooksNow,
      logCounts,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runQuery<Row>(url: string, text: string): Promise<Row[]> {
  // The caller knows the type of the rows.
  return await withClient(url, async (client) => (await client.query(text)).rows as Row[]);
}

function seedSql(): string {
  const rows = PHONES.map(
    ({ id, organizationId, phoneNumberId, wabaId }) =>
      `(${id}, ${organizationId}, 'Number ${id}', '7900000000${id}', '${phoneNumberId}', '${wabaId}')`,
  );
  return `insert into "Organization" (id, name) values (2, 'Second') on conflict do nothing;
    insert into "OrganizationPhone" (id, "organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
    values ${rows.join(", ")}`;
}

async function freeze(pid: number): Promise<() => Promise<void>> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const pids = [pid, ...children.trim().split(" ").filter(Boolean).map(Number)].filter((each) => each > 0);
  const signalAll = (signal: NodeJS.Signals) => {
    for (const each of pids) {
      try {
        process.kill(each, signal);
      } catch {
        // The process has exited in the meantime.
      }
    }
  };
  signalAll("SIGSTOP");
  return async () => signalAll("SIGCONT");
}
