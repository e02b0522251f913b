/** A node of a plan as auto_explain writes it with `log_format = json`. */
export type PlanNode = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  /** Rows per loop, on average. */
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Rows Removed by Join Filter"?: number;
  "Index Searches"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: PlanNode[];
};

/** An executed statement, sent by the client or inside a function. */
export type Statement = { text: string; plan: PlanNode };

/** Tables that grow with use: a sequential scan of them is a problem. */
export const GROWING = new Set([
  ...["Message", "Chat", "ChatEvent", "Contact", "MessageStatus", "ContactIdentity", "Media", "WebhookEvent"],
  ...["MessageSearch", "IdentityReport", "ContactName", "ContactMerge", "MarketingChoice"],
  ...["ChatNote", "Notice", "AuditEntry", "InboundHour", "Erasure"],
]);

/** Tables that stay small, or that no request reads. */
export const SMALL = new Set([
  ...["Organization", "OrganizationPhone", "Agent", "Label", "QuickReply", "Template", "DisplayedNumber"],
  ...["PhoneCheck", "AlarmDelivery", "DiscardedObject", "RefusedWebhook", "Epoch", "InboundCursor"],
  ...["RetentionPass", "SearchBackfill"],
]);

/** For one row: the pages from the index's root to its leaf, the row's page, and those of old versions of the row. */
const PAGES_PER_ROW = 6;
const EXTRA_PAGES = 100;

/** How many rows a call may read of each table. */
export type Allowance = {
  /** The rows that the call returns, or the events that it stores. */
  rows: number;
  /** How many rows it may read for each of them. */
  perRow: number;
  /** How many more rows it may read. */
  extra: number;
  /** How many more of single tables, which a call reads on purpose; or by single kinds of nodes that read no table. */
  more?: Record<string, number>;
  /** How many more pages a node may read: the entries of rows that were just deleted stay in their indexes until a vacuum. */
  morePages?: number;
};

/**
 * The problems in the plans of a call, one line each: a sequential scan of a growing table, or more rows read of a table,
 * filtered out by a node or sorted by a node than allowed.
 */
export function findPlanProblems(
  statements: Statement[],
  { rows, perRow, extra, more = {}, morePages = 0 }: Allowance,
): string[] {
  const limitOf = (reader: string) => rows * perRow + extra + (more[reader] ?? 0);
  const problems = new Set<string>();
  const read = new Tally();
  for (const { text, plan } of statements) {
    for (const node of nodesOf(plan)) {
      if (node["Actual Loops"] === 0) continue;
      const table = node["Relation Name"];
      if (table && !GROWING.has(table)) continue;
      const index = node["Index Name"] ? ` by ${node["Index Name"]}` : "";
      const location = `${node["Node Type"]}${table ? ` of ${table}${index}` : ""} in: ${shortened(text)}`;
      if (node["Node Type"] === "Seq Scan") problems.add(location);
      const removed = removedBy(node);
      read.add(`filtered out by ${location}`, removed, { limit: limitOf(table ?? node["Node Type"]) });
      if (/Sort$/.test(node["Node Type"]))
        read.add(`sorted by ${location}`, sum((node.Plans ?? []).map(rowsOf)), {
          limit: limitOf(node["Node Type"]),
        });
      if (!table || !node["Node Type"].includes("Scan")) continue;
      const rowsRead = rowsOf(node) + removed;
      read.add(`of ${table}`, rowsRead, { limit: limitOf(table), source: shortened(text) });
      // An index scan without a bounding condition reads many pages but reports few rows.
      const pages = pagesOf(node) - sum((node.Plans ?? []).map(pagesOf));
      if (pages > EXTRA_PAGES + morePages + (rowsRead + (node["Index Searches"] ?? 0)) * PAGES_PER_ROW)
        problems.add(`${pages} pages for ${Math.round(rowsRead)} rows by ${location}`);
    }
  }
  for (const { subject, count, mainSource } of read.aboveLimits()) {
    problems.add(
      `${Math.round(count)} rows ${subject}, for ${rows}${mainSource ? `; most in: ${mainSource}` : ""}`,
    );
  }
  return [...problems];
}

/** Counts rows by subject, and for each subject by source. */
class Tally {
  private readonly subjects = new Map<string, { limit: number; counts: Map<string, number> }>();

  add(subject: string, count: number, { limit, source = "" }: { limit: number; source?: string }): void {
    const { counts } = this.subjects.get(subject) ?? { counts: new Map<string, number>() };
    counts.set(source, (counts.get(source) ?? 0) + count);
    this.subjects.set(subject, { limit, counts });
  }

  *aboveLimits(): Generator<{ subject: string; count: number; mainSource: string }> {
    for (const [subject, { limit, counts }] of this.subjects) {
      const count = sum([...counts.values()]);
      const [mainSource] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [""];
      if (count > limit) yield { subject, count, mainSource };
    }
  }
}

function rowsOf(node: PlanNode): number {
  return node["Actual Rows"] * node["Actual Loops"];
}

function removedBy(node: PlanNode): number {
  const perLoop = [
    node["Rows Removed by Filter"],
    node["Rows Removed by Join Filter"],
    node["Rows Removed by Index Recheck"],
  ];
  return sum(perLoop.map((rows) => rows ?? 0)) * node["Actual Loops"];
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Pages of 8 KB that a node and its children read in all loops. */
export function pagesOf(node: PlanNode): number {
  return (node["Shared Hit Blocks"] ?? 0) + (node["Shared Read Blocks"] ?? 0);
}

export function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const inner of plan.Plans ?? []) yield* nodesOf(inner);
}

function shortened(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 160);
}
