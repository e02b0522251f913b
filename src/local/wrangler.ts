import { createRequire } from "node:module";
import type * as Wrangler from "wrangler";

// Required: before Node imports it, it reads all of its 20 MB twice more, for what kind of module it is and for what it exports.
const wrangler = createRequire(import.meta.url)("wrangler") as typeof Wrangler;

export const { unstable_readConfig: readConfig, unstable_getMiniflareWorkerOptions: miniflareOptionsOf } =
  wrangler;
