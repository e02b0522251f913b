import { reasons } from "../reasons.ts";
import type { Run } from "../run.ts";
import { isMet } from "../statistics.ts";
import { rangeText, targetText, valueText, verdictOf } from "../table.ts";
import type { Figure } from "../workload.ts";
import type { Plot } from "./plots.ts";

type Named = { name: string; about: string };

/** docs/performance.md, of one run. */
export function pageOf(run: Run, workloads: Named[], plots: Plot[]): string {
  const withTarget = run.figures.filter(({ target }) => target !== null);
  const met = withTarget.filter((figure) => isMet(figure) === true).length;
  const sections = workloads.flatMap(({ name, about }) => {
    const figures = run.figures.filter(({ workload }) => workload === name);
    return figures.length > 0 ? [`## ${name}\n\n${about}\n\n${tableOf(figures)}`] : [];
  });
  return [
    "# Performance",
    "Written by `npm run bench -- --write-docs`; no number here is typed by hand.",
    `**${met} of ${withTarget.length} targets are met.** ${METHOD}`,
    machineText(run),
    ...plots.map(({ file, title }) => `![${title}](performance/${file})`),
    ...sections,
    missedText(run.figures),
    PEERS,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

const METHOD = `Each figure is the product ÷ a careful peer unless it has a unit of its own. Both run on one machine and one
Postgres, with databases of their own, in turn (A B A B …); the ratio is taken within each round, the figure is the median of the
rounds, and the range is that of the rounds. Rounds in which other programs took more than 15 % of the CPU are repeated. After each round of
webhooks and sends every acknowledged message must be in its table exactly once, or the run fails.`;

const PEERS = `## The peers

They are in [test/bench/peers](../test/bench/peers). \`careful-express\` is Express 5 with \`pg\` and \`ws\`: raw-body HMAC, then contact,
chat, number, message and event in one statement, which is one transaction and one round trip, then publish. \`stepwise-express\` is
the same with a transaction of several statements, \`careful-fastify\` the same behind Fastify 5. \`naive-express\` answers before it
stores, and has no transaction. \`socket-io\` has connection state recovery; \`bare-ws\` checks and stores nothing.`;

function machineText({ startedAt, machine, quick }: Run): string {
  const { cpu, cores, memoryGb, kernel, node, postgres, versions } = machine;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const length = quick ? " A quick run: fewer and shorter rounds." : "";
  return `${startedAt}, on ${cores} cores of ${cpu}, ${memoryGb} GB, Linux ${kernel}; Node ${node}, PostgreSQL ${postgres}, ${packages.join(", ")}.${length}`;
}

function tableOf(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.label,
    targetText(figure),
    valueText(figure),
    rangeText(figure),
    `${figure.rounds}${figure.discarded > 0 ? ` (${figure.discarded} repeated)` : ""}`,
    verdictOf(figure),
    figure.note ?? "",
  ]);
  const all = [
    ["what", "target", "figure", "range", "rounds", "", "behind it"],
    ["---", "---", "---", "---", "---", "---", "---"],
    ...rows,
  ];
  return all.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function missedText(figures: Figure[]): string {
  const missed = figures.filter((figure) => isMet(figure) === false);
  if (missed.length === 0) return "";
  const lines = missed.map((figure) => {
    const reason = reasons[figure.id] ?? "the reason has not been measured yet.";
    return `- **${figure.label}** (${valueText(figure)}, target ${targetText(figure)}): ${reason}`;
  });
  return `## What is missed, and why\n\n${lines.join("\n")}`;
}
