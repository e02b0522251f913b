import { describe, it } from "vitest";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { slicesOf } from "../../src/intake/slices.ts";
import text from "../fixtures/meta/text.json" with { type: "json" };
import { flattenBody, messagesOf } from "../whatsapp/fixtures.ts";

const [aText] = messagesOf(flattenBody(text));

function texts(count: number, payload = "{}"): InboundEvent[] {
  if (!aText) throw new Error("the fixture has a text");
  return Array.from({ length: count }, () => ({ ...aText, payload }));
}

describe("the slices of a webhook body", () => {
  it.for<[string, InboundEvent[], number[]]>([
    ["nothing", [], []],
    ["one event", texts(1), [1]],
    ["as many as a call may carry", texts(500), [500]],
    ["one more", texts(501), [500, 1]],
    ["long texts", texts(5, "x".repeat(200_000)), [4, 1]],
    [
      "one that is larger than a slice, between others",
      [...texts(2), ...texts(1, "x".repeat(2_000_000)), ...texts(1)],
      [2, 1, 1],
    ],
  ])("of %s have all events, in order", ([, events, sizes], { expect }) => {
    const slices = [...slicesOf(events)];
    expect(slices.map(({ length }) => length)).toEqual(sizes);
    expect(slices.flat()).toEqual(events);
  });

  it("are taken from the body only when they are asked for", ({ expect }) => {
    let made = 0;
    function* counted() {
      for (const event of texts(2_000)) {
        made += 1;
        yield event;
      }
    }
    const slices = slicesOf(counted());
    slices.next();
    expect(made).toBe(501);
    slices.next();
    expect(made).toBe(1_001);
  });
});
