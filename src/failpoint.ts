import { env } from "cloudflare:workers";

declare global {
  /**
   * A constant of the build. It is false in the deployed Worker, where esbuild drops `FAILPOINTS && (await failpoint(…))` and
   * then this file.
   */
  const FAILPOINTS: boolean;
}

/**
 * A place where a test can make the Worker wait, fail or be killed. The test answers over a binding that only its build has;
 * until it answers, the caller waits. `part` distinguishes callers at the same place. Throws when the answer is "throw".
 */
export async function failpoint(name: string, part = ""): Promise<void> {
  const { FAILPOINT } = env as { FAILPOINT?: Fetcher };
  const answer = await FAILPOINT?.fetch(`http://failpoint/${name}?part=${part}`);
  if ((await answer?.text()) === "throw") throw new Error(`failpoint ${name}`);
}
