import { median } from "../statistics.ts";
import type { Figure } from "../workload.ts";
import { axisEnd, bar, COLOURS, label, line, path, svg } from "./svg.ts";

export type Plot = { file: string; title: string; svg: string };

type Series = { name: string; values: number[] };

const WIDTH = 720;
const HEIGHT = 340;
const AREA = { left: 64, right: WIDTH - 160, top: 48, bottom: HEIGHT - 44 };
const TICKS = 5;

/** The plots that these figures have numbers for. */
export function plotsOf(figures: Figure[]): Plot[] {
  return [throughput(figures), latency(figures), growth(figures)].filter((plot) => plot !== null);
}

function throughput(figures: Figure[]): Plot | null {
  const measured = figures.filter(({ id }) => id.startsWith("webhooks-per-second-"));
  if (measured.length === 0) return null;
  const series = seriesOf(
    measured.map(({ raw }) => raw as Record<string, { storedPerSecond: number }[]>),
    ({ storedPerSecond }) => storedPerSecond,
  );
  const title = "Stored webhooks per second, by connections";
  const columns = measured.map(({ id }) => id.slice("webhooks-per-second-".length));
  const top = axisEnd(Math.max(...series.flatMap(({ values }) => values)));
  const xOf = (column: number) => AREA.left + ((AREA.right - AREA.left) * (column + 0.5)) / columns.length;
  const lines = series.map(({ values }, n) => {
    return path(
      values.map((value, column) => ({ x: xOf(column), y: yOf(value, top) })),
      colourOf(n),
    );
  });
  return {
    file: "throughput.svg",
    title,
    svg: svg(WIDTH, HEIGHT, title, [...frame(columns, top, "/s"), ...lines, ...legend(series)]),
  };
}

function latency(figures: Figure[]): Plot | null {
  const measured = figures.find(({ id }) => id === "webhook-to-socket-p50");
  if (!measured) return null;
  const columns = ["p50", "p95", "p99"] as const;
  const raw = measured.raw as Record<string, Record<(typeof columns)[number], number>[]>;
  const series = Object.entries(raw).map(([name, rounds]) => ({
    name,
    values: columns.map((column) => median(rounds.map((round) => round[column]))),
  }));
  const title = "Latency from webhook to open chat at 20 webhooks per second";
  const top = axisEnd(Math.max(...series.flatMap(({ values }) => values)));
  const group = (AREA.right - AREA.left) / columns.length;
  const width = (group * 0.7) / series.length;
  const bars = series.flatMap(({ values }, n) =>
    values.map((value, column) => {
      const x = AREA.left + group * column + group * 0.15 + width * n;
      return bar(x, yOf(value, top), width - 4, AREA.bottom - yOf(value, top), colourOf(n));
    }),
  );
  return {
    file: "latency.svg",
    title,
    svg: svg(WIDTH, HEIGHT, title, [...frame([...columns], top, " ms"), ...bars, ...legend(series)]),
  };
}

/** One bar per application call: its cost on the large database ÷ on the small one. */
function growth(figures: Figure[]): Plot | null {
  const measured = figures.filter(({ id, unit }) => id.startsWith("growth.") && unit === "×");
  if (measured.length === 0) return null;
  const title = "Cost of a call on a database 100 times larger";
  const left = 400;
  const height = 60 + measured.length * 28;
  const targets = measured.flatMap(({ target }) => target?.value ?? []);
  const end = axisEnd(Math.max(...measured.map(({ value }) => value), ...targets));
  const xOf = (value: number) => left + ((WIDTH - 80 - left) * value) / end;
  const rows = measured.flatMap(({ label: name, value, target }, n) => {
    const y = 44 + n * 28;
    return [
      label(left - 8, y + 14, name, "end"),
      bar(left, y, xOf(value) - left, 18, colourOf(0)),
      label(xOf(value) + 6, y + 14, `${Number(value.toPrecision(3))} ×`),
      ...(target ? [line(xOf(target.value), y - 3, xOf(target.value), y + 21, "target")] : []),
    ];
  });
  return { file: "growth.svg", title, svg: svg(WIDTH, height, title, rows) };
}

/** One line per contender: the median of its rounds for each figure. */
function seriesOf<Round>(figures: Record<string, Round[]>[], pick: (round: Round) => number): Series[] {
  const names = Object.keys(figures[0] ?? {});
  return names.map((name) => ({ name, values: figures.map((raw) => median((raw[name] ?? []).map(pick))) }));
}

function frame(columns: string[], top: number, unit: string): string[] {
  const rows = Array.from({ length: TICKS + 1 }, (_, n) => (top * n) / TICKS);
  const group = (AREA.right - AREA.left) / columns.length;
  return [
    ...rows.flatMap((value) => [
      line(AREA.left, yOf(value, top), AREA.right, yOf(value, top)),
      label(AREA.left - 8, yOf(value, top) + 4, `${value}${unit}`, "end"),
    ]),
    ...columns.map((name, column) =>
      label(AREA.left + group * (column + 0.5), AREA.bottom + 20, name, "middle"),
    ),
  ];
}

function legend(series: Series[]): string[] {
  return series.flatMap(({ name }, n) => {
    const y = AREA.top + n * 22;
    return [bar(AREA.right + 16, y, 12, 12, colourOf(n)), label(AREA.right + 34, y + 11, name)];
  });
}

function yOf(value: number, top: number): number {
  return AREA.bottom - ((AREA.bottom - AREA.top) * value) / top;
}

function colourOf(n: number): string {
  return COLOURS[n % COLOURS.length] ?? "";
}
