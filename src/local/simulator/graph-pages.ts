import type { Context } from "hono";
import type { Fields } from "./fields.ts";
import { GraphRefusal } from "./graph-errors.ts";

const DEFAULT_LIMIT = 25;

/**
 * One page of a list, as `limit`, `after` and `before` of the query select it. `next` and `previous` are addresses of this
 * simulator, and bring the query along. https://developers.facebook.com/docs/graph-api/results
 */
export function pageOf(c: Context, items: Fields[]): Fields {
  const { limit, after, before } = c.req.query();
  const size = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(size) || size < 1)
    throw new GraphRefusal(100, { message: "(#100) Param limit must be a positive integer" });
  const end = before ? indexOf(before) : items.length;
  const from = after ? indexOf(after) : before ? Math.max(0, end - size) : 0;
  const to = Math.min(items.length, from + size, before ? end : items.length);
  const url = (name: "after" | "before", index: number) => {
    const address = new URL(c.req.url);
    address.searchParams.delete("after");
    address.searchParams.delete("before");
    address.searchParams.set(name, cursor(index));
    return address.href;
  };
  const paging = {
    cursors: { before: cursor(from), after: cursor(to) },
    ...(to < items.length && { next: url("after", to) }),
    ...(from > 0 && { previous: url("before", from) }),
  };
  return { data: items.slice(from, to), ...(items.length > 0 && { paging }) };
}

function cursor(index: number): string {
  return Buffer.from(String(index)).toString("base64url");
}

function indexOf(given: string): number {
  const index = Number(Buffer.from(given, "base64url").toString());
  if (Number.isInteger(index) && index >= 0) return index;
  throw new GraphRefusal(100, { message: "(#100) Invalid parameter: after" });
}
