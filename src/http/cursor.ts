import { fromBase64Url, toBase64Url } from "../encoding.ts";
import { AppError } from "../errors.ts";

/**
 * Encodes a place in a list. The cursor includes the list's name and filters, so it is valid for that list only. It needs no
 * signature: the organization always comes from the token.
 */
export function writeCursor(list: string, place: Record<string, unknown>): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify([list, place])));
}

/** Decodes a cursor of this list; `isPlace` checks the decoded place. Throws `invalid_cursor`. */
export function readCursor<Place>(
  list: string,
  cursor: string,
  isPlace: (place: unknown) => place is Place,
): Place {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(cursor) ?? new Uint8Array()));
    if (Array.isArray(read) && read.length === 2 && read[0] === list && isPlace(read[1])) return read[1];
  } catch {
    // Refused below, like every cursor that we did not write.
  }
  throw new AppError("invalid_cursor", "The cursor does not belong to this list with these filters.", {
    errors: [
      {
        pointer: "/cursor",
        code: "invalid_cursor",
        detail: "Pass nextCursor or prevCursor unchanged, with the same filters.",
      },
    ],
  });
}

/** Whether a place is just the id of a row, as in lists ordered by id. */
export function isIdPlace(place: unknown): place is { id: number } {
  return typeof place === "object" && place !== null && "id" in place && isId(place.id);
}

/** Whether a place is the number of an event, as in lists ordered by it. */
export function isSeqPlace(place: unknown): place is { seq: number } {
  return typeof place === "object" && place !== null && "seq" in place && isId(place.seq);
}

/** Whether this can be the id of a row: Postgres fails on numbers outside its integer range. */
export function isId(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 2_147_483_647;
}

/** A valid moment in a year that Postgres accepts too: cursors are untrusted input. */
export function isMoment(text: string): boolean {
  const date = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
