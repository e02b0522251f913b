import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeToken } from "./cli/token.ts";
import { buildPage, watchPage } from "./page-build.ts";

/** The agents of the demo data, as whom one can sign in with a click. */
const DEMO_AGENTS = [
  { sub: "anna", name: "Anna", role: "admin" },
  { sub: "oleg", name: "Oleg", role: "agent" },
] as const;

export type DemoAgent = { name: string; role: string; token: string };

export type LocalPage = {
  dir: string;
  agents: DemoAgent[];
  /** Calls `reload` after each new build, until the returned function is called. Undefined when nothing is watched. */
  follow?(reload: () => Promise<void>, log: (line: string) => void): () => Promise<void>;
};

/** Builds the page for local mode into `dir`, which is never deployed: it also gets the tokens of the demo agents. */
export async function startPage(
  dir: string,
  vars: Record<string, string>,
  isWatched: boolean,
  build = buildPage,
): Promise<LocalPage> {
  const agents = await Promise.all(
    DEMO_AGENTS.map(async ({ sub, name, role }) => {
      const args = ["--org", "1", "--sub", sub, "--name", name, "--role", role, "--ttl", "30d"];
      return { name, role, token: await makeToken(args, vars, new Date()) };
    }),
  );
  // A build empties the folder.
  const addAgents = () => writeFile(join(dir, "demo-agents.json"), JSON.stringify(agents), { mode: 0o600 });
  if (!isWatched) {
    await build(dir);
    await addAgents();
    return { dir, agents };
  }
  let onBuilt = async (_error: Error | null): Promise<void> => undefined;
  const stop = await watchPage(dir, (error) => void onBuilt(error));
  await addAgents();
  return {
    dir,
    agents,
    follow(reload, log) {
      onBuilt = async (error) => {
        if (error) return log(`The page does not build: ${error.message}`);
        await addAgents();
        await reload().then(
          () => log("The page was rebuilt."),
          (failure: Error) => log(failure.message),
        );
      };
      return stop;
    },
  };
}
