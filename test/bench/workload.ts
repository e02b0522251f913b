export type Target = { op: ">=" | "<="; value: number };

/** One row of the table. `value` is the median of `rounds`; raw numbers are kept beside it. */
export type Figure = {
  id: string;
  label: string;
  /** "×", "ms", "µs", "/s", "MB" */
  unit: string;
  value: number;
  low: number;
  high: number;
  rounds: number;
  discarded: number;
  target: Target | null;
  note?: string;
  raw: unknown;
};

export type WorkloadOptions = { quick: boolean; log: (line: string) => void };
export type Workload = {
  name: string;
  about: string;
  run: (options: WorkloadOptions) => Promise<Figure[]>;
};
