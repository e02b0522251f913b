import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, type ExpectStatic, it, onTestFinished } from "vitest";
import { findListener } from "../../src/local/ports.ts";
import {
  buildSmallWorker,
  checkout,
  giveCluster,
  killGroup,
  livingInGroup,
  start,
  WORKER,
} from "./small-checkout.ts";

const LIMIT_MS = 300_000;
// A busy disk keeps Postgres from its recovery for a minute.
const patient = { timeout: 120_000, interval: 100 };

const ends: (() => void | Promise<void>)[] = [];
const onEnd = (work: () => void | Promise<void>) => void ends.unshift(work);

afterAll(async () => {
  for (const end of ends) await end();
});

let builtDir: string;

beforeAll(async () => {
  builtDir = await buildSmallWorker(onEnd);
}, LIMIT_MS);

describe("local mode", { timeout: LIMIT_MS }, () => {
  it("starts every part, keeps data over a restart, and deletes it with --fresh", async ({ expect }) => {
    const place = await checkout();
    const { ports } = place;
    const visit = async () => (await fetch(`http://127.0.0.1:${ports.worker}/`)).json();
    const expectNoListeners = async () => {
      const holders = await Promise.all(Object.values(ports).map(findListener));
      expect(holders).toEqual([null, null, null, null]);
    };
    const stop = async (node: ChildProcess, signal: NodeJS.Signals) => {
      node.kill(signal);
      expect(await once(node, "exit")).toEqual([0, null]);
      await expectNoListeners();
    };

    const first = start(place, { builtDir });
    await expect.poll(() => first.lines, patient).toContain("ready");
    expect(await visit()).toMatchObject({ visits: 1, variable: "from the file", secret: "local-app-secret" });
    expect(first.lines).toContain("📥 WABA: A request");
    const client = new pg.Client(`postgres://postgres:x@127.0.0.1:${ports.postgres}/waba`);
    await client.connect();
    const { rows } = await client.query('select sub from "Agent" order by sub');
    await client.end();
    expect(rows).toEqual([{ sub: "anna" }, { sub: "oleg" }]);
    expect((await fetch(`http://127.0.0.1:${ports.simulator}/simulator/requests`)).status).toBe(200);
    const cron = await fetch(`http://127.0.0.1:${ports.worker}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
    expect(cron.status).toBe(200);
    await expect.poll(() => first.lines, patient).toContain("cron * * * * *");
    await stop(first.node, "SIGINT");

    const second = start(place, { builtDir });
    await expect.poll(() => second.lines, patient).toContain("ready");
    expect(await visit()).toMatchObject({ visits: 2 });
    await stop(second.node, "SIGTERM");

    const third = start(place, { builtDir, fresh: true });
    await expect.poll(() => third.lines, patient).toContain("ready");
    expect(await visit()).toMatchObject({ visits: 1 });
    await shutDownGroup(third.node, "SIGTERM", expect);
    await expectNoListeners();
  });

  it("starts nothing while a port is taken", async ({ expect }) => {
    const place = await checkout();
    const squatter = createServer().listen(place.ports.simulator, "127.0.0.1");
    await once(squatter, "listening");
    onTestFinished(() => void squatter.close());
    const { node, lines } = start(place, { builtDir });
    expect(await once(node, "exit")).toEqual([1, null]);
    expect(lines[0]).toBe(`port ${place.ports.simulator} is taken by node (pid ${process.pid})`);
    await expect(readFile(join(place.root, ".dev.vars"))).rejects.toThrow("ENOENT");
  });
});

// One after the other, since each start takes seconds.
describe("local mode whose first run was killed", { timeout: LIMIT_MS }, () => {
  let place: Awaited<ReturnType<typeof checkout>>;
  let node: ChildProcess;
  let lines: string[];

  it("cleans up after a killed run, but not after one that is alive", async ({ expect }) => {
    place = await checkout(onEnd);
    await giveCluster(place);
    const first = start(place, { builtDir });
    await expect.poll(() => first.lines, patient).toContain("ready");
    const rival = start(place, { builtDir });
    expect(await once(rival.node, "exit")).toEqual([1, null]);
    const postgres = await findListener(place.ports.postgres);
    const workerd = await findListener(place.ports.worker);
    expect(rival.lines.slice(0, 4).sort()).toEqual(
      [
        `port ${place.ports.worker} is taken by workerd (pid ${workerd?.pid})`,
        `port ${place.ports.simulator} is taken by node (pid ${first.node.pid})`,
        `port ${place.ports.neon} is taken by node (pid ${first.node.pid})`,
        `port ${place.ports.postgres} is taken by postgres (pid ${postgres?.pid})`,
      ].sort(),
    );
    expect((await fetch(`http://127.0.0.1:${place.ports.worker}/`)).status).toBe(200);

    first.node.kill("SIGKILL");
    await once(first.node, "exit");
    expect(await findListener(place.ports.postgres)).toEqual(postgres);
    ({ node, lines } = start(place, { watchDir: join(place.root, "src") }, onEnd));
    await expect.poll(() => lines, patient).toContain("ready");
    expect((await fetch(`http://127.0.0.1:${place.ports.worker}/`)).status).toBe(200);
  });

  it("restarts Postgres and the Worker when they are killed", async ({ expect }) => {
    for (const port of [place.ports.postgres, place.ports.worker]) {
      const before = await findListener(port);
      // Process 0 would be this one and all that it has started.
      if (!before) throw new Error(`nothing listens on ${port}`);
      process.kill(before.pid, "SIGKILL");
      await expect
        .poll(async () => (await findListener(port))?.pid ?? before.pid, patient)
        .not.toBe(before.pid);
    }
    expect(lines).toContain("Postgres exited (SIGKILL), restarting it.");
    await expect.poll(() => lines, patient).toContain("workerd exited, restarted it.");
    expect((await fetch(`http://127.0.0.1:${place.ports.worker}/`)).status).toBe(200);
  });

  it("rebuilds the Worker when a source changes, and keeps the old one while the build fails", async ({
    expect,
  }) => {
    const source = join(place.root, "src/index.ts");
    const version = async () =>
      (await (await fetch(`http://127.0.0.1:${place.ports.worker}/`)).json()).version;

    await writeFile(source, "export default {");
    await expect.poll(() => lines.some((line) => line.includes("does not build")), patient).toBe(true);
    expect(await version()).toBe(1);
    await writeFile(source, WORKER.replace("version: 1", "version: 2"));
    await expect.poll(() => lines, patient).toContain("The Worker was rebuilt.");
    await expect.poll(version, patient).toBe(2);
  });

  it("shuts down in order when the whole process group gets the signal", async ({ expect }) => {
    await shutDownGroup(node, "SIGINT", expect);
  });
});

/** As a terminal does with ^C. */
async function shutDownGroup(node: ChildProcess, signal: NodeJS.Signals, expect: ExpectStatic) {
  expect(livingInGroup(node)).toHaveLength(3);
  killGroup(node, signal);
  expect(await once(node, "exit")).toEqual([0, null]);
  expect(livingInGroup(node)).toEqual([]);
}
