import { createHmac } from "node:crypto";
import { parseArgs, parseEnv } from "node:util";
import { connect } from "../../db/client.ts";
import { bodyOfStoredEvent, markApplied, storedEventsBetween } from "../../db/webhook-events.ts";
import { flatten } from "../../whatsapp/flatten.ts";
import { DEV_VARS, LOCAL_PORTS, readDevVars } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const REQUEST_TIMEOUT_MS = 30_000;

const HELP = `Applies stored webhook events again, by posting them to the Worker as Meta does. Safe to repeat.

  --id 7  --day 2026-11-22 (UTC)  --url https://…  --json

  npm run replay -- --id 7
  npm run replay -- --day 2026-11-22 --url https://waba.example.com --json

It reads DATABASE_URL and META_APP_SECRET from the environment or .dev.vars, and prints neither.`;

type Variables = Record<string, string | undefined>;

export type Outcome = {
  id: number;
  applied: boolean;
  /** Why the event could not be replayed. */
  error?: string;
};

/**
 * Posts stored events to the Worker again, signed as Meta signs them: `--id 7`, or `--day 2026-11-22` (UTC) for all events
 * stored on that day; `--url https://…` is the Worker's address. Includes events that belong to no organization. Messages
 * and statuses that are stored already do not change. Throws an error that names the wrong argument or variable.
 */
export async function replay(args: string[], variables: Variables): Promise<Outcome[]> {
  const { id, day, url } = readArguments(args);
  const { DATABASE_URL, META_APP_SECRET = "" } = variables;
  const [secret = ""] = META_APP_SECRET.split(",").map((part) => part.trim());
  if (!DATABASE_URL) throw new Error("DATABASE_URL is not set: it names the database that holds the events.");
  if (!secret) throw new Error("META_APP_SECRET is not set: the Worker accepts signed events only.");
  const db = connect(DATABASE_URL);
  const ids = id === null ? await storedEventsBetween(db, day, new Date(day.getTime() + DAY_MS)) : [id];
  const outcomes: Outcome[] = [];
  for (const eventId of ids) {
    try {
      const bytes = await bodyOfStoredEvent(db, { id: eventId, organizationId: null });
      if (!bytes) throw new Error("there is no such event");
      const events = flatten(bytes);
      // Posting an event that still cannot be parsed would only store a second copy.
      if (events.some((event) => event.kind !== "notice" || event.parsed))
        await post(`${url}/api/waba/webhook`, bytes, secret);
      outcomes.push({ id: eventId, applied: await markApplied(db, eventId, events) });
    } catch (error) {
      outcomes.push({ id: eventId, applied: false, error: reasonOf(error) });
    }
  }
  return outcomes;
}

async function post(url: string, bytes: Uint8Array, secret: string): Promise<void> {
  const headers = {
    "content-type": "application/json",
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`,
  };
  const body = new Uint8Array(bytes);
  const answer = await fetch(url, {
    method: "POST",
    headers,
    body,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`the Worker answered ${answer.status}`);
}

function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      id: { type: "string" },
      day: { type: "string" },
      url: { type: "string", default: `http://127.0.0.1:${LOCAL_PORTS.worker}` },
      json: { type: "boolean" },
    },
  });
  const { id, day = "" } = values;
  if ((id === undefined) === (values.day === undefined)) throw new Error("Give either --id or --day.");
  if (!URL.canParse(values.url)) throw new Error("--url must be the Worker's address, such as https://….");
  const url = values.url.replace(/\/+$/, "");
  if (id !== undefined) {
    if (!/^[1-9]\d{0,8}$/.test(id))
      throw new Error("--id must be the id of a stored event, a positive integer.");
    return { id: Number(id), day: new Date(0), url };
  }
  const start = new Date(`${day}T00:00:00.000Z`);
  const exists = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(`${day}T`);
  if (!exists) throw new Error("--day must be a valid date, such as 2026-11-22.");
  return { id: null, day: start, url };
}

function describe({ id, applied, error }: Outcome): string {
  if (error !== undefined) return `Event ${id}: failed, ${error}.`;
  return applied ? `Event ${id}: applied.` : `Event ${id}: not applied, still stored.`;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(HELP);
  const local = parseEnv((await readDevVars(DEV_VARS)) ?? "");
  const outcomes = await replay(args, { ...local, ...process.env });
  if (args.includes("--json")) console.log(JSON.stringify(outcomes));
  else for (const outcome of outcomes) console.log(describe(outcome));
  if (outcomes.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

if (import.meta.main) {
  await main().catch((error) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  });
}
