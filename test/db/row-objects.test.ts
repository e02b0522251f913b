import { expect, it } from "vitest";
import { rowObjects } from "../../src/db/row-objects.ts";

it.for<[string, string[], unknown[][]]>([
  ["no rows", ["id"], []],
  ["no columns", [], [[], []]],
  [
    "values of every kind",
    ["id", "a b", 'say "hi"'],
    [
      [1, null, "x"],
      [2, { n: 1 }, [3]],
    ],
  ],
  ["a name twice, of which the last wins", ["id", "id"], [[1, 2]]],
  ["names that objects inherit", ["__proto__", "constructor"], [[{ polluted: true }, 2]]],
  [
    "more columns than an object has room for",
    Array.from({ length: 1_100 }, (_, n) => `c${n}`),
    [Array(1_100).fill(7)],
  ],
])("makes the objects that the driver makes of %s", ([, names, rows]) => {
  const objects = rowObjects(names, rows);
  const expected = rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value])));
  expect(objects.map(Object.entries)).toEqual(expected.map(Object.entries));
  expect(objects.map(Object.getPrototypeOf)).toEqual(rows.map(() => Object.prototype));
});
