import { expect, it } from "vitest";
import { forgetSizes } from "../../../src/web/models/row-sizes.ts";

const rowsFrom = (first: number) =>
  Array.from({ length: 1_000 }, (_, n) => ({ key: `message ${first + n}` }));
/** A list that has shown rows `first` to `last`. */
const sizesOf = (first: number, last: number) =>
  new Map(Array.from({ length: last - first + 1 }, (_, n) => [`message ${first + n}`, 64 + n]));

it("forgets the sizes of rows that are gone once they are many, and keeps those of the rows that are there", () => {
  const sizes = sizesOf(1, 2_001);
  forgetSizes(sizes, rowsFrom(1_500));
  expect(sizes).toEqual(new Map([...sizesOf(1, 2_001)].slice(1_499)));
});

it("keeps those of a thousand rows that are gone, since they may come back", () => {
  const sizes = sizesOf(1, 2_000);
  forgetSizes(sizes, rowsFrom(1_500));
  expect(sizes.size).toBe(2_000);
});
