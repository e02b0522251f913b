/**
 * Text that Postgres takes and a person can be shown: U+0000 and lone surrogates, which `text` columns refuse, become
 * U+FFFD; no more than `longest` UTF-16 units, and no half of a pair at the cut.
 */
export function cleanText(text: string, longest = 65_536): string {
  const cut = text.length > longest ? text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "") : text;
  // Nearly all text is clean: to look costs less than to copy.
  return cut.isWellFormed() && !cut.includes("\u0000")
    ? cut
    : cut.toWellFormed().replaceAll("\u0000", "\uFFFD");
}
