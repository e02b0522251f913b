/** What of a file is wanted: all of it (also where the header says nothing that we know), a part, or what is not there. */
export type Wanted = { kind: "all" } | { kind: "part"; first: number; last: number } | { kind: "outside" };

/**
 * Reads a `Range` (RFC 9110 §14.2). What is no range of bytes, or several, is ignored, as the RFC allows; a part that begins
 * behind the end is outside; one that ends behind it ends there.
 */
export function readRange(header: string | undefined, sizeBytes: number): Wanted {
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

/** Whether `If-None-Match` names this content (RFC 9110 §13.1.2: compared weakly). */
export function isKnown(header: string | undefined, etag: string | null): boolean {
  if (header === undefined || etag === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((tag) => bare(tag) === bare(etag));
}
