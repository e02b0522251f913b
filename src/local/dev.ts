import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DEV_VARS, LOCAL_PORTS } from "./dev-vars.ts";
import type { DemoAgent } from "./local-page.ts";
import { stopSignal } from "./stop-signal.ts";

const HELP = `Runs the whole thing on this computer: Postgres, a simulated Meta with the customer's phone, the Worker and its page.

  npm run dev
  npm run dev -- --fresh     throws the data in .local away first
  npm run dev -- --watch     builds again after each change of the sources`;

const ROOT = join(import.meta.dirname, "../..");

const TOKEN = "npm run --silent token -- --org 1 --sub anna --role admin";

function welcome(dataDir: string, agents: DemoAgent[]): string {
  const { worker, simulator, neon, postgres } = LOCAL_PORTS;
  const host = "http://127.0.0.1";
  const links = agents.map(
    ({ name, role, token }) => `  ${name}, ${role}\n    ${host}:${worker}/#token=${token}`,
  );
  return `
WABA Edge is ready.

  Worker: API and inbox   ${host}:${worker}
  Customer's phone        ${host}:${simulator} (also the Graph API)
  Neon endpoint           ${host}:${neon}
  Postgres                psql postgres://postgres:local@127.0.0.1:${postgres}/waba
  Data                    ${dataDir} (npm run dev -- --fresh deletes it)

Open the inbox, signed in as
${links.join("\n")}

Get an agent's token:
  ${TOKEN}

Send a message as a customer, then list the chats:
  curl ${host}:${simulator}/simulator/customers/79990001122/messages \\
    -H 'content-type: application/json' -d '{"type":"text","text":{"body":"Hello"}}'
  curl ${host}:${worker}/api/waba/chats -H "authorization: Bearer $(${TOKEN})"

The Worker's log follows. Press Ctrl+C to stop everything.
`;
}

async function main(): Promise<number> {
  const signal = stopSignal();
  // The program that reads our output may exit first.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    await runUntil(signal);
    return 0;
  } catch (error) {
    // Interrupted while starting: the error is a consequence of that.
    if (signal.aborted) return 0;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function runUntil(signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    options: {
      fresh: { type: "boolean", default: false },
      watch: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  // Wrangler's configuration reader prints warnings that concern only wrangler's own commands.
  process.env.WRANGLER_LOG ??= "error";
  // Loading it takes a second, and signals must work before that.
  const { startLocalMode } = await import("./local-mode.ts");
  const dataDir = join(ROOT, ".local");
  const running = await startLocalMode({
    configPath: join(ROOT, "wrangler.toml"),
    devVarsPath: DEV_VARS,
    distDir: join(ROOT, "dist"),
    dataDir,
    ports: LOCAL_PORTS,
    fresh: values.fresh,
    watchDir: values.watch || process.stdout.isTTY ? join(ROOT, "src") : null,
    hasPage: true,
    hasDemoChats: true,
    log: (line) => process.stdout.write(`${line}\n`),
    signal,
  });
  process.stdout.write(welcome(dataDir, running.demoAgents));
  if (!signal.aborted) await once(signal, "abort");
  await running.close();
}

process.exit(await main());
