import { describe, it } from "vitest";
import { type TraceRow, toTrace } from "../../src/db/traces.ts";

const at = (seconds: number) => `2026-11-28 14:00:${String(seconds).padStart(2, "0")}+00`;
const shown = (seconds: number) => `2026-11-28T14:00:${String(seconds).padStart(2, "0")}.000Z`;

const message = {
  ...{ messageId: 7, chatId: 3, fromMe: false, agentId: null },
  ...{ createdAt: at(1), receivedAt: at(2), spooledAt: null, storedAt: at(4) },
};
const step = (
  source: "published" | "attempt" | "status",
  seq: number,
  name: string,
  ourAt: number,
  of = ourAt,
) =>
  ({ ...message, source, seq, step: name, at: at(of), ourAt: at(ourAt), attempt: null }) satisfies TraceRow;

describe("a trace", () => {
  it("is null without a message", ({ expect }) => {
    expect(toTrace([])).toBeNull();
  });

  it("of a message without other steps has the steps of its row", ({ expect }) => {
    expect(toTrace([{ ...message, source: null }])).toEqual({
      ...{ messageId: 7, chatId: 3, fromMe: false },
      steps: [
        { step: "written", at: shown(1), clock: "meta" },
        { step: "received", at: shown(2), clock: "ours" },
        { step: "stored", at: shown(4), clock: "ours" },
      ],
    });
  });

  it("shows when a message was spooled, and no writing time for an agent's message", ({ expect }) => {
    const trace = toTrace([{ ...message, agentId: 5, spooledAt: at(3), source: null }]);
    expect(trace?.steps.map((each) => each.step)).toEqual(["received", "spooled", "stored"]);
  });

  it("is in the order of our clock, then of kinds, then of numbers", ({ expect }) => {
    const rows = [
      step("status", 4, "sent", 6, 5),
      step("attempt", 3, "accepted", 6),
      step("attempt", 2, "sending", 6),
      step("published", 1, "published", 4),
      step("status", 5, "delivered", 5, 5),
    ];
    const expected = [
      "written",
      "received",
      "stored",
      "published",
      "delivered",
      "sending",
      "accepted",
      "sent",
    ];
    for (const order of [rows, rows.toReversed()]) {
      expect(toTrace(order)?.steps.map((each) => each.step)).toEqual(expected);
    }
  });

  it("shows the result of an attempt, and both times of a status", ({ expect }) => {
    const attempt = { outcome: "refused", httpStatus: 429, code: 130429, fbtraceId: "A" } as const;
    const trace = toTrace([
      { ...step("attempt", 2, "sending", 5), attempt },
      step("status", 3, "sent", 8, 6),
    ]);
    expect(trace?.steps.slice(-2)).toEqual([
      { step: "sending", at: shown(5), clock: "ours", attempt },
      { step: "sent", at: shown(6), clock: "meta", receivedAt: shown(8) },
    ]);
  });
});
