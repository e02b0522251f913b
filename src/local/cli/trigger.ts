import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { LOCAL_PORTS } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";
import { EVENTS, type Step, type Target } from "../simulator/trigger-events.ts";

const OPTIONS = {
  from: { type: "string", default: "79160000001" },
  text: { type: "string", default: "Hello" },
  phone: { type: "string" },
  count: { type: "string", default: "1" },
  rate: { type: "string" },
  batch: { type: "string" },
  duplicate: { type: "string" },
  reorder: { type: "boolean", default: false },
  "no-phone": { type: "boolean", default: false },
  "bad-signature": { type: "boolean", default: false },
  simulator: { type: "string", default: `http://127.0.0.1:${LOCAL_PORTS.simulator}` },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** What was asked of the simulator, and how often. */
export type Triggered = { event: string; count: number; faults: object };

/**
 * Makes something happen at the simulated Meta, so that its signed webhook comes: `text --from 79160000001 --text "привет"`,
 * `status failed:131047`, with `--count 100 --rate 20` and the faults `--batch --duplicate --reorder --no-phone
 * --bad-signature`. A wrongly signed webhook comes again, rightly signed, as Meta would not give up. Throws an error that
 * names the wrong argument.
 */
export async function trigger(args: string[], now: () => Date = () => new Date()): Promise<Triggered> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [name = "", argument = ""] = positionals;
  const event = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  if (!event) throw new Error(`"${name}" is no event. Events are ${Object.keys(EVENTS).join(", ")}.`);
  const count = positive("count", values.count);
  const rate = values.rate === undefined ? null : positive("rate", values.rate);
  const faults = faultsOf(values, count);
  const call = callerOf(values.simulator);

  const target = await targetOf(call, values, now);
  if (event.needs === "inbound" && !target.lastInbound)
    throw new Error(`${name} needs a message of ${values.from}: run "npm run trigger -- text" first.`);
  if (event.needs === "outbound" && !target.lastOutbound)
    throw new Error(
      `${name} needs a message that the business has sent to ${values.from}: answer the chat first.`,
    );
  if (Object.keys(faults).length > 0) await call({ method: "POST", path: "/faults", body: faults });
  for (let i = 0; i < count; i += 1) {
    if (i > 0 && rate !== null) await wait(1000 / rate);
    await call(event.step(target, argument));
  }
  return { event: name, count, faults };
}

type Values = {
  batch?: string;
  duplicate?: string;
  reorder: boolean;
  "no-phone": boolean;
  "bad-signature": boolean;
};

/** Each fault applies to as many webhooks as are triggered, and is used up then. */
function faultsOf(values: Values, count: number): Record<string, object> {
  const faults: Record<string, object> = {};
  if (values.batch !== undefined) {
    const size = positive("batch", values.batch);
    faults.batch = { size, times: Math.ceil(count / size) };
  }
  if (values.duplicate !== undefined)
    faults.duplicate = { copies: positive("duplicate", values.duplicate), times: count };
  if (values.reorder) faults.reorder = { window: Math.max(2, Math.min(count, 1000)), times: 1 };
  if (values["no-phone"]) faults.noPhone = { times: count };
  if (values["bad-signature"]) faults.badSignature = { times: count };
  return faults;
}

type Call = (step: Step) => Promise<{ data?: Record<string, unknown>[] }>;

function callerOf(simulator: string): Call {
  return async ({ method, path, body }) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${simulator}/simulator${path}`, init).catch(() => null);
    if (!response) throw new Error(`The simulator does not answer at ${simulator}: run "npm run dev" first.`);
    const answer = await response.json();
    if (!response.ok) throw new Error(`${answer.error.field} ${answer.error.message}`);
    return answer;
  };
}

async function targetOf(
  call: Call,
  { from, phone, text }: { from: string; phone?: string; text: string },
  now: () => Date,
): Promise<Target> {
  const { data: phones = [] } = await call({ method: "GET", path: "/phones" });
  const found = phone === undefined ? phones[0] : phones.find(({ id }) => id === phone);
  if (!found) throw new Error(`--phone ${phone} is no phone number id of the simulator.`);
  const path = `/customers/${encodeURIComponent(from)}/messages?phoneNumberId=${String(found.id)}`;
  const { data: messages = [] } = await call({ method: "GET", path });
  const lastOf = (side: string) => messages.findLast((message) => message.from === side)?.wamid;
  return {
    from: encodeURIComponent(from),
    phoneNumberId: String(found.id),
    displayPhoneNumber: String(found.displayPhoneNumber).replace(/\D/g, ""),
    text,
    lastInbound: textOf(lastOf("customer")),
    lastOutbound: textOf(lastOf("business")),
    nowS: Math.floor(now().getTime() / 1000),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function positive(name: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new Error(`--${name} must be a positive integer.`);
  return Number(value);
}

function help(): string {
  const events = Object.entries(EVENTS).map(
    ([name, { argument, help: text }]) => `  ${`${name} ${argument}`.padEnd(52)}${text}`,
  );
  return `Makes something happen at the simulator of local mode.

${events.join("\n")}

  --from 79160000001  --text "Hello"  --phone ID  --count 100  --rate 20 (a second)
  --batch 10  --duplicate 3  --reorder  --no-phone  --bad-signature  --simulator URL  --json

  npm run trigger -- text --from 79160000001 --text "привет"
  npm run trigger -- status failed:131047
  npm run trigger -- image --count 20 --rate 5 --duplicate 1`;
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  try {
    if (args.length === 0 || args.includes("--help")) console.log(help());
    else {
      const done = await trigger(args);
      console.log(args.includes("--json") ? JSON.stringify(done) : `${done.event} × ${done.count}`);
    }
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = 1;
  }
}
