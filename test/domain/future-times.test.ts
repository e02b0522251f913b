import { describe, it } from "vitest";
import { withoutFutureTimes } from "../../src/domain/future-times.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";

const NOW = new Date("2026-11-29T12:00:00.000Z");
const FAR = "9999-12-31T23:59:59.000Z";
const NEAR = "2026-11-30T11:59:59.000Z";

/** Events with this time wherever they may have one. */
function eventsAt(at: string): unknown[] {
  const person = { phone: "79161234567", userId: null, parentUserId: null };
  const identityChange = { previous: person, current: person, at };
  return [
    { kind: "status", at },
    { kind: "message", at, identityChange },
    { kind: "message", at },
    {
      kind: "notice",
      names: [{ at }],
      message: { at },
      parsed: { at, preferences: [{ at }], identityChanges: [identityChange], notice: { endsAt: FAR } },
    },
    { kind: "notice", raw: "AA==" },
  ];
}

const clamped = (at: string) => eventsAt(at).map((event) => withoutFutureTimes(event as InboundEvent, NOW));

describe("a time of Meta's", () => {
  it("is ours where it is more than a day ahead, in every kind of event", ({ expect }) => {
    expect(clamped(FAR)).toEqual(eventsAt(NOW.toISOString()));
    expect(clamped("2026-11-30T12:00:00.001Z")).toEqual(eventsAt(NOW.toISOString()));
  });

  it.for([NEAR, NOW.toISOString(), "1970-01-01T00:00:00.000Z"])("stays what it is: %s", (at, { expect }) => {
    expect(clamped(at)).toEqual(eventsAt(at));
  });
});
