/** The requested part of a file: all of it (also when the header is not understood), a part, or one outside the file. */
export type RequestedRange =
  | { kind: "all" }
  | { kind: "part"; first: number; last: number }
  | { kind: "outside" };

/**
 * Parses a `Range` (RFC 9110 §14.2). Units other than bytes and multiple ranges are ignored, as the RFC allows. A range that
 * starts beyond the end is outside; one that ends beyond it is cut to the end.
 */
export function readRange(header: string | undefined, sizeBytes: number): RequestedRange {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? "") ?? [];
  if (from === "" && to === "") return { kind: "all" };
  if (from === "") {
    const length = Math.min(Number(to), sizeBytes);
    return length === 0
      ? { kind: "outside" }
      : { kind: "part", first: sizeBytes - length, last: sizeBytes - 1 };
  }
  const first = Number(from);
  const last = to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== "" && Number(to) < first) return { kind: "all" };
  return first >= sizeBytes ? { kind: "outside" } : { kind: "part", first, last };
}

/** Whether `If-None-Match` matches this entity tag (RFC 9110 §13.1.2: weak comparison). */
export function matchesEtag(header: string | undefined, etag: string | null): boolean {
  if (header === undefined || etag === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((tag) => bare(tag) === bare(etag));
}
