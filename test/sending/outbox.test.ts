import { describe, it } from "vitest";
import type { ServiceWindow } from "../../src/domain/service-window.ts";
import { settleAccepted, settleFailure, settleUnknown } from "../../src/sending/outbox.ts";
import { GraphError, type Outcome } from "../../src/whatsapp/graph-error.ts";
import { AccessTokenError } from "../../src/whatsapp/sealed-token.ts";

const now = new Date("2026-08-01T12:00:00Z");
const inMs = (ms: number) => new Date(now.getTime() + ms);
const first = { attempts: 1, window: "unopened" as const, now };

function meta(outcome: Outcome, code: number | null, more: { subcode?: number; details?: string } = {}) {
  return new GraphError("Meta answered.", { outcome, code, ...more, fbtraceId: "trace" });
}

describe("how an attempt ends", () => {
  it("is accepted with Meta's id, whom Meta knows as the recipient, and whether it is held back", ({
    expect,
  }) => {
    const recipient = { phone: "79161234567", userId: null };
    const messageStatus = "held_for_quality_assessment";
    const accepted = { wamid: "wamid.1", messageStatus };
    expect(settleAccepted({ ...accepted, ...recipient })).toEqual({
      ...accepted,
      status: "accepted",
      recipient,
    });
  });

  it.for<[string, unknown]>([
    ["nobody answered", meta("unknown", null)],
    ["we have a bug", new TypeError("x is not a function")],
    ["nobody knows what was thrown", "text"],
  ])("is unknown when %s, and due to be given up in two minutes", ([, error], { expect }) => {
    expect(settleFailure(error, first)).toEqual({ status: "unknown", dueAt: inMs(120_000) });
    expect(settleFailure(error, { ...first, attempts: 99 })).toEqual(settleUnknown(now));
  });

  it.for([2, 131000])("is unknown after %i, and keeps Meta's error", (code, { expect }) => {
    const settlement = settleFailure(meta("unknown", code, { details: "Try later" }), first);
    const error = { code: "meta_in_trouble", metaCode: code, detail: "Try later", fbtraceId: "trace" };
    expect(settlement).toMatchObject({ status: "unknown", dueAt: inMs(120_000), error });
  });

  it.for([4, 80007, 130429, 131056])(
    "waits when Meta refuses with %i before processing",
    (code, { expect }) => {
      const error = meta("refused", code);
      expect(settleFailure(error, first)).toEqual({ status: "sending", dueAt: inMs(1_000) });
      expect(settleFailure(error, { ...first, attempts: 5 })).toMatchObject({ status: "sending" });
      expect(settleFailure(error, { ...first, attempts: 6 })).toMatchObject({
        status: "failed",
        error: { code: "limit_reached", metaCode: code, fbtraceId: "trace" },
      });
    },
  );

  it.for<[string, GraphError, ServiceWindow, string]>([
    ["131047, never written", meta("failed", 131047), "unopened", "customer_has_not_written"],
    ["131047, written long ago", meta("failed", 131047), "closed", "window_closed"],
    ["131047, just written", meta("failed", 131047), "open", "window_not_counted"],
    ["190", meta("failed", 190), "open", "access_token_invalid"],
    ["100 with 33", meta("failed", 100, { subcode: 33 }), "open", "phone_number_not_found"],
    ["100", meta("failed", 100), "open", "request_not_accepted"],
    ["an unknown code", meta("failed", 999_999), "open", "other"],
    ["no code", meta("failed", null), "open", "other"],
  ])("has failed with %s, in our words", ([, error, window, code], { expect }) => {
    const settlement = settleFailure(error, { ...first, window });
    expect(settlement).toMatchObject({ status: "failed", error: { code, metaCode: error.code } });
    expect(settlement).not.toHaveProperty("dueAt");
  });

  it("keeps Meta's error, and our own words where Meta gave none", ({ expect }) => {
    const failure = settleFailure(meta("failed", 190, { details: "Session has expired" }), first);
    expect(failure.error?.detail).toBe("Session has expired");
    expect(settleFailure(meta("failed", null), first).error?.detail).toBe("Meta answered.");
    expect(settleFailure(meta("failed", 190), first).error?.detail).toBeNull();
  });

  it("has failed as with an invalid token when there is none, and names what is missing", ({ expect }) => {
    const error = new AccessTokenError("secret_missing", "There is no secret WABA_ACCESS_TOKEN_X.");
    expect(settleFailure(error, first)).toMatchObject({
      status: "failed",
      error: { code: "access_token_invalid", metaCode: null, detail: error.message },
    });
  });
});
