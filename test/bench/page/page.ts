import { reasons } from "../reasons.ts";
import type { Run } from "../run.ts";
import { isMet } from "../statistics.ts";
import { rangeText, targetText, valueText, verdictOf } from "../table.ts";
import type { Figure } from "../workload.ts";
import type { Plot } from "./plots.ts";

type Named = { name: string; about: string };

/** The text of docs/performance.md for one run. */
export function pageOf(run: Run, workloads: Named[], plots: Plot[]): string {
  const withTarget = run.figures.filter(({ target }) => target !== null);
  const met = withTarget.filter((figure) => isMet(figure) === true).length;
  const sections = workloads.flatMap(({ name, about }) => {
    const figures = run.figures.filter(({ workload }) => workload === name);
    return figures.length > 0 ? [`## ${name}\n\n${about}\n\n${tableOf(figures)}`] : [];
  });
  return [
    "# Performance",
    "`npm run bench -- --write-docs` generates this page; no number is typed by hand.",
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

const METHOD = `Each figure is the product divided by a careful peer, unless it has its own unit. Both run in turn
(A B A B …) on one machine and one Postgres, each with its own database. The ratio is taken within each round; the figure is the
median of the rounds, and the range is their minimum and maximum. A round in which other programs took more than 15 % of the CPU
is repeated. After each round of webhooks and sends, every acknowledged message must be in its table exactly once, or the run
fails.`;

const PEERS = `## The peers

The peers are in [test/bench/peers](../test/bench/peers):

- \`careful-express\`: Express 5 with \`pg\` and \`ws\`. It verifies the signature over the raw body, writes contact, chat, number,
  message and event in one statement (one transaction, one round trip), then publishes.
- \`stepwise-express\`: the same with a transaction of several statements.
- \`careful-fastify\`: the same as \`careful-express\`, on Fastify 5.
- \`naive-express\`: answers before it stores, and uses no transaction.
- \`socket-io\`: socket.io with connection state recovery.
- \`bare-ws\`: \`ws\` alone; it checks and stores nothing.`;

function machineText({ startedAt, machine, quick }: Run): string {
  const { cpu, cores, memoryGb, kernel, node, postgres, versions } = machine;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const length = quick ? " This was a quick run, with fewer and shorter rounds." : "";
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
    ["what", "target", "figure", "range", "rounds", "", "values"],
    ["---", "---", "---", "---", "---", "---", "---"],
    ...rows,
  ];
  return all.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function missedText(figures: Figure[]): string {
  const missed = figures.filter((figure) => isMet(figure) === false);
  if (missed.length === 0) return "";
  const lines = missed.map((figure) => {
    const reason = reasons[figure.id] ?? "the cause has not been measured yet.";
    return `- **${figure.label}** (${valueText(figure)}, target ${targetText(figure)}): ${reason}`;
  });
  return `## Missed targets\n\n${lines.join("\n")}`;
}
