/** A fenced block: the language, the words after it, and the lines, without the indent of a list. */
export type Block = { language: string; marks: string[]; code: string };

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^( *)```(.*)\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = "", info = "", code = ""]) => {
      const [language = "", ...marks] = info.trim().split(/\s+/);
      return { language, marks, code: code.replaceAll(new RegExp(`^${indent}`, "gm"), "") };
    },
  );
}

/** What stands under a heading, up to the next of its level. Throws when there is no such heading. */
export function sectionOf(page: string, heading: string): string {
  const [, section] = page.split(`\n${heading}\n`);
  const [level = ""] = heading.split(" ");
  const text = section?.split(`\n${level} `)[0];
  if (text === undefined) throw new Error(`there is no heading "${heading}"`);
  return text;
}

/** The first table of a text: its rows as cells, without the head. */
export function tableOf(text: string): string[][] {
  return tablesOf(text)[0] ?? [];
}

/** Every table of a text. */
export function tablesOf(text: string): string[][][] {
  return [...text.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => {
    const [, , ...rows] = table.trim().split("\n");
    return rows.map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  });
}

/** What stands in backticks. */
export function codesOf(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The targets of links that lead to no other host. */
export function relativeLinksOf(page: string): string[] {
  const targets = [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub makes of headings. */
export function anchorsOf(page: string): string[] {
  return [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** A page without its fenced blocks. */
export function withoutBlocks(page: string): string {
  return page.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
}
