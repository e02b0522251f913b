import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../src/local/ports.ts";
import { type Simulator, startSimulator } from "../../src/local/simulator/simulator.ts";
import { smallFile } from "../../src/local/simulator/small-files.ts";
import { until } from "../local/simulator/fixture.ts";
import { faultsOfSdks } from "./faults-of-sdks.ts";

/**
 * Runs the client libraries of others against the simulator and prints what each can do: `npm run sdks`, or
 * `npm run sdks -- kapso` for one. The libraries are installed in a folder outside of this project, at these versions.
 */
const SDKS: Record<string, string> = {
  kapso: "@kapso/whatsapp-cloud-api@0.3.0",
  "whatsapp-api-js": "whatsapp-api-js@6.3.0",
  "great-detail": "@great-detail/whatsapp@9.2.0",
  "whatsapp-cloud-api": "whatsapp-cloud-api@0.3.1",
  "chat-adapter": "@chat-adapter/whatsapp@4.41.1",
  microfox: "@microfox/whatsapp-business@1.5.2",
  "whatsapp-business": "whatsapp-business@1.7.2",
  "meta-whatsapp": "whatsapp@0.0.5-Alpha",
};
/** Makes the certificate of graph.facebook.com for the libraries that know no other address. */
const CERTIFICATES = "selfsigned@2.4.1";

const FOLDER = join(tmpdir(), "waba-edge-sdks");
const CERTIFICATE = join(FOLDER, "certificate.pem");
const TIMEOUT_MS = 300_000;
const SECRET = "local-app-secret";
const CUSTOMER = "79160000001";
const IDS = {
  app: "670843887433847",
  waba: "123456789012345",
  number: "987654321098765",
  spare: "987654321098799",
  unverified: "987654321098001",
};

type Result = { sdk: string; name: string; error: string | null };
type Received = { body: string; signature: string };
// The JSON of Meta, of which only single fields are read here.
// biome-ignore lint/suspicious/noExplicitAny: the simulator's tests describe its shape
type Loose = any;

async function main(only: string[]): Promise<void> {
  await install();
  const results: Result[] = [];
  for (const sdk of Object.keys(SDKS))
    if (only.length === 0 || only.includes(sdk)) results.push(...(await tryOut(sdk)));
  print(results);
}

async function install(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const packages = [...Object.values(SDKS), CERTIFICATES];
  await finished("npm", ["install", "--no-audit", "--no-fund", "--silent", "--no-save", ...packages]);
  const cases = (await readdir(import.meta.dirname)).filter((name) => name.endsWith(".mjs"));
  for (const name of cases) await copyFile(join(import.meta.dirname, name), join(FOLDER, name));
  await writeFile(join(FOLDER, "a.png"), smallFile("image"));
  await makeCertificate();
}

/** A fresh simulator, with a chat that has happened, for each library. */
async function tryOut(sdk: string): Promise<Result[]> {
  const received: Received[] = [];
  const receiver = createServer(async (incoming, response) => {
    const body = await textOf(incoming);
    received.push({ body, signature: String(incoming.headers["x-hub-signature-256"]) });
    response.end();
  });
  const webhookUrl = `http://127.0.0.1:${await listen(receiver)}/`;
  const simulator = await startSimulator({ port: 0, appSecret: SECRET, webhookUrl });
  const front = tlsFront(simulator);
  try {
    const frontPort = await listen(front);
    const given = await prepare(simulator, received);
    const env = {
      GIVEN: JSON.stringify({ ...given, freePort: await freePort() }),
      FRONT_PORT: String(frontPort),
    };
    return await casesOf(sdk, env);
  } finally {
    front.close();
    receiver.close();
    await simulator.close();
  }
}

/** What the cases find: templates, a customer who wrote, a file, a number to verify, and the webhooks about it all. */
async function prepare(simulator: Simulator, received: Received[]): Promise<object> {
  const token = "EAAsdk-token-0123456789";
  const call = async (method: string, path: string, body?: object): Promise<Loose> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`${simulator.url}${path}`, { method, headers, ...init })).json();
  };
  const state = {
    wabaId: "555550000055555",
    code_verification_status: "NOT_VERIFIED",
    status: "DISCONNECTED",
  };
  await call("PATCH", `/simulator/phones/${IDS.unverified}`, state);
  for (const creation of templates()) {
    const { id } = await call("POST", `/${IDS.waba}/message_templates`, creation);
    await call("POST", `/simulator/templates/${id}`, { status: "APPROVED" });
  }
  const write = (message: object) => call("POST", `/simulator/customers/${CUSTOMER}/messages`, message);
  const { wamid } = await write({ type: "text", text: { body: "Привет" } });
  const { image } = await write({ type: "image", image: { caption: "look" } });
  await write({ type: "location", location: { latitude: 1.5, longitude: 2 } });
  const reply = { type: "button_reply", button_reply: { id: "a", title: "A" } };
  await write({ type: "interactive", interactive: reply });
  const hello = { messaging_product: "whatsapp", to: CUSTOMER, type: "text", text: { body: "hello" } };
  await call("POST", `/${IDS.number}/messages`, hello);
  await call("POST", "/simulator/webhooks", { field: "account_update", value: { event: "ACCOUNT_DELETED" } });
  await until(() => received.length >= 10);
  const { userId } = await call("GET", `/simulator/customers/${CUSTOMER}`);
  const webhooksFile = join(FOLDER, "webhooks.json");
  await writeFile(webhooksFile, JSON.stringify(received));
  const files = { webhooksFile, pngFile: join(FOLDER, "a.png"), folder: FOLDER };
  const texts = { graph: simulator.url, token, secret: SECRET, verifyToken: "local-verify-token" };
  return { ...IDS, ...texts, ...files, customer: CUSTOMER, userId, wamid, media: image.id };
}

