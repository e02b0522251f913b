import { createRequire } from "node:module";
import type { Plugin } from "vite";
import { foldText } from "../domain/fold-text.ts";

/** Emojibase's own form, https://emojibase.dev/docs/datasets#structure-compact */
type Emoji = { unicode: string; group?: number; order?: number; label: string; tags?: string[] };

/** Skin tones and hair: parts of an emoji, none by themselves. */
const COMPONENTS = 2;

/**
 * Adds `emoji.json` to the page: Unicode's groups in their order, each a list of `[emoji, words]`. The words are those of
 * English and Russian, folded as `foldText` does, so that one search finds in both.
 */
export function emojiFile(): Plugin {
  return {
    name: "emoji-file",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "emoji.json", source: JSON.stringify(emojiGroups()) });
    },
  };
}

/** @internal */
export function emojiGroups(): [emoji: string, words: string][][] {
  const require = createRequire(import.meta.url);
  const english = require("emojibase-data/en/compact.json") as Emoji[];
  const russian = require("emojibase-data/ru/compact.json") as Emoji[];
  const russianBy = new Map(russian.map((emoji) => [emoji.unicode, emoji]));
  const groups = new Map<number, [string, string][]>();
  for (const emoji of english.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
    const { group, unicode } = emoji;
    // Without a group: flags of no country, letters.
    if (group === undefined || group === COMPONENTS) continue;
    const texts = [emoji, russianBy.get(unicode)].flatMap((one) =>
      one ? [one.label, ...(one.tags ?? [])] : [],
    );
    const words = new Set(texts.flatMap((text) => foldText(text).split(/[^\p{L}\p{N}]+/u)).filter(Boolean));
    groups.set(group, [...(groups.get(group) ?? []), [unicode, [...words].join(" ")]]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, list]) => list);
}
