import { createHash } from "node:crypto";
import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { withClient } from "../../src/local/with-client.ts";
import { bundleWorker, modulesIn, type WorkerModule } from "../../src/local/worker-bundle.ts";

/**
 * Has `build` fill this folder, unless a test of the run, perhaps in another process, has done so; the others wait for that. When it
 * fails, the next one tries again.
 */
export async function buildOnce(dir: string, build: () => Promise<unknown>): Promise<void> {
  const lock = createHash("sha256").update(dir).digest().readInt32BE();
  const mark = `${dir}.built`;
  // A session's lock ends with the session, so it is free again when a test is stopped.
  await withClient(inject("postgresUrl"), async (client) => {
    await client.query("select pg_advisory_lock($1)", [lock]);
    const isBuilt = await access(mark).then(
      () => true,
      () => false,
    );
    if (isBuilt) return;
    await build();
    await writeFile(mark, "");
  });
}

/** Where the Worker with these constants is built, and what builds it: once in a run. */
export function workerBuiltOnce(define: Record<string, string> = {}) {
  const name = createHash("sha256").update(JSON.stringify(define)).digest("hex");
  return {
    distDir: join(inject("bundlesDir"), name),
    async build(configPath: string, outDir: string): Promise<WorkerModule[]> {
      await buildOnce(outDir, () => bundleWorker(configPath, outDir, define));
      return await modulesIn(outDir);
    },
  };
}
