import { describe, it } from "vitest";
import { goesOnTyping, type KeyPress, shortcutOf } from "../../../src/web/models/shortcuts.ts";

const NOTHING = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false };
const press = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key: code,
  ...NOTHING,
  ...more,
});
const FREE = { isTyping: false, hasSingleKeys: true, isAfterG: false };

describe("a key (UI-25)", () => {
  it.for([
    ["KeyJ", {}, "nextChat"],
    ["KeyJ", { key: "о" }, "nextChat"],
    ["KeyU", { key: "г" }, "nextUnread"],
    ["KeyU", { shiftKey: true, key: "Г" }, "markUnread"],
    ["Slash", { key: "/" }, "search"],
    ["Slash", { key: ",", shiftKey: true }, "help"],
    ["Digit7", { key: "?", shiftKey: true }, "help"],
    ["KeyK", { ctrlKey: true }, "search"],
    ["KeyK", { metaKey: true }, "search"],
    ["Slash", { ctrlKey: true }, "quickReplies"],
    ["KeyG", {}, "prefix"],
    ["KeyT", { ctrlKey: true }, null],
    ["KeyR", { ctrlKey: true }, null],
    ["KeyR", { altKey: true }, null],
    ["KeyJ", { shiftKey: true }, null],
    ["KeyK", { ctrlKey: true, shiftKey: true }, null],
    ["KeyX", {}, null],
  ] as const)("%s %j does %s", ([code, more, action], { expect }) => {
    expect(shortcutOf(press(code, more), FREE)).toBe(action);
  });

  it("means another thing after G", ({ expect }) => {
    const after = (code: string) => shortcutOf(press(code), { ...FREE, isAfterG: true });
    expect(["KeyM", "KeyU", "KeyA", "KeyJ"].map(after)).toEqual([
      "viewMine",
      "viewUnassigned",
      "viewAll",
      null,
    ]);
  });

  it.for([
    ["in a text", { ...FREE, isTyping: true }],
    ["once single keys are off", { ...FREE, hasSingleKeys: false }],
  ] as const)("of one letter does nothing %s", ([, context], { expect }) => {
    for (const code of ["KeyJ", "KeyU", "KeyS", "KeyT", "Slash", "KeyG", "KeyE"])
      expect(shortcutOf(press(code), context), code).toBeNull();
    expect(shortcutOf(press("Slash", { key: "?", shiftKey: true }), context)).toBeNull();
    expect(shortcutOf(press("KeyK", { ctrlKey: true }), context)).toBe("search");
    expect(shortcutOf(press("Slash", { ctrlKey: true }), context)).toBe("quickReplies");
  });

  it("that is held moves on again and again, and does all else once", ({ expect }) => {
    const held = (code: string, more: Partial<KeyPress> = {}) =>
      shortcutOf(press(code, { ...more, repeat: true }), FREE);
    expect([held("KeyJ"), held("KeyK")]).toEqual(["nextChat", "previousChat"]);
    for (const code of ["KeyU", "KeyR", "KeyT", "KeyA", "KeyI", "KeyE", "KeyG", "Slash"])
      expect(held(code), code).toBeNull();
    expect(held("KeyU", { shiftKey: true })).toBeNull();
    expect(shortcutOf(press("KeyM", { repeat: true }), { ...FREE, isAfterG: true })).toBeNull();
  });

  it.for([
    [
      "at once after its box went",
      { isBoxThere: false, atMs: 1_000 },
      { isNowhere: true, atMs: 1_400 },
      true,
    ],
    ["later", { isBoxThere: false, atMs: 1_000 }, { isNowhere: true, atMs: 2_500 }, false],
    ["elsewhere", { isBoxThere: false, atMs: 1_000 }, { isNowhere: false, atMs: 1_400 }, false],
    ["with its box still there", { isBoxThere: true, atMs: 1_000 }, { isNowhere: true, atMs: 1_400 }, false],
    ["with nothing typed before", null, { isNowhere: true, atMs: 1_400 }, false],
  ] as const)("%s goes on with a word or not", ([, typed, next, goesOn], { expect }) => {
    expect(goesOnTyping(typed, next)).toBe(goesOn);
  });
});