function templates(): object[] {
  const body = [{ type: "BODY", text: "Sale" }];
  const sales = ["a", "b", "c", "d"].map((name) => ({
    name: `sale_${name}`,
    category: "MARKETING",
    components: body,
  }));
  const buttons = [{ type: "OTP", otp_type: "COPY_CODE", text: "Copy" }];
  const code = [{ type: "BODY" }, { type: "BUTTONS", buttons }];
  const login = { name: "login_code", category: "AUTHENTICATION", components: code };
  return [...sales, login].map((template) => ({ ...template, language: "en" }));
}

/** graph.facebook.com for libraries that cannot be pointed elsewhere; `redirect.mjs` leads them here. */
function tlsFront(simulator: Simulator): Server {
  const certificate = { key: readFileSync(join(FOLDER, "key.pem")), cert: readFileSync(CERTIFICATE) };
  return createTlsServer(certificate, (incoming, response) => {
    const { method, url, headers } = incoming;
    const host = `127.0.0.1:${simulator.port}`;
    const target = { host: "127.0.0.1", port: simulator.port, method, path: url };
    const forwarded = request({ ...target, headers: { ...headers, host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    incoming.pipe(forwarded);
  });
}

async function makeCertificate(): Promise<void> {
  const selfsigned: Loose = createRequire(join(FOLDER, "package.json"))("selfsigned");
  const altNames = [{ type: 2, value: "graph.facebook.com" }];
  const extensions = [
    { name: "basicConstraints", cA: true },
    { name: "subjectAltName", altNames },
  ];
  const pems = selfsigned.generate([{ name: "commonName", value: "graph.facebook.com" }], {
    keySize: 2048,
    extensions,
  });
  await writeFile(join(FOLDER, "key.pem"), pems.private, { mode: 0o600 });
  await writeFile(CERTIFICATE, pems.cert);
}

async function casesOf(sdk: string, env: Record<string, string>): Promise<Result[]> {
  const args = ["--import", "./redirect.mjs", `./${sdk}.mjs`];
  const { output, errors } = await finished(process.execPath, args, {
    ...env,
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
  });
  const lines: Loose[] = output.split("\n").filter((line) => line.startsWith("@@"));
  const [first, ...reported] = lines.map((line) => JSON.parse(line.slice(2)));
  const lastError =
    errors
      .trim()
      .split("\n")
      .find((line) => /Error/.test(line)) ?? "the process ended";
  const plan: string[] = first?.plan ?? ["start"];
  return plan.map((name) => ({ sdk, name, error: lastError, ...reported.find((one) => one.name === name) }));
}

/** Prints every case; what is refused is expected of the library, with the reason, or ends this script with 1. */
function print(results: Result[]): void {
  let unexpected = 0;
  for (const [sdk, own] of Map.groupBy(results, (result) => result.sdk)) {
    const worked = own.filter(({ error }) => error === null);
    console.log(`\n${SDKS[sdk]}: ${worked.length} of ${own.length}`);
    console.log(`  ✔ ${worked.map(({ name }) => name).join(", ")}`);
    for (const { name, error } of own.filter((one) => one.error !== null)) {
      const why = faultsOfSdks[sdk]?.[name];
      if (!why) unexpected += 1;
      console.log(`  ${why ? "–" : "✖"} ${name}: ${error}${why ? `\n      its own: ${why}` : ""}`);
    }
    for (const name of Object.keys(faultsOfSdks[sdk] ?? {})) {
      if (own.some((one) => one.name === name && one.error !== null)) continue;
      unexpected += 1;
      console.log(`  ✖ ${name}: works, though it is listed as a fault of the library`);
    }
  }
  const worked = results.filter(({ error }) => error === null).length;
  console.log(`\n${worked} of ${results.length} cases work; ${unexpected} are not as expected.`);
  if (unexpected > 0 || results.length === 0) process.exitCode = 1;
}

function finished(command: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd: FOLDER, env: { ...process.env, ...env }, timeout: TIMEOUT_MS });
  return new Promise<{ output: string; errors: string }>((resolve, reject) => {
    let output = "";
    let errors = "";
    child.stdout.on("data", (part) => {
      output += part;
    });
    child.stderr.on("data", (part) => {
      errors += part;
    });
    child.on("error", reject);
    child.on("close", () => resolve({ output, errors }));
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a TCP port has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts).toString();
}

await main(process.argv.slice(2));
