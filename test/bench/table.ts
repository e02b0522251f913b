import { isMet, rounded } from "./statistics.ts";
import type { Figure } from "./workload.ts";

/** The figures as aligned text. */
export function tableOf(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.label,
    targetText(figure),
    valueText(figure),
    rangeText(figure),
    verdictOf(figure),
    figure.note ?? "",
  ]);
  const all = [["measure", "target", "figure", "range", "", "details"], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

export function targetText({ target }: Figure): string {
  return target ? `${target.op === ">=" ? "≥" : "≤"} ${shortNumber(target.value)}` : "";
}

export function valueText({ value, unit }: Figure): string {
  return `${shortNumber(value)} ${unit}`;
}

export function rangeText({ low, high, rounds }: Figure): string {
  return rounds > 1 ? `${shortNumber(low)} – ${shortNumber(high)}` : "";
}

export function verdictOf(figure: Figure): string {
  const met = isMet(figure);
  return met === null ? "" : met ? "met" : "missed";
}

/** Three significant digits; integers from 100 on. */
export function shortNumber(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : rounded(value));
}
