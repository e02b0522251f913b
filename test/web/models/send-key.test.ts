import { describe, it } from "vitest";
import { isSendKey } from "../../../src/web/models/send-key.ts";

describe("a key that sends (UI-12)", () => {
  it.for([
    ["Enter", {}, true, false],
    ["Enter", { shiftKey: true }, false, true],
    ["Enter", { ctrlKey: true }, true, true],
    ["Enter", { metaKey: true }, true, true],
    ["Enter", { isComposing: true }, false, false],
    ["Enter", { isComposing: true, ctrlKey: true }, false, false],
    ["a", { ctrlKey: true }, false, false],
  ] as const)("%s %j: %s, and %s where Enter begins a line", ([key, more, sends, swapped], { expect }) => {
    const press = { key, shiftKey: false, ctrlKey: false, metaKey: false, isComposing: false, ...more };
    expect([isSendKey(press, false), isSendKey(press, true)]).toEqual([sends, swapped]);
  });
});
