import fc from "fast-check";
import { describe, it } from "vitest";
import { parseContent } from "../../../src/whatsapp/content/parse-content.ts";
import { toBody } from "../../../src/whatsapp/content/to-body.ts";
import { findUnsendable } from "../../../src/whatsapp/outbound/bounded.ts";
import { toGraphMessage } from "../../../src/whatsapp/outbound/graph-message.ts";
import { payloadOf, sendContent } from "../../../src/whatsapp/outbound/send-content.ts";
import { templateCreation } from "../../../src/whatsapp/outbound/template-definition.ts";
import { contents } from "./samples.ts";

const to = { phone: "79161234567", userId: null };
const RUNS = 2_000;

/** One of the good messages with one value, anywhere in it, replaced by anything that JSON can say. */
const mutated = fc
  .tuple(fc.constantFrom(...Object.values(contents)), fc.nat(), fc.jsonValue({ maxDepth: 4 }))
  .map(([content, place, value]) => {
    const text = JSON.stringify(content);
    const count = placesIn(content);
    let at = 0;
    return JSON.parse(text, (key, old) => (key !== "" && at++ === place % count ? value : old));
  });

describe("whatever is asked to be sent", () => {
  it("is refused, or makes a message for Meta with a body to show", ({ expect }) => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated, (content) => {
        const parsed = sendContent.safeParse(content);
        if (!parsed.success) return parsed.error.issues.every(isSentence);
        accepted += 1;
        const payload = payloadOf(parsed.data);
        const message = toGraphMessage({
          to,
          type: payload.type,
          payload: payload[payload.type],
          tag: "e.1",
          replyToWamid: null,
        });
        return (
          toBody(parseContent(payload)) !== "" &&
          JSON.stringify(JSON.parse(JSON.stringify(message))) === JSON.stringify(message)
        );
      }),
      { numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 100);
    expect(accepted).toBeLessThan(RUNS);
  });

  it("never crashes the schemas", () => {
    const anything = fc.anything({ maxDepth: 5, withBigInt: true, withNullPrototype: true, withMap: true });
    const type = fc.constantFrom(...Object.keys(contents), "__proto__", "toString");
    fc.assert(
      fc.property(type, anything, (type, value) => {
        sendContent.safeParse({ type, [type]: value });
        templateCreation.safeParse(value);
        findUnsendable(value);
      }),
      { numRuns: RUNS },
    );
  });

  const parsed = (inner: string) => JSON.parse(`{"type":"image","image":{"id":"1","more":${inner}}}`);
  const ring: Record<string, unknown> = { id: "1" };
  ring.self = ring;

  it.for<[string, unknown, string]>([
    ["arrays in arrays, 100,000 deep", parsed("[".repeat(100_000) + "]".repeat(100_000)), "levels"],
    ["objects in objects", parsed(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`), "levels"],
    ["a ring", { type: "image", image: ring }, "levels"],
    ["too many values", parsed(`[${"0,".repeat(50_000)}0]`), "values"],
    ["__proto__", parsed('{"__proto__":{"polluted":true}}'), "name of a field"],
    ["a name with U+0000", parsed('{"a\\u0000":1}'), "name of a field"],
    ["U+0000 in an unknown field", parsed('["a\\u0000b"]'), "cannot be stored"],
    ["half a pair in an unknown field", parsed('["\\ud83d"]'), "cannot be stored"],
    ["a number beyond all", parsed("1e999"), "too great"],
    ["a number that would be another one", parsed("12345678901234567890"), "too great"],
  ])("may not hold %s", ([, content, expected], { expect }) => {
    const { error } = sendContent.safeParse(content);
    expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(expected)]);
    expect(error?.issues[0]?.path[0]).toBe("image");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("may have constructor and prototype as unknown fields, which mean nothing", ({ expect }) => {
    const content = parsed('{"constructor":{"prototype":{"polluted":true}}}');
    expect(JSON.stringify(sendContent.parse(content))).toBe(JSON.stringify(content));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

/** Ours, and none of zod's own; the last gets its text from `problem.ts`. */
function isSentence({ message, code }: { message: string; code?: string }): boolean {
  return (message.endsWith(".") && !message.startsWith("Invalid")) || code === "unrecognized_keys";
}

function placesIn(content: unknown): number {
  let places = -1;
  JSON.parse(JSON.stringify(content), (_, value) => {
    places += 1;
    return value;
  });
  return places;
}
