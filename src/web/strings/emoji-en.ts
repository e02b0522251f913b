import { plural } from "./plural.ts";

const count = plural("en");

export const emojiEn = {
  open: "Emoji",
  search: "Search emoji",
  found: (n: number) => count(n, { one: "emoji found", other: "emoji found" }),
  /** In Unicode's order. */
  groups: [
    "Smileys and emotion",
    "People and body",
    "Animals and nature",
    "Food and drink",
    "Travel and places",
    "Activities",
    "Objects",
    "Symbols",
    "Flags",
  ],
};
