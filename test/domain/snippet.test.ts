import fc from "fast-check";
import { describe, it } from "vitest";
import { foldText } from "../../src/domain/fold-text.ts";
import { toSnippet } from "../../src/domain/snippet.ts";

const LONG = `${"before ".repeat(40)}needle ${"after ".repeat(60)}`;

describe("a snippet", () => {
  it("begins shortly before what was found, and says where that is", ({ expect }) => {
    const { text, marks } = toSnippet(LONG, new Set(["needle"]), []);
    expect(text.length).toBeLessThanOrEqual(202);
    expect([text.startsWith("…"), text.endsWith("…")]).toEqual([true, true]);
    expect(marks.map(([start, end]) => text.slice(start, end))).toEqual(["needle"]);
  });

  it("is the beginning where nothing of it can be marked", ({ expect }) => {
    expect(toSnippet("Hello", new Set(["gone"]), [])).toEqual({ text: "Hello", marks: [] });
  });

  it.for<[body: string, words: string[], number: string, marked: string]>([
    ["at 8 (900) 123-45-67", ["900", "123"], "9001234567", "8 (900) 123-45-67"],
    ["at 8 (900) 123-45-67", [], "4567", "8 (900) 123-45-67"],
    ["at 8 (900) 123\u201145\u201167", [], "2345", ""],
    ["at 8 (900) 123\u201145\u201167", [], "89001", "8 (900) 123\u201145\u201167"],
    ["at 8 (900) 123-45-67", [], "8900", ""],
    ["order 48\u202f213, please", ["48213"], "4821", "48\u202f213"],
    ["order 48 213", [], "8213", ""],
    ["at +7 900 123-45-67", [], "4567", "+7 900 123-45-67"],
  ])("of %j marks a number and the words in it once: %j, %s", ([body, words, number, marked], { expect }) => {
    const { text, marks } = toSnippet(body, new Set(words), [number]);
    expect(marks.map(([start, end]) => text.slice(start, end))).toEqual(marked ? [marked] : []);
  });

  it("has its marks in order, inside the text and around whole characters, whatever the text", ({
    expect,
  }) => {
    const part = fc.constantFrom(
      "ёлка",
      "ЕЛКА",
      " ",
      "👍",
      "é",
      "e\u0301",
      "+7 900 123-45-67",
      "x".repeat(90),
      "\n",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const { text, marks } = toSnippet(parts.join(" "), new Set(["елка", "é"]), ["79001234567"]);
        expect(text.isWellFormed()).toBe(true);
        let last = 0;
        for (const [start, end] of marks) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = end;
        }
        if (foldText(parts[0] ?? "") === "елка") expect(marks[0]).toEqual([0, 4]);
      }),
    );
  });
});
