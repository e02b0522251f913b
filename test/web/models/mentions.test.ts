import { describe, it } from "vitest";
import { mentionsIn } from "../../../src/web/models/mentions.ts";

const agents = ["Anna", "Anna Maria", "oleg", "Олег", "sales@example.com", "anna"].map((name, index) => ({
  id: index + 1,
  name,
}));

describe("the mentions of a note", () => {
  it.for([
    ["Please, @oleg: call", [3]],
    ["@OLEG, @oleg", [3]],
    ["@olega is somebody else", []],
    ["@Anna Maria knows", [2]],
    ["@Anna marries", [1, 6]],
    ["спроси @олег?", [4]],
    ["@олега", []],
    ["oleg", []],
    ["@@oleg", [3]],
    ["@", []],
  ] as const)("of %j", ([text, ids], { expect }) => {
    expect(mentionsIn(text, agents)).toEqual(ids);
  });
});
