import { describe, it } from "vitest";
import { matchesEtag, readRange } from "../../src/http/range.ts";

describe("a Range of a file of 10 bytes", () => {
  it.for([
    [undefined, { kind: "all" }],
    ["", { kind: "all" }],
    ["bytes=0-", { kind: "part", first: 0, last: 9 }],
    ["bytes=0-0", { kind: "part", first: 0, last: 0 }],
    ["bytes=2-5", { kind: "part", first: 2, last: 5 }],
    ["bytes=9-9", { kind: "part", first: 9, last: 9 }],
    ["bytes=5-99", { kind: "part", first: 5, last: 9 }],
    ["bytes=-3", { kind: "part", first: 7, last: 9 }],
    ["bytes=-99", { kind: "part", first: 0, last: 9 }],
    ["Bytes=1-2", { kind: "part", first: 1, last: 2 }],
    [" bytes=1-2 ", { kind: "part", first: 1, last: 2 }],
    ["bytes=-0", { kind: "outside" }],
    ["bytes=10-", { kind: "outside" }],
    ["bytes=10-20", { kind: "outside" }],
    ["bytes=99999999999999999999-", { kind: "outside" }],
    ["bytes=5-2", { kind: "all" }],
    ["bytes=-", { kind: "all" }],
    ["bytes=a-b", { kind: "all" }],
    ["bytes=1-2,4-5", { kind: "all" }],
    ["bytes 1-2", { kind: "all" }],
    ["lines=1-2", { kind: "all" }],
    ["bytes=--1", { kind: "all" }],
    ["bytes=1.5-2", { kind: "all" }],
  ] as const)("%s means %o", ([header, wanted], { expect }) => {
    expect(readRange(header, 10)).toEqual(wanted);
  });

  it("is outside of a file without any bytes", ({ expect }) => {
    expect(readRange("bytes=0-", 0)).toEqual({ kind: "outside" });
    expect(readRange("bytes=-5", 0)).toEqual({ kind: "outside" });
    expect(readRange(undefined, 0)).toEqual({ kind: "all" });
  });
});

describe("If-None-Match", () => {
  it.for([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ["*", true],
    ['"b"', false],
    ["a", false],
    ["", false],
  ] as const)("%s knows the content: %s", ([header, known], { expect }) => {
    expect(matchesEtag(header, '"a"')).toBe(known);
    expect(matchesEtag(header, null)).toBe(false);
  });
});
