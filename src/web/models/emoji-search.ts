import { foldText } from "../../domain/fold-text.ts";

/** Unicode's groups, each a list of `[emoji, folded words]`: the content of `emoji.json`. */
export type EmojiGroups = readonly (readonly (readonly [emoji: string, words: string])[])[];

const LIMIT = 80;

/** The emoji of which every word of the query begins a word, best first: those that a whole word names. */
export function searchEmoji(groups: EmojiGroups, query: string): string[] {
  const wanted = foldText(query).split(/\s+/).filter(Boolean);
  const found = groups.flat().filter(([, words]) => {
    const known = words.split(" ");
    return wanted.every((start) => known.some((word) => word.startsWith(start)));
  });
  const isWhole = (words: string) => wanted.every((word) => ` ${words} `.includes(` ${word} `));
  return found
    .toSorted(([, a], [, b]) => Number(isWhole(b)) - Number(isWhole(a)))
    .slice(0, LIMIT)
    .map(([emoji]) => emoji);
}
