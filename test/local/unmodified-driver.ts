import { createRequire } from "node:module";

/**
 * Neon's driver as it comes. The instance that `import` gives is another one: Drizzle changes how it reads times, for every
 * file that runs in the same process.
 */
export const { NeonDbError, neon, neonConfig, Pool }: typeof import("@neondatabase/serverless") =
  createRequire(import.meta.url)("@neondatabase/serverless");
