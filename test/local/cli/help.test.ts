import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";

const run = promisify(execFile);
const command = (name: string, ...args: string[]) =>
  run(process.execPath, [join(import.meta.dirname, `../../../src/local/cli/${name}.ts`), ...args], {
    env: { ...process.env, JWT_SECRET: "a secret of at least thirty-two bytes" },
  });

describe("every command", { timeout: 60_000 }, () => {
  it("shows its options and examples", async ({ expect }) => {
    for (const name of ["doctor", "listen", "replay", "token", "trigger"]) {
      const { stdout } = await command(name, "--help");
      expect(stdout).toMatch(new RegExp(`npm run (--silent )?${name} -- --?\\w+|npm run ${name} -- \\w+`));
      expect(stdout).toContain("--json");
    }
  });

  it("gives a token as JSON", async ({ expect }) => {
    const { stdout } = await command("token", "--org", "1", "--sub", "anna", "--role", "admin", "--json");
    expect(Object.keys(JSON.parse(stdout))).toEqual(["token"]);
  });
});
