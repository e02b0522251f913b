import { backoffMs } from "../backoff.ts";
import type { FileChange, WaitingFile } from "../db/media.ts";

/** How one try at a file ended. */
export type Outcome =
  | { kind: "stored"; objectKey: string | null; sizeBytes: number | null; mimeType: string | null }
  /** Meta has no such file, or not at an address that it has just given. */
  | { kind: "gone" }
  /** The bytes were not those that Meta had announced. */
  | { kind: "mismatch" }
  | { kind: "refused"; problem: "too_large" | "foreign_address" }
  | { kind: "trouble"; problem: Trouble };

export type Trouble = "token_refused" | "meta_unreachable" | "cut_off" | "storage_unreachable";

const BACKOFF = { firstMs: 2_000, maxMs: 10 * 60_000 };
/** An admin has to replace a token: until then each retry only checks for a new one. */
const TOKEN_DELAY_MS = 5 * 60_000;

/** What becomes of a file after one more try. Whatever does not succeed ends when Meta has forgotten the file. */
export function settlementOf(outcome: Outcome, file: WaitingFile, now: Date): FileChange {
  const attempts = file.attempts + 1;
  switch (outcome.kind) {
    case "stored": {
      const { objectKey, sizeBytes, mimeType } = outcome;
      return { state: "stored", attempts, objectKey, sizeBytes, mimeType };
    }
    case "refused":
      return { state: "refused", attempts, problem: outcome.problem };
    case "mismatch":
      if (file.problem === "hash_mismatch") return { state: "refused", attempts, problem: "hash_mismatch" };
      return later("hash_mismatch");
    case "gone":
      return later("not_found");
    case "trouble":
      return later(outcome.problem);
  }

  function later(problem: string): FileChange {
    if (file.expiresAt !== null && file.expiresAt <= now) return { state: "expired", attempts, problem };
    const delayMs = problem === "token_refused" ? TOKEN_DELAY_MS : backoffMs(attempts, BACKOFF);
    return { state: "retrying", attempts, problem, nextAttemptAt: new Date(now.getTime() + delayMs) };
  }
}
