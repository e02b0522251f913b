import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, it } from "vitest";
import { describeTakenPorts, findListener, freePort } from "../../src/local/ports.ts";

describe("the check of ports", () => {
  it("names the program and the pid for every port that is in use, and no free ports", async ({ expect }) => {
    const script =
      "require('net').createServer().listen(0,'127.0.0.1',function(){console.log(this.address().port)})";
    const other = spawn(process.execPath, ["-e", script]);
    const [line] = await once(other.stdout, "data");
    const taken = Number(line);
    const free = await freePort();
    try {
      expect(await describeTakenPorts([free, taken])).toEqual([
        `port ${taken} is taken by node (pid ${other.pid})`,
      ]);
    } finally {
      other.kill("SIGKILL");
    }
  });

  it("sees a listener on all addresses, which would shadow ours", async ({ expect }) => {
    const server = createServer().listen(0, "0.0.0.0");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await describeTakenPorts([port])).toHaveLength(1);
    expect((await findListener(port))?.pid).toBe(process.pid);
    server.close();
  });

  it("finds no listener on a free port", async ({ expect }) => {
    expect(await findListener(await freePort())).toBeNull();
  });
});
