import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { jwtVerify } from "jose";
import { describe, it } from "vitest";
import { makeToken } from "../../../src/local/cli/token.ts";

const COMMAND = join(import.meta.dirname, "../../../src/local/cli/token.ts");
const now = new Date("2026-11-22T12:00:00Z");
const secret = "a secret of at least thirty-two bytes";
const read = (token: string) => jwtVerify(token, new TextEncoder().encode(secret), { currentDate: now });
const make = (args: string, more = {}) => makeToken(args.split(" "), { JWT_SECRET: secret, ...more }, now);

describe("the token command", () => {
  it("signs what the Worker expects: the agent, an integer organization, a role, twelve hours", async ({
    expect,
  }) => {
    const { payload, protectedHeader } = await read(await make("--org 1 --sub anna --role admin"));
    expect(protectedHeader.alg).toBe("HS256");
    const iat = now.getTime() / 1000;
    const claims = { sub: "anna", organizationId: 1, role: "admin", name: "anna", iat, exp: iat + 12 * 3600 };
    expect(payload).toEqual(claims);
  });

  it("signs with no secret that the Worker refuses", async ({ expect }) => {
    const short = { JWT_SECRET: "x".repeat(31) };
    await expect(make("--org 1 --sub anna --role admin", short)).rejects.toThrow("shorter than 32 bytes");
  });

  it("accepts a name and a lifetime, and uses the configured issuer and audience", async ({ expect }) => {
    const token = await make("--org 2 --sub oleg --role agent --name Oleg --ttl 30m", {
      JWT_ISSUER: "https://id.example",
      JWT_AUDIENCE: "waba",
    });
    const { payload } = await read(token);
    const exp = now.getTime() / 1000 + 30 * 60;
    expect(payload).toMatchObject({ name: "Oleg", iss: "https://id.example", aud: "waba", exp });
  });

  it.for([
    ["--sub anna --role admin", "--org"],
    ["--org one --sub anna --role admin", "--org"],
    ["--org 0 --sub anna --role admin", "--org"],
    ["--org 1 --role admin", "--sub"],
    ["--org 1 --sub anna", "--role"],
    ["--org 1 --sub anna --role boss", "--role"],
    ["--org 1 --sub anna --role admin --ttl soon", "--ttl"],
    ["--org 1 --sub anna --role admin --ttl 0h", "--ttl"],
    ["--org 1 --sub anna --role admin --colour red", "--colour"],
  ])("refuses %s and names %s", async ([args = "", name = ""], { expect }) => {
    await expect(make(args)).rejects.toThrow(name);
  });

  it("explains what to do when there is no secret yet", async ({ expect }) => {
    await expect(makeToken(["--org", "1", "--sub", "anna", "--role", "admin"], {}, now)).rejects.toThrow(
      "npm run dev",
    );
  });

  it("prints the token and nothing else, or a message on the error output and exit code 1", ({ expect }) => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [COMMAND, ...args], {
        encoding: "utf8",
        env: { ...process.env, JWT_SECRET: secret },
      });
    const good = run("--org", "1", "--sub", "anna", "--role", "admin");
    expect([good.status, good.stderr]).toEqual([0, ""]);
    expect(good.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const bad = run("--org", "1", "--sub", "anna", "--role", "boss");
    expect([bad.status, bad.stdout, bad.stderr]).toEqual([1, "", "--role must be agent or admin.\n"]);
  });
});
