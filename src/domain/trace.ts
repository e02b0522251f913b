/** What Graph answered to one attempt, without anything personal. */
export type AttemptRecord = {
  /** `refused` before processing, so tried again; `not_called`: it failed before, as without a token. */
  outcome: "accepted" | "refused" | "failed" | "unknown" | "not_called";
  httpStatus: number | null;
  code: number | null;
  fbtraceId: string | null;
};

/** One thing that happened to a message. `clock` says whose time `at` is: Meta's, in whole seconds, or ours. */
export type TraceStep = {
  step: string;
  at: string;
  clock: "meta" | "ours";
  /** Of a status that Meta reported: when it came in here. */
  receivedAt?: string;
  /** Of our own send: what came of the attempt; null for what no attempt brought about. */
  attempt?: AttemptRecord | null;
};

/** What happened to a message, in the order of our clock. */
export type Trace = { messageId: number; chatId: number; fromMe: boolean; steps: TraceStep[] };
