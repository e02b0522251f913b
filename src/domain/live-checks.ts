import { type Finding, finding } from "./check.ts";
import type { DeliveryStatus } from "./delivery-status.ts";
import type { MessageError } from "./message.ts";

/** What is known of messages that came in. Times are RFC 3339. */
export type InboundFacts = {
  now: Date;
  /** Since when somebody waits for a message, and for how long; null when nobody does. */
  wait: { since: Date; seconds: number } | null;
  lastInboundAt: string | null;
  /** The last event of this account for a number that is not connected. */
  lastOfOtherNumberAt: string | null;
  /** The last event of the button _Test_ in Meta's dashboard, which names a number that nobody has. */
  lastTestEventAt: string | null;
  /** The last webhook for this number that was refused for its signature. */
  lastRefusedAt: string | null;
};

/** Meta's times are in whole seconds, and its clock is not ours. */
const CLOCK_TOLERANCE_MS = 5_000;

/** C13. Without a wait, a message of any time counts. */
export function checkInbound({ now, wait, ...facts }: InboundFacts): Finding {
  const { lastInboundAt, lastOfOtherNumberAt, lastTestEventAt, lastRefusedAt } = facts;
  if (wait === null) {
    if (lastInboundAt === null) return finding("C13", "skip", "inbound_not_tried");
    return finding("C13", "pass", "inbound_ok", { evidence: { lastInboundAt } });
  }
  const isAfter = (at: string | null): at is string =>
    at !== null && Date.parse(at) >= wait.since.getTime() - CLOCK_TOLERANCE_MS;
  if (isAfter(lastInboundAt)) return finding("C13", "pass", "inbound_ok", { evidence: { lastInboundAt } });
  if (isAfter(lastRefusedAt))
    return finding("C13", "fail", "inbound_bad_signature", { evidence: { at: lastRefusedAt } });
  if (isAfter(lastOfOtherNumberAt))
    return finding("C13", "fail", "inbound_other_number", { evidence: { at: lastOfOtherNumberAt } });
  const evidence = { seconds: String(wait.seconds) };
  const isOver = now.getTime() >= wait.since.getTime() + wait.seconds * 1000;
  if (isAfter(lastTestEventAt))
    return finding("C13", isOver ? "fail" : "skip", "inbound_test_event", { evidence });
  return isOver
    ? finding("C13", "fail", "inbound_nothing", { evidence })
    : finding("C13", "skip", "inbound_waiting", { evidence });
}

/** The test message; null when none was sent. */
export type OutboundFacts = {
  now: Date;
  message: {
    status: DeliveryStatus | null;
    acceptedAt: Date;
    error: Pick<MessageError, "code" | "title" | "advice" | "metaCode"> | null;
  } | null;
};

/** For how long Meta may be silent about a message that it accepted. */
const STATUS_LIMIT_MS = 60_000;

/** C14. */
export function checkOutbound({ now, message }: OutboundFacts): Finding {
  if (message === null) return finding("C14", "skip", "outbound_not_tried");
  const { status, acceptedAt, error } = message;
  const evidence = { status: status ?? "–" };
  if (status === "failed") {
    const meta = error ? `${error.title}. ${error.advice}` : "–";
    const metaCode = error?.metaCode ?? null;
    return finding("C14", "fail", "outbound_failed", {
      evidence: {
        ...{ ...evidence, meta, ...(error && { failure: error.code }) },
        ...(metaCode !== null && { metaCode: String(metaCode) }),
      },
    });
  }
  if (status === "sent" || status === "delivered" || status === "read" || status === "played")
    return finding("C14", "pass", "outbound_ok", { evidence });
  if (now.getTime() < acceptedAt.getTime() + STATUS_LIMIT_MS)
    return finding("C14", "skip", "outbound_waiting", { evidence });
  return finding("C14", "fail", "outbound_no_status", { evidence });
}
