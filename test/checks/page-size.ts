import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPage } from "../../src/local/page-build.ts";
import { firstLoadBytes } from "./first-load.ts";

/** What each page loads first, by the module that it is loaded from: scripts alone, compressed. */
const BUDGETS_BYTES: Record<string, number> = {
  "index.html": 150_000,
  "inbox/inbox-page.tsx": 220_000,
  "settings/connect-page.tsx": 150_000,
  "settings/numbers-page.tsx": 150_000,
};

const dir = await mkdtemp(join(tmpdir(), "waba-page-"));
try {
  await buildPage(dir);
  for (const [page, budget] of Object.entries(BUDGETS_BYTES)) {
    const bytes = await firstLoadBytes(dir, page);
    console.log(`${page} loads ${Math.round(bytes / 1000)} KB (gzip) of a budget of ${budget / 1000} KB.`);
    if (bytes < 50_000 || bytes > budget) process.exitCode = 1;
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
