/** The goal for a figure; the comparison is inclusive. */
export type Target = { op: ">=" | "<="; value: number };

/** One row of the table. */
export type Figure = {
  /** Stable and unique, such as `webhooks-per-second-64`: `reasons.ts` refers to it. */
  id: string;
  label: string;
  /** "×" for product ÷ peer, or "ms", "µs", "/s", "MB". */
  unit: string;
  /** The median of the rounds. */
  value: number;
  /** The minimum of the rounds. */
  low: number;
  /** The maximum of the rounds. */
  high: number;
  rounds: number;
  /** Rounds that were repeated because other programs used the machine. */
  discarded: number;
  /** Null for a figure that is only context. */
  target: Target | null;
  note?: string;
  /** Written to the JSON file unchanged. */
  raw: unknown;
};

export type WorkloadOptions = {
  /** Fewer and shorter rounds. */
  quick: boolean;
  log: (line: string) => void;
};

export type Workload = {
  /** The argument of `npm run bench --`. */
  name: string;
  about: string;
  run: (options: WorkloadOptions) => Promise<Figure[]>;
};
