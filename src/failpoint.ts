import { env } from "cloudflare:workers";

declare global {
  /**
   * Set by the build. False where the Worker is deployed: esbuild leaves out `FAILPOINTS && (await failpoint(…))` with
   * everything that stands in it, and then this file.
   */
  const FAILPOINTS: boolean;
}

/**
 * A place where a test may have the Worker wait, fail or be killed. The test answers over a binding that only its build
 * has; while it says nothing, whoever came here waits. `part` tells apart what passes the same place. Throws when told to.
 */
export async function failpoint(name: string, part = ""): Promise<void> {
  const { FAILPOINT } = env as { FAILPOINT?: Fetcher };
  const answer = await FAILPOINT?.fetch(`http://failpoint/${name}?part=${part}`);
  if ((await answer?.text()) === "throw") throw new Error(`failpoint ${name}`);
}
