import { parseArgs, parseEnv } from "node:util";
import type { SpooledDetails, SpooledRetry, SpooledSummary } from "../../domain/spooled-event.ts";
import { DEV_VARS, LOCAL_PORTS, readDevVars } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";
import { adminToken } from "./admin-token.ts";
import { workerCall } from "./doctor-worker.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

export const USAGE = `Looks into the spool: webhook events that are acknowledged and wait to be stored in Postgres.

  npm run spool -- list             every event of the organization that waits, oldest first
  npm run spool -- show 4711        one event with its content
  npm run spool -- retry 4711       stores it now
  npm run spool -- remove 4711      takes it out for good: keep what show prints, if it may be needed

  --url https://…   a deployed Worker; an admin's token from WABA_DOCTOR_JWT, or asked for
  --org 1           the organization, with local mode's own token
  --json            for programs

Exit codes: 0 done, 1 failed; retry also fails while the event is not stored.`;

const COMMANDS = ["list", "show", "retry", "remove"] as const;

type Variables = Record<string, string | undefined>;
type Retried = SpooledRetry & { id: number };
export type SpoolOutput = { json: unknown; lines: string[]; isFailed: boolean };

/** Runs a command, and returns what to print. Throws an error that names the wrong argument, or says what the Worker refused. */
export async function spool(args: string[], variables: Variables, terminal: Terminal): Promise<SpoolOutput> {
  const { command, id, url, org } = readArguments(args);
  const call = workerCall(url, await adminToken({ url, org }, variables, terminal), "en");
  switch (command) {
    case "list": {
      const events: SpooledSummary[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const page: { data: SpooledSummary[]; nextCursor: string | null } = await call(
          "GET",
          `/spooled-events?limit=100${cursor && `&cursor=${cursor}`}`,
        );
        events.push(...page.data);
        cursor = page.nextCursor;
      }
      const lines = events.length > 0 ? events.map(describe) : ["Nothing waits."];
      return { json: events, lines, isFailed: false };
    }
    case "show": {
      const event = await call<SpooledDetails>("GET", `/spooled-events/${id}`);
      return { json: event, lines: [describe(event), event.source ?? "(not JSON)"], isFailed: false };
    }
    case "retry": {
      const retried = await call<Retried>("POST", `/spooled-events/${id}/retry`);
      return { json: retried, lines: [describeRetry(retried)], isFailed: !retried.isStored };
    }
    case "remove":
      await call("DELETE", `/spooled-events/${id}`);
      return { json: { id, isRemoved: true }, lines: [`Event ${id}: removed.`], isFailed: false };
    default:
      return command satisfies never;
  }
}

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      url: { type: "string", default: `http://127.0.0.1:${LOCAL_PORTS.worker}` },
      org: { type: "string", default: "1" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const [name, id, ...more] = positionals;
  const command = COMMANDS.find((one) => one === name);
  if (!command || more.length > 0)
    throw new Error("Give one command: list, show, retry or remove. See --help.");
  if (command === "list" && id !== undefined) throw new Error("list takes no id.");
  if (command !== "list" && !/^[1-9]\d{0,15}$/.test(id ?? ""))
    throw new Error(`${command} takes the id of an event, as list shows it.`);
  if (!URL.parse(values.url)?.protocol.startsWith("http"))
    throw new Error("--url must be the Worker's address, such as https://waba.example.com.");
  return { command, id: Number(id), url: values.url.replace(/\/+$/, ""), org: values.org };
}

function describe({ id, kind, phoneNumberId, isHistory, tries, spooledAt, dueAt }: SpooledSummary): string {
  const failed = tries > 0 ? `, failed ${tries} times, next at ${dueAt}` : "";
  return `Event ${id}: ${kind}${isHistory ? " (history)" : ""} of ${phoneNumberId}, since ${spooledAt}${failed}.`;
}

function describeRetry(retried: Retried): string {
  if (retried.isStored) return `Event ${retried.id}: stored.`;
  return `Event ${retried.id}: not stored, ${retried.sqlState ? `Postgres refuses it with ${retried.sqlState}` : "Postgres does not answer"}.`;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(USAGE);
  const local = parseEnv((await readDevVars(DEV_VARS)) ?? "");
  const terminal = openTerminal(process.stdin, process.stderr);
  try {
    const { json, lines, isFailed } = await spool(args, { ...local, ...process.env }, terminal);
    console.log(args.includes("--json") ? JSON.stringify(json) : lines.join("\n"));
    if (isFailed) process.exitCode = 1;
  } finally {
    terminal.close();
  }
}

if (import.meta.main) {
  await main().catch((error) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  });
}
