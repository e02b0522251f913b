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

/** A statement that was carried out, whether it was sent or stood in a function. */
export type Statement = { text: string; plan: PlanNode };

/** Tables that grow with use: none of them may be read from end to end. */
const GROWING = new Set([
  ...["Message", "Chat", "ChatEvent", "Contact", "MessageStatus", "ContactIdentity", "Media", "WebhookEvent"],
]);

/** A row takes the pages from the index's root to its leaf and the row's own; and versions of it that are not gone yet. */
const PAGES_PER_ROW = 6;
const PAGES_BESIDES = 100;

/** What a call may read: of each table so many rows for each it gives (or takes), and a few besides. */
export type Allowance = { rows: number; perRow: number; besides: number };

/**
 * What is wrong with how a call was carried out, one line each; nothing when all is well. A growing table that is read
 * from end to end; more rows read of a table, thrown away at a place, or sorted there, than allowed.
 */
export function faultsOf(statements: Statement[], { rows, perRow, besides }: Allowance): string[] {
  const limit = rows * perRow + besides;
  const faults = new Set<string>();
  const read = new Tally();
  for (const { text, plan } of statements) {
    for (const node of nodesOf(plan)) {
      if (node["Actual Loops"] === 0) continue;
      const table = node["Relation Name"];
      if (table && !GROWING.has(table)) continue;
      const place = `${node["Node Type"]}${table ? ` of ${table}` : ""} in: ${shortened(text)}`;
      if (node["Node Type"] === "Seq Scan") faults.add(place);
      const removed = removedBy(node);
      read.add(`thrown away by ${place}`, removed);
      if (/Sort$/.test(node["Node Type"]))
        read.add(`sorted by ${place}`, sum((node.Plans ?? []).map(keptBy)));
      if (!table || !node["Node Type"].includes("Scan")) continue;
      const looked = keptBy(node) + removed;
      read.add(`of ${table}`, looked, shortened(text));
      // An index whose condition does not bound it is read page by page, without a row to show for it.
      const pages = pagesOf(node) - sum((node.Plans ?? []).map(pagesOf));
      if (pages > PAGES_BESIDES + (looked + (node["Index Searches"] ?? 0)) * PAGES_PER_ROW)
        faults.add(`${pages} pages for ${Math.round(looked)} rows by ${place}`);
    }
  }
  for (const { what, count, most } of read.above(limit)) {
    faults.add(`${Math.round(count)} rows ${what}, for ${rows}${most ? `; most in: ${most}` : ""}`);
  }
  return [...faults];
}

/** Rows counted under what they were counted for, and who counted most of them. */
class Tally {
  private readonly counts = new Map<string, Map<string, number>>();

  add(what: string, count: number, by = ""): void {
    const inner = this.counts.get(what) ?? new Map<string, number>();
    inner.set(by, (inner.get(by) ?? 0) + count);
    this.counts.set(what, inner);
  }

  *above(limit: number): Generator<{ what: string; count: number; most: string }> {
    for (const [what, inner] of this.counts) {
      const count = sum([...inner.values()]);
      const [most] = [...inner].sort(([, a], [, b]) => b - a)[0] ?? [""];
      if (count > limit) yield { what, count, most };
    }
  }
}

function keptBy(node: PlanNode): number {
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

/** Pages of 8 KB that a node and those below it looked at, all loops together. */
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
