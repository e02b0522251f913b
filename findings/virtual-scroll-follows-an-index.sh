#!/usr/bin/env bash
# TanStack Virtual corrects the position of scrollToIndex for some frames, by the index that it was given. When rows are put before
# the others in the meantime, as a page of older messages is, the index means another row: the list leaves the row that was asked
# for, although getItemKey names each row and `anchorTo: "end"` keeps the place otherwise. Whoever prepends has to ask again.
# https://tanstack.com/virtual/latest/docs/api/virtualizer (scrollToIndex, getItemKey, anchorTo)
# Seen with @tanstack/virtual-core 3.19.11 on Node 20 and 24.
# Expected output: "asked for: row 50; after 40 older rows: row 10; asked again: row 50"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @tanstack/virtual-core@3.19.11
cat > look.mjs <<'JS'
import { Virtualizer } from "@tanstack/virtual-core";

const HEIGHT = 400;
const ROW = 50;
const frames = [];
const window = {
  requestAnimationFrame: (callback) => frames.push(callback),
  cancelAnimationFrame() {},
  setTimeout,
  clearTimeout,
  performance,
};
const element = { scrollTop: 0, clientHeight: HEIGHT, ownerDocument: { defaultView: window } };
let reportOffset = () => {};
let hasScrolled = false;
let rows = [];
const options = () => ({
  count: rows.length,
  getScrollElement: () => element,
  estimateSize: () => ROW,
  getItemKey: (index) => rows[index],
  anchorTo: "end",
  observeElementRect: (_, report) => report({ width: 300, height: HEIGHT }),
  observeElementOffset: (_, report) => {
    reportOffset = report;
    report(element.scrollTop, false);
  },
  scrollToFn: (offset, { adjustments = 0 }) => {
    element.scrollTop = Math.min(offset + adjustments, element.scrollHeight - HEIGHT);
    hasScrolled = true;
  },
});
const show = (next) => {
  rows = next;
  Object.defineProperty(element, "scrollHeight", { value: rows.length * ROW, configurable: true });
  virtual.setOptions(options());
  virtual._willUpdate();
};
// As a browser does: the event of a scroll, then the callbacks.
const settle = () => {
  for (let n = 0; n < 20; n += 1) {
    if (hasScrolled) reportOffset(element.scrollTop, false);
    hasScrolled = false;
    for (const frame of frames.splice(0)) frame();
  }
};
const inTheMiddle = () => rows[Math.floor((element.scrollTop + HEIGHT / 2) / ROW)];
const ask = () => virtual.scrollToIndex(rows.indexOf("row 50"), { align: "center" });

const numbered = (from, to) => Array.from({ length: to - from }, (_, n) => `row ${from + n}`);
const virtual = new Virtualizer(options());
virtual._didMount();
show(numbered(40, 120));

ask();
const first = inTheMiddle();
show(numbered(0, 120));
settle();
const later = inTheMiddle();
ask();
settle();
const seen = `asked for: ${first}; after 40 older rows: ${later}; asked again: ${inTheMiddle()}`;
process.stdout.write(`${seen}\n`);
const expected = "asked for: row 50; after 40 older rows: row 10; asked again: row 50";
if (seen !== expected) console.error(`The behaviour has changed. Expected: ${expected}`);
process.exit(seen === expected ? 0 : 1);
JS
node look.mjs
