import { fromBase64Url, toBase64Url } from "../base64url.ts";
import { AppError } from "../errors.ts";

/**
 * A place in a list, as an opaque text: it names the list and its filters, so that it serves nowhere else. It needs no
 * signature, for the organization always comes from the token.
 */
export function writeCursor(list: string, place: Record<string, unknown>): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify([list, place])));
}

/** Reads a cursor of this list back; `isPlace` tells whether it holds what the list needs. Throws `invalid_cursor`. */
export function readCursor<Place>(
  list: string,
  cursor: string,
  isPlace: (place: unknown) => place is Place,
): Place {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(cursor) ?? new Uint8Array()));
    if (Array.isArray(read) && read.length === 2 && read[0] === list && isPlace(read[1])) return read[1];
  } catch {
    // Refused below, like everything else that we did not write.
  }
  throw new AppError("invalid_cursor", "The cursor is not one of this list with these filters.", {
    errors: [
      { pointer: "/cursor", code: "invalid_cursor", detail: "Use nextCursor or prevCursor as given." },
    ],
  });
}

/** Whether this may be the id of a row: Postgres fails on a number that is no integer of its own. */
export function isId(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 2_147_483_647;
}
