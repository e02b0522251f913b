import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs, parseEnv } from "node:util";
import { connect, type Db } from "../../db/client.ts";
import { bodyOfStoredEvent, markApplied, storedEventsBetween } from "../../db/webhook-events.ts";
import type { InboundEvent } from "../../domain/inbound-event.ts";
import { flatten } from "../../whatsapp/flatten.ts";
import { DEV_VARS, LOCAL_PORTS, readDevVars } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const REQUEST_TIMEOUT_MS = 30_000;
const LATE_LOOK_MS = 1_000;
const LATE_LOOKS = 10;

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

type Posted = { outcome: Outcome; events: InboundEvent[] };

/**
 * Posts stored events to the Worker again, signed as Meta signs them: `--id 7`, or `--day 2026-11-22` (UTC) for all events
 * stored on that day; `--url https://…` is the Worker's address. Includes events that belong to no organization. Messages
 * and statuses that are stored already do not change. Waits for what the Worker has spooled, ten seconds at most for all. Throws an
 * error that names the wrong argument or variable.
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
  const late: Posted[] = [];
  for (const eventId of ids) {
    try {
      const bytes = await bodyOfStoredEvent(db, { id: eventId, organizationId: null });
      if (!bytes) throw new Error("there is no such event");
      const events = flatten(bytes);
      // Posting an event that still cannot be parsed would only store a second copy.
      const isPosted = events.some((event) => event.kind !== "notice" || event.parsed);
      if (isPosted) await post(`${url}/api/waba/webhook`, bytes, secret);
      const outcome: Outcome = { id: eventId, applied: await markApplied(db, eventId, events) };
      outcomes.push(outcome);
      if (isPosted && !outcome.applied) late.push({ outcome, events });
    } catch (error) {
      outcomes.push({ id: eventId, applied: false, error: reasonOf(error) });
    }
  }
  await applyLate(db, late);
  return outcomes;
}

/** What the Worker has acknowledged may be in its spool, from where it comes within seconds. */
async function applyLate(db: Db, late: Posted[]): Promise<void> {
  for (let look = 0; look < LATE_LOOKS; look += 1) {
    const waiting = late.filter(({ outcome }) => !outcome.applied && outcome.error === undefined);
    if (waiting.length === 0) return;
    await wait(LATE_LOOK_MS);
    for (const { outcome, events } of waiting) {
      try {
        outcome.applied = await markApplied(db, outcome.id, events);
      } catch (error) {
        outcome.error = reasonOf(error);
      }
    }
  }
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
