import { AppError } from "../errors.ts";
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
    // Local tools run the Worker without its files.
    if (!c.env.ASSETS) throw new AppError("not_found", "This Worker was started without the page's files.");
    const { headers, method } = c.req.raw;
    return await c.env.ASSETS.fetch(new Request(new URL("/", c.req.url), { headers, method }));
  });
}
