import { describe, it } from "vitest";
import { emojiGroups } from "../../../src/local/emoji-file.ts";
import { searchEmoji } from "../../../src/web/models/emoji-search.ts";

describe("the emoji of the page (UI-14)", () => {
  const groups = emojiGroups();

  it("are all there, without skin tones and letters", ({ expect }) => {
    expect(groups).toHaveLength(9);
    expect(groups.flat().length).toBeGreaterThan(1_800);
    expect(groups[0]?.[0]?.[0]).toBe("😀");
    expect(groups.flat().map(([emoji]) => emoji)).not.toContain("🏽");
  });

  it.for([
    ["сердце", "❤️"],
    ["heart", "❤️"],
    ["СЕРДЦЕ", "❤️"],
    ["ёлка", "🎄"],
    ["елка", "🎄"],
    ["звёзды", "🤩"],
    ["thumbs up", "👍️"],
    ["палец вверх", "👍️"],
    ["flag germany", "🇩🇪"],
  ] as const)("are found by %s: %s", ([query, emoji], { expect }) => {
    expect(searchEmoji(groups, query)).toContain(emoji);
  });

  it("are not found by other words", ({ expect }) => {
    expect(searchEmoji(groups, "счётчик воды")).toEqual([]);
    expect(searchEmoji(groups, "сердце ёлка")).toEqual([]);
  });
});
