import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";

const SOURCES = join(import.meta.dirname, "../../src/web");

/** A side of the screen in CSS or in an inline style, where a language from the right needs the start or the end of a line. */
const PHYSICAL = [
  /(?:^|[;{\s])(?:left|right)\s*:/,
  /(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b/,
  /border-(?:top|bottom)-(?:left|right)-radius/,
  /(?:text-align|float|clear|caption-side|justify-content)\s*:\s*(?:left|right)\b/,
  /(?:margin|padding|border)(?:Left|Right)\s*:/,
];

describe("the styles of the page", () => {
  it.for([
    ["a { left: 0 }", true],
    ["a {\n  margin-left: 1px;\n}", true],
    ["a { text-align:right }", true],
    ["a { border-top-left-radius: 1px }", true],
    ["<p style={{ paddingRight: 4 }} />", true],
    ["a { inset-inline-start: 0; text-align: start; border-start-start-radius: 1px }", false],
    ['<Icon name="arrowLeft" />; type Side = { isLeft: boolean }', false],
  ] as const)("distinguish sides from starts and ends: %s", ([text, isPhysical], { expect }) => {
    expect(isPhysicalSide(text)).toBe(isPhysical);
  });

  it("name no left and no right (UI-33)", ({ expect }) => {
    const files = globSync("**/*.{css,tsx}", { cwd: SOURCES });
    expect(files.length).toBeGreaterThan(50);
    const wrong = files.flatMap((file) =>
      readFileSync(join(SOURCES, file), "utf8")
        .split("\n")
        .flatMap((line, i) => (isPhysicalSide(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(wrong).toEqual([]);
  });
});

function isPhysicalSide(text: string): boolean {
  return PHYSICAL.some((pattern) => pattern.test(text));
}
