import { createRequire } from "node:module";
import type * as MiniflareModule from "miniflare";
import type * as WranglerModule from "wrangler";

const require = createRequire(import.meta.url);

// Both are loaded by the first call, since that takes seconds, and a start that is refused needs neither. They are required: before Node
// imports them, it reads all of their 20 MB twice more, for what kind of module each is and for what it exports.
export const loadWrangler = () => require("wrangler") as typeof WranglerModule;
export const loadMiniflare = () => require("miniflare") as typeof MiniflareModule;
