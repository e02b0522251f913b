import { describe, it } from "vitest";
import type { WaitingFile } from "../../src/db/media.ts";
import { type Outcome, settlementOf } from "../../src/media/settlement.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const file: WaitingFile = {
  id: 1,
  organizationId: 1,
  organizationPhoneId: 1,
  metaId: "1",
  sha256: null,
  problem: null,
  attempts: 0,
  expiresAt: new Date("2026-11-29T12:00:00.000Z"),
};
const in_ = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const trouble = (problem: Extract<Outcome, { kind: "trouble" }>["problem"]): Outcome => ({
  kind: "trouble",
  problem,
});

describe("a try at a file", () => {
  it.for([
    [
      { kind: "stored", objectKey: "1/a", sizeBytes: 3, mimeType: "image/png" },
      {},
      { state: "stored", objectKey: "1/a", sizeBytes: 3, mimeType: "image/png" },
    ],
    [{ kind: "refused", problem: "too_large" }, {}, { state: "refused", problem: "too_large" }],
    [{ kind: "gone" }, {}, { state: "retrying", problem: "not_found", nextAttemptAt: in_(2) }],
    [{ kind: "gone" }, { expiresAt: now }, { state: "expired", problem: "not_found" }],
    [
      { kind: "gone" },
      { expiresAt: in_(1) },
      { state: "retrying", problem: "not_found", nextAttemptAt: in_(2) },
    ],
    [{ kind: "mismatch" }, {}, { state: "retrying", problem: "hash_mismatch", nextAttemptAt: in_(2) }],
    [{ kind: "mismatch" }, { problem: "hash_mismatch" }, { state: "refused", problem: "hash_mismatch" }],
    [
      { kind: "mismatch" },
      { problem: "cut_off" },
      { state: "retrying", problem: "hash_mismatch", nextAttemptAt: in_(2) },
    ],
    [trouble("cut_off"), { attempts: 3 }, { state: "retrying", problem: "cut_off", nextAttemptAt: in_(16) }],
    [
      trouble("meta_unreachable"),
      { attempts: 40 },
      { state: "retrying", problem: "meta_unreachable", nextAttemptAt: in_(600) },
    ],
    [trouble("token_refused"), {}, { state: "retrying", problem: "token_refused", nextAttemptAt: in_(300) }],
    [trouble("token_refused"), { expiresAt: in_(-1) }, { state: "expired", problem: "token_refused" }],
    [
      trouble("storage_unreachable"),
      { expiresAt: null },
      { state: "retrying", problem: "storage_unreachable", nextAttemptAt: in_(2) },
    ],
  ] as [Outcome, Partial<WaitingFile>, object][])(
    "that ended with %o, of one like %o, leaves it %o",
    ([outcome, like, change], { expect }) => {
      const tried = { ...file, ...like };
      expect(settlementOf(outcome, tried, now)).toEqual({ ...change, attempts: tried.attempts + 1 });
    },
  );
});
