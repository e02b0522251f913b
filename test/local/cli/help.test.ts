import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";

const run = promisify(execFile);
const command = (path: string, ...args: string[]) =>
  run(process.execPath, [join(import.meta.dirname, `../../../src/local/${path}.ts`), ...args], {
    env: { ...process.env, JWT_SECRET: "a secret of at least thirty-two bytes" },
  });

describe("every command", () => {
  it("shows its options and examples", async ({ expect }) => {
    const forOperators = ["doctor", "listen", "replay", "spool", "token", "trigger"];
    const paths = [...forOperators.map((name) => `cli/${name}`), "dev", "migrate"];
    const helps = await Promise.all(paths.map((path) => command(path, "--help")));
    for (const [n, { stdout }] of helps.entries()) {
      const name = paths[n]?.replace("cli/", "") ?? "";
      expect(stdout).toMatch(new RegExp(`npm run (--silent )?${name} -- --?\\w+|npm run ${name} -- \\w+`));
      if (forOperators.includes(name)) expect(stdout).toContain("--json");
    }
  });

  it("gives a token as JSON", async ({ expect }) => {
    const { stdout } = await command("cli/token", "--org", "1", "--sub", "anna", "--role", "admin", "--json");
    expect(Object.keys(JSON.parse(stdout))).toEqual(["token"]);
  });
});
