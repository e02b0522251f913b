import { parseArgs } from "node:util";
import { KIND, UNKIND } from "../../src/local/neon-faults.ts";
import { flood } from "./flood.ts";
import { history } from "./history.ts";
import { kills } from "./kills.ts";
import { locked } from "./locked.ts";
import { novels } from "./novels.ts";
import { outage } from "./outage.ts";
import { people } from "./people.ts";
import { chance } from "./random.ts";
import { reconnects } from "./reconnects.ts";
import { printReport, type Report } from "./report.ts";
import { storm } from "./storm.ts";
import { type System, startSystem } from "./system.ts";

/** Time beyond the run itself: to start, settle and compare. */
const EXTRA_MS = 8 * 60_000;
/** More for each client that reconnects: it is waited for four times. */
const CLIENT_EXTRA_MS = 300;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seconds: { type: "string", default: "60" },
    kills: { type: "string", default: "50" },
    messages: { type: "string", default: "50000" },
    clients: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    only: { type: "string" },
    /** `neon`: the database endpoint is as unkind as Neon's proxy can be, until the run is to settle. */
    endpoint: { type: "string", default: "kind" },
    /** With `--only outage`: Postgres does not refuse connections, it hangs. */
    frozen: { type: "boolean", default: false },
  },
});
// An isolate of Cloudflare has 128 MB. The local runtime has no limit, and V8 collects late while nothing forces it to.
if (values.only === "novels") process.env.MINIFLARE_WORKERD_V8_FLAGS = "--max-heap-size=64";
const seed = Number(values.seed);
const random = chance(seed);
if (!["kind", "neon"].includes(values.endpoint)) throw new Error("--endpoint must be kind or neon.");
const endpointFaults = values.endpoint === "neon" ? UNKIND : KIND;

async function run(system: System): Promise<Report> {
  switch (values.only) {
    case undefined:
      return await storm(system, random, { runMs: Number(values.minutes) * 60_000, endpointFaults });
    case "outage":
      return await outage(system, Number(values.seconds), values.frozen);
    case "history":
      return await history(system, random, Number(values.messages));
    case "kills":
      return await kills(system, random, Number(values.kills));
    case "people":
      return await people(system, random, Number(values.kills));
    case "reconnects":
      return await reconnects(system, random, Number(values.clients));
    case "flood":
      return await flood(system);
    case "locked":
      return await locked(system, Number(values.seconds));
    case "novels":
      return await novels(system);
    default:
      throw new Error("--only must be history, outage, kills, people, reconnects, flood, locked or novels.");
  }
}

console.log(`mode: ${values.only ?? "storm"}, endpoint: ${values.endpoint}, seed: ${seed}`);
const system = await startSystem(random);
let code = 1;
// Stop a run that hangs; Postgres and workerd exit with Node.
setTimeout(
  () => {
    console.log("The run did not finish in time.");
    process.exit(1);
  },
  Number(values.minutes) * 60_000 +
    EXTRA_MS +
    (values.only === "reconnects" ? Number(values.clients) * CLIENT_EXTRA_MS : 0),
).unref();
try {
  const report = await run(system);
  printReport(report);
  code = report.differences.length === 0 ? 0 : 1;
} finally {
  await system.close();
}
process.exit(code);
