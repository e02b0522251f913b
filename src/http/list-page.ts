import { readCursor, writeCursor } from "./cursor.ts";

const DEFAULT_LIMIT = 30;

type List<Row, Place> = {
  /** The list and its filters, such as `chats?{"status":"open"}`: a cursor of any other list is refused. */
  name: string;
  query: { cursor?: string | undefined; limit?: number | undefined };
  isPlace: (value: unknown) => value is Place;
  /** Reads at most `count` rows after a place; from the start when it is null. */
  read: (after: Place | null, count: number) => Promise<Row[]>;
  /** Where a row stands in the list's order. */
  placeOf: (row: Row) => Place;
};

/** One page of a list that is read forwards. Throws `invalid_cursor`. */
export async function listPage<Row, Place extends Record<string, unknown>>({
  name,
  query: { cursor, limit = DEFAULT_LIMIT },
  isPlace,
  read,
  placeOf,
}: List<Row, Place>) {
  const after = cursor === undefined ? null : readCursor(name, cursor, isPlace);
  // One row more than the page holds shows that there is a next page.
  const rows = await read(after, limit + 1);
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? writeCursor(name, placeOf(last)) : null;
  return { data, nextCursor, prevCursor: null };
}
