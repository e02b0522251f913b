/** Supports light and dark pages. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .title { font-weight: 600; font-size: 14px; fill: #24292f }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .target { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 }
    .title { fill: #f0f6fc }
    .grid { stroke: #3d444d }
  }`;

export const COLOURS = ["#0969da", "#bc4c00", "#8250df", "#1a7f37", "#9a6700"];

export function svg(width: number, height: number, title: string, parts: string[]): string {
  const heading = `<text class="title" x="16" y="24">${escaped(title)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
</style>
${[heading, ...parts].join("\n")}
</svg>
`;
}

export function label(
  x: number,
  y: number,
  content: string,
  anchor: "start" | "middle" | "end" = "start",
): string {
  return `<text x="${tidy(x)}" y="${tidy(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  kind: "grid" | "target" = "grid",
): string {
  return `<line class="${kind}" x1="${tidy(x1)}" y1="${tidy(y1)}" x2="${tidy(x2)}" y2="${tidy(y2)}"/>`;
}

export function bar(x: number, y: number, width: number, height: number, colour: string): string {
  return `<rect x="${tidy(x)}" y="${tidy(y)}" width="${tidy(width)}" height="${tidy(height)}" rx="2" fill="${colour}"/>`;
}

export function path(points: { x: number; y: number }[], colour: string): string {
  const steps = points.map(({ x, y }) => `${tidy(x)},${tidy(y)}`).join(" ");
  const dots = points.map(({ x, y }) => `<circle cx="${tidy(x)}" cy="${tidy(y)}" r="3" fill="${colour}"/>`);
  return [`<polyline points="${steps}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...dots].join(
    "\n",
  );
}

/** The end of an axis: a round number not below the highest value. */
export function axisEnd(highest: number): number {
  const power = 10 ** Math.floor(Math.log10(highest || 1));
  return ([1, 2, 2.5, 5].find((step) => step * power >= highest) ?? 10) * power;
}

function tidy(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
