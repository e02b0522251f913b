import { setTimeout as wait } from "node:timers/promises";
import { parseArgs, parseEnv } from "node:util";
import { connect } from "../../db/client.ts";
import { DEV_VARS, LOCAL_PORTS, readDevVars } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";
import type { Delivery } from "../simulator/deliveries.ts";
import { stopSignal } from "../stop-signal.ts";
import { storedOf } from "./stored-of-delivery.ts";

const OPTIONS = {
  field: { type: "string" },
  json: { type: "boolean", default: false },
  once: { type: "boolean", default: false },
  simulator: { type: "string", default: `http://127.0.0.1:${LOCAL_PORTS.simulator}` },
  help: { type: "boolean", default: false },
} as const;
const POLL_MS = 500;

const HELP = `Prints one line for each webhook that the simulator of local mode delivers: its time, what it carried, for which
number, our answer, the milliseconds, and what was stored.

  npm run listen                                 until Ctrl+C
  npm run listen -- --field messages --json      messages and statuses alone, as JSON lines
  npm run listen -- --once                       only those so far

  --simulator URL   another simulator

It looks up what was stored with DATABASE_URL from the environment or .dev.vars.`;

/** What became of each event of a delivery, in words. */
type LookUp = (delivery: Delivery) => Promise<string[]>;

/**
 * Prints the simulator's deliveries until the signal, or with `--once` those so far: time, what they carried, the answers, the
 * milliseconds, and with `lookUp` what was stored. `--field` selects those with an event of this field, `--json` prints them as
 * JSON lines.
 */
export async function listen(
  args: string[],
  print: (line: string) => void,
  signal: AbortSignal,
  lookUp: LookUp | null = null,
): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const { field, simulator } = values;
  let last = values.once ? 0 : await lastDelivery(simulator);
  for (;;) {
    const deliveries = await deliveriesAfter(simulator, last);
    for (const delivery of deliveries) {
      last = delivery.id;
      const isWanted = delivery.events.some((event) => event === field || event.startsWith(`${field}:`));
      if (field !== undefined && !isWanted) continue;
      const stored = (await lookUp?.(delivery)) ?? [];
      print(values.json ? jsonOf(delivery, stored) : lineOf(delivery, stored));
    }
    if (values.once || signal.aborted) return;
    await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What was delivered before is not repeated. */
async function lastDelivery(simulator: string): Promise<number> {
  const deliveries = await deliveriesAfter(simulator, 0);
  return deliveries.at(-1)?.id ?? 0;
}

async function deliveriesAfter(simulator: string, id: number): Promise<Delivery[]> {
  const response = await fetch(`${simulator}/simulator/deliveries?after=${id}`).catch(() => null);
  if (!response?.ok)
    throw new Error(`The simulator does not answer at ${simulator}: run "npm run dev" first.`);
  const { data } = await response.json();
  return data;
}

/** A wamid is the customer's number in base64: our own ids say which message it is. */
function jsonOf({ wamids: _, ...delivery }: Delivery, stored: string[]): string {
  return JSON.stringify({ ...delivery, stored });
}

function lineOf({ at, events, phoneNumberIds, statuses, milliseconds }: Delivery, stored: string[]): string {
  const answers = statuses.map((status) => (status === 0 ? "no answer" : status)).join(", ");
  const phones = phoneNumberIds.map((id) => `…${id.slice(-4)}`).join(", ");
  return [
    at.slice(11, 23),
    events.join(" + "),
    phones,
    `→ ${answers}`,
    `${milliseconds} ms`,
    stored.join(", "),
  ]
    .filter((part) => part !== "")
    .join("  ");
}

/** Null where no database is named. */
async function lookUpOf(variables: NodeJS.Dict<string>): Promise<LookUp | null> {
  const { DATABASE_URL } = { ...parseEnv((await readDevVars(DEV_VARS)) ?? ""), ...variables };
  if (!DATABASE_URL) return null;
  const db = connect(DATABASE_URL);
  return async (delivery) => await storedOf(db, delivery);
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  if (args.includes("--help")) console.log(HELP);
  else
    await listen(args, console.log, stopSignal(), await lookUpOf(process.env)).catch((error) => {
      console.error(reasonOf(error));
      process.exitCode = 1;
    });
}
