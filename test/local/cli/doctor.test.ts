import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { readOptions } from "../../../src/local/cli/doctor-options.ts";

const COMMAND = join(import.meta.dirname, "../../../src/local/cli/doctor.ts");

/** Something that answers, but is no Worker of ours: what the doctor says then needs neither database nor Worker. */
let otherServer: Server;
let url = "";

beforeAll(async () => {
  otherServer = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  );
  await new Promise<void>((resolve) => otherServer.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(otherServer.address() as AddressInfo).port}`;
});
afterAll(() => otherServer.close());

/** Not spawnSync: the other server answers in this process. */
function run(args: string[], env: NodeJS.Dict<string> = {}) {
  return new Promise<{ exitCode: number; out: string; err: string }>((resolve) => {
    const settings = { PATH: process.env.PATH, WABA_DOCTOR_JWT: "a.b.c", ...env };
    execFile(process.execPath, [COMMAND, ...args], { env: settings }, (error, out, err) => {
      resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

describe("the doctor command", () => {
  it("shows examples on --help", async ({ expect }) => {
    const { exitCode, out } = await run(["--help"]);
    expect(exitCode).toBe(0);
    expect(out).toContain("npm run doctor -- --phone 1 --wait 120");
  });

  it.for([
    [["--only", "C05,C99"], "C99"],
    [["--phone", "one"], "--phone"],
    [["--lang", "fr"], "--lang"],
    [["--wait", "0"], "--wait"],
    [["--url", "waba.example.com"], "--url"],
    [["--frobnicate"], "frobnicate"],
  ] as const)("refuses %j, and names it", ([args, named], { expect }) => {
    expect(() => readOptions([...args])).toThrow(named);
  });

  it("exits with 3 where it cannot run", async ({ expect }) => {
    const { exitCode, out, err } = await run(["--only", "C99"]);
    expect([exitCode, out]).toEqual([3, ""]);
    expect(err).toContain("C99");
  });

  it("exits with 1 where a check fails, in plain text without a terminal", async ({ expect }) => {
    const { exitCode, out } = await run(["--url", "http://10.1.2.3"]);
    expect(exitCode).toBe(1);
    expect(out).toContain(
      "✖ C09  Meta cannot reach this address\n       why   http://10.1.2.3 exists on this",
    );
    expect(out).toContain("- C05  skipped, needs C09");
    expect(out).not.toContain("\u001b");
  });

  it("names what answers in the Worker's place, with a token and without", async ({ expect }) => {
    for (const env of [{}, { WABA_DOCTOR_JWT: undefined, JWT_SECRET: "" }]) {
      const { exitCode, out } = await run(["--url", url], env);
      expect(exitCode).toBe(1);
      expect(out).toContain("✖ C10  something else answers in the Worker's place");
    }
  });

  it("writes one JSON object with --json", async ({ expect }) => {
    const { exitCode, out } = await run(["--json", "--lang", "ru", "--url", "http://10.1.2.3"]);
    const { checks } = JSON.parse(out) as { checks: object[] };
    expect(exitCode).toBe(1);
    expect(checks).toHaveLength(15);
    const text = expect.any(String);
    const members = { id: "C09", status: "fail", code: "address_private", title: text, why: text, fix: text };
    expect(checks[0]).toMatchObject({
      ...members,
      docs: "docs/ru/connect.md#c09",
      evidence: { url: "http://10.1.2.3" },
    });
  });
});
