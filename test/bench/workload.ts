/** What a figure should be; the comparison is inclusive. */
export type Target = { op: ">=" | "<="; value: number };

/** One row of the table. `value` is the median of `rounds`; raw numbers are kept beside it. */
export type Figure = {
  /** Stable and unique, such as `webhooks-per-second-64`: `reasons.ts` refers to it. */
  id: string;
  label: string;
  /** "×" for product ÷ peer, or "ms", "µs", "/s", "MB". */
  unit: string;
  value: number;
  /** The lowest and the highest of the rounds. */
  low: number;
  high: number;
  rounds: number;
  /** Rounds that were thrown away because the machine was not calm. */
  discarded: number;
  /** Null for a figure that only gives context. */
  target: Target | null;
  note?: string;
  /** Goes into the JSON file as it is. */
  raw: unknown;
};

export type WorkloadOptions = {
  /** Fewer and shorter rounds. */
  quick: boolean;
  log: (line: string) => void;
};

export type Workload = {
  /** What a person types after `npm run bench --`. */
  name: string;
  about: string;
  run: (options: WorkloadOptions) => Promise<Figure[]>;
};
