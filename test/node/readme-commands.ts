import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { onTestFinished } from "vitest";
import { LOCAL_PORTS, type LocalPorts } from "../../src/local/dev-vars.ts";
import { killGroup } from "../local/small-checkout.ts";

export const ROOT = join(import.meta.dirname, "../..");

const run = promisify(execFile);
const LIMIT_MS = 100_000;
/** A refusal ends the block, and curl does not draw its progress. */
const STRICT = 'set -euo pipefail; curl() { command curl --fail-with-body -sS "$@"; };';

/** A terminal in the repository: what one block exports the next one has. `state` is a file of its own. */
export function openTerminal({
  ports,
  state,
  env,
}: {
  ports: LocalPorts;
  state: string;
  env: NodeJS.Dict<string>;
}) {
  const options = {
    cwd: ROOT,
    env: {
      ...process.env,
      ...env,
      PATH: [join(ROOT, "node_modules/.bin"), process.env.PATH].join(delimiter),
    },
  };
  const script = (code: string) =>
    `${STRICT} [ ! -f '${state}' ] || . '${state}'\n${onPorts(code, ports)}\nexport -p > '${state}'`;
  return {
    /** What the block printed. Throws when a command of it fails. */
    async run(code: string): Promise<string> {
      const { stdout } = await run("bash", ["-c", script(code)], { ...options, timeout: LIMIT_MS });
      return stdout;
    },
    /** Leaves the block running until the test is over; gives the lines that it prints. */
    watch(code: string): string[] {
      const shell = spawn("bash", ["-c", script(code)], {
        ...options,
        detached: true,
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => killGroup(shell, "SIGKILL"));
      const printed: string[] = [];
      shell.stdout.on("data", (chunk) => printed.push(...String(chunk).split("\n")));
      return printed;
    },
  };
}

/** Runs statements as an operator would: in psql, or where there is none, over Postgres's protocol. */
export async function runSql(url: string, statements: string): Promise<void> {
  if (existsSync("/usr/bin/psql")) {
    await run("psql", [url, "--quiet", "--set=ON_ERROR_STOP=1", `--command=${statements}`], {
      timeout: LIMIT_MS,
    });
    return;
  }
  await query(url, statements);
}

export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The documented ports may be taken: others stand for them, also where a command would use them without saying so. */
function onPorts(code: string, ports: LocalPorts): string {
  const others = new Map(
    Object.entries(LOCAL_PORTS).map(([part, port]) => [String(port), ports[part as keyof LocalPorts]]),
  );
  const moved = code.replaceAll(/(?<=127\.0\.0\.1:)\d+/g, (port) => String(others.get(port) ?? port));
  const named = [
    [/npm run (doctor|replay)\b(?: --)?/g, `--url http://127.0.0.1:${ports.worker}`],
    [/npm run (trigger|listen)\b(?: --)?/g, `--simulator http://127.0.0.1:${ports.simulator}`],
  ] as const;
  return named.reduce(
    (text, [command, option]) => text.replaceAll(command, (_, name) => `npm run ${name} -- ${option}`),
    moved,
  );
}
