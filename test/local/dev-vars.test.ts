import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { LOCAL_PORTS, loadDevVars } from "../../src/local/dev-vars.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("the local secrets", () => {
  it("are generated once, readable only by their owner, and stay the same", async ({ expect }) => {
    const path = join(await temporaryFolder(), ".dev.vars");
    const first = await loadDevVars(path, LOCAL_PORTS);
    expect(first).toMatchObject({
      DATABASE_URL: "postgres://postgres:local@127.0.0.1:8789/waba",
      META_APP_SECRET: "local-app-secret",
      WABA_VERIFY_TOKEN: "local-verify-token",
      WABA_ACCESS_TOKEN: expect.stringMatching(/^EAA/),
      GRAPH_BASE_URL: "http://127.0.0.1:8788",
    });
    for (const name of ["TOKEN_SEALING_KEY", "SIGNING_KEY"]) {
      expect(Buffer.from(first[name] ?? "", "base64")).toHaveLength(32);
    }
    expect(first.SIGNING_KEY).not.toBe(first.TOKEN_SEALING_KEY);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await loadDevVars(path, LOCAL_PORTS)).toEqual(first);
  });

  it("keep a developer's values, and get only the missing ones", async ({ expect }) => {
    const path = join(await temporaryFolder(), ".dev.vars");
    const written = "# mine\nMETA_APP_SECRET=other # a note\nEXTRA='a b'";
    await writeFile(path, written);
    const vars = await loadDevVars(path, LOCAL_PORTS);
    expect(vars).toMatchObject({
      META_APP_SECRET: "other",
      EXTRA: "a b",
      WABA_VERIFY_TOKEN: "local-verify-token",
    });
    expect((await readFile(path, "utf8")).startsWith(`${written}\n`)).toBe(true);
  });

  it("are refused when the secret of tokens is too short, and the file stays as it is", async ({
    expect,
  }) => {
    const path = join(await temporaryFolder(), ".dev.vars");
    await writeFile(path, `JWT_SECRET=${"x".repeat(31)}\n`);
    await expect(loadDevVars(path, LOCAL_PORTS)).rejects.toThrow(/JWT_SECRET in .* is shorter than 32 bytes/);
    expect(await readFile(path, "utf8")).toBe(`JWT_SECRET=${"x".repeat(31)}\n`);
    await writeFile(path, `JWT_SECRET=${"x".repeat(32)}\n`);
    expect(await loadDevVars(path, LOCAL_PORTS)).toMatchObject({ JWT_SECRET: "x".repeat(32) });
  });

  it("differ from one machine to the next", async ({ expect }) => {
    const folder = await temporaryFolder();
    const one = await loadDevVars(join(folder, "one"), LOCAL_PORTS);
    const two = await loadDevVars(join(folder, "two"), LOCAL_PORTS);
    expect(one.JWT_SECRET).not.toBe(two.JWT_SECRET);
  });
});
