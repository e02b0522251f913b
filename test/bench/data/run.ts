import type { Figure } from "../workload.ts";
import { batch } from "./batch.ts";
import { growth } from "./growth.ts";

// `node test/bench/data/run.ts NAME [--quick] [--json]`: one of these workloads by itself.

const [name, ...flags] = process.argv.slice(2);
const workload = [batch, growth].find((one) => one.name === name);
if (!workload) throw new Error("Name a workload: batch or growth.");
const log = (line: string) => console.error(`${new Date().toISOString()} ${line}`);
const figures = await workload.run({ quick: flags.includes("--quick"), log });
if (flags.includes("--json")) console.log(JSON.stringify(figures));
else for (const figure of figures) console.log(lineOf(figure));

function lineOf({ label, value, low, high, unit, target, note, rounds, discarded }: Figure): string {
  const isMet = !target || (target.op === ">=" ? value >= target.value : value <= target.value);
  const wanted = target ? ` (target ${target.op} ${target.value.toPrecision(3)})` : "";
  return `${isMet ? "    " : "MISS"} ${label}: ${value} ${unit} [${low}–${high}]${wanted}, ${rounds} rounds, ${discarded} discarded. ${note ?? ""}`;
}
