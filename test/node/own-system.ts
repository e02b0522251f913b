import { createHmac, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import pg from "pg";
import { inject } from "vitest";
import { connect } from "../../src/db/client.ts";
import { migrate } from "../../src/local/migrate.ts";
import { freePort } from "../../src/local/ports.ts";
import { startWorker } from "../../src/local/worker.ts";
import { APP_SECRET, JWT_SECRET, testBindings } from "../support/bindings.ts";

export const PHONE_NUMBER_ID = "200000000000001";
const ROOT = join(import.meta.dirname, "../..");

export type OwnDatabase = Awaited<ReturnType<typeof ownDatabase>>;

/** A migrated database of the test's own on the run's Postgres, with one number of organization 1. */
export async function ownDatabase() {
  const name = `own_${randomBytes(6).toString("hex")}`;
  const server = inject("postgresUrl");
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const databaseUrl = Object.assign(new URL(inject("databaseUrl")), { pathname: `/${name}` }).href;
  await query(server, `create database ${name}`);
  await migrate(url);
  await query(
    url,
    `insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
     values (1, 'Ours', '79001234567', '${PHONE_NUMBER_ID}', '123456789012345')`,
  );
  return {
    databaseUrl,
    db: connect(databaseUrl),
    query: (text: string) => query(url, text),
    /** A session of its own, to hold locks in. */
    session: async () => {
      const client = new pg.Client(url);
      await client.connect();
      return client;
    },
    drop: () => query(server, `drop database ${name} with (force)`),
  };
}

/** The Worker as it is deployed, on a free port of this machine, before this database. */
export async function realWorker(databaseUrl: string) {
  const dir = await mkdtemp(join(tmpdir(), "waba-worker-"));
  const worker = await startWorker({
    configPath: join(ROOT, "wrangler.toml"),
    distDir: join(dir, "dist"),
    dataDir: join(dir, "data"),
    port: await freePort(),
    vars: testBindings(databaseUrl, inject("graphUrl")),
    log: () => undefined,
  });
  const close = async () => {
    await worker.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { url: `${worker.url}/api/waba`, close };
}

/** Posts a body as Meta does. */
export async function postSigned(url: string, body: string): Promise<number> {
  const signature = `sha256=${createHmac("sha256", APP_SECRET).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const answer = await fetch(`${url}/webhook`, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

/** What an agent of organization 1 reads. */
export async function asAgent(url: string): Promise<(path: string) => Promise<Response>> {
  const token = await new SignJWT({ organizationId: 1, role: "agent" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("anna")
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  return async (path) => await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

/** A body with one text. */
export function aTextBody(from: string, wamid: string, at: number): string {
  const metadata = { display_phone_number: "79001234567", phone_number_id: PHONE_NUMBER_ID };
  const message = { from, id: wamid, timestamp: String(at), type: "text", text: { body: wamid } };
  const value = { messaging_product: "whatsapp", metadata, messages: [message] };
  const entry = [{ id: "123456789012345", changes: [{ field: "messages", value }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
