import type { Context } from "hono";
import { AppError } from "../errors.ts";
import type { HttpEnv } from "./http-env.ts";
import { newRouter } from "./router.ts";

/** The addresses that the page's own router knows. `/` itself is a file. */
const PAGE_PATHS = ["/sign-in", "/inbox", "/inbox/*", "/settings", "/settings/*"];

/**
 * Mounted at the root, without a token: the page of the inbox, the same file at each of its addresses. Its headers come from
 * the file `_headers`. Without the binding there is no page.
 */
export const pageRoutes = newRouter();

for (const path of PAGE_PATHS) {
  pageRoutes.get(path, async (c) => {
    const page = await readPage(c, c.req.raw.headers);
    // Local tools run the Worker without its files.
    if (!page) throw new AppError("not_found", "This Worker was started without the page's files.");
    return page;
  });
}

/**
 * For a person at an address that nothing has, such as a mistyped one: the page, which says so and leads to the inbox, with 404. Null for
 * programs, for all addresses of the API, and without the binding.
 */
export async function findNotFoundPage(c: Context<HttpEnv>): Promise<Response | null> {
  const isNavigation =
    ["GET", "HEAD"].includes(c.req.method) && c.req.header("accept")?.includes("text/html");
  if (!isNavigation || /^\/api(\/|$)/.test(c.req.path)) return null;
  // Without the conditions and ranges of the request: a 304 or a part would not do.
  const page = await readPage(c, new Headers());
  return page && new Response(page.body, { status: 404, headers: page.headers });
}

async function readPage(c: Context<HttpEnv>, headers: Headers): Promise<Response | null> {
  if (!c.env.ASSETS) return null;
  const { method } = c.req.raw;
  return await c.env.ASSETS.fetch(new Request(new URL("/", c.req.url), { headers, method }));
}
