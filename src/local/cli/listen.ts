import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { LOCAL_PORTS } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";
import type { Delivery } from "../simulator/deliveries.ts";
import { stopSignal } from "../stop-signal.ts";

const OPTIONS = {
  field: { type: "string" },
  json: { type: "boolean", default: false },
  once: { type: "boolean", default: false },
  simulator: { type: "string", default: `http://127.0.0.1:${LOCAL_PORTS.simulator}` },
  help: { type: "boolean", default: false },
} as const;
const POLL_MS = 500;

const HELP = `Prints one line for each webhook that the simulator of local mode delivers.

  --field messages  --json  --once (only those so far)  --simulator URL

  npm run listen
  npm run listen -- --field messages --json`;

/**
 * Prints the simulator's deliveries until the signal, or with `--once` those so far: time, what they carried, the answers
 * and the milliseconds. `--field` selects those with an event of this field, `--json` prints them as JSON lines.
 */
export async function listen(
  args: string[],
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const { field, simulator } = values;
  let last = values.once ? 0 : await lastDelivery(simulator);
  for (;;) {
    const deliveries = await deliveriesAfter(simulator, last);
    for (const delivery of deliveries) {
      last = delivery.id;
      const isWanted = delivery.events.some((event) => event === field || event.startsWith(`${field}:`));
      if (field === undefined || isWanted) print(values.json ? JSON.stringify(delivery) : lineOf(delivery));
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

function lineOf({ at, events, phoneNumberIds, statuses, milliseconds }: Delivery): string {
  const answers = statuses.map((status) => (status === 0 ? "no answer" : status)).join(", ");
  const phones = phoneNumberIds.map((id) => `…${id.slice(-4)}`).join(", ");
  return [at.slice(11, 23), events.join(" + "), phones, `→ ${answers}`, `${milliseconds} ms`]
    .filter((part) => part !== "")
    .join("  ");
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  if (args.includes("--help")) console.log(HELP);
  else
    await listen(args, console.log, stopSignal()).catch((error) => {
      console.error(reasonOf(error));
      process.exitCode = 1;
    });
}
