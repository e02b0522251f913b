import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { neonConfig } from "@neondatabase/serverless";
import { describe, inject, it, vi } from "vitest";
import { endWhatIsLeft } from "../support/shared-runtime.ts";

describe("the test environment", () => {
  it("begins each file without what those before have left in the runtime", async ({ expect }) => {
    const { log } = console;
    const left = () => env.INTAKE.getByName("left");
    await runInDurableObject(left(), (_, { storage }) => storage.put("left", true));
    vi.useFakeTimers({ now: 0 });
    vi.spyOn(console, "log");
    vi.stubGlobal("fetch", null);
    neonConfig.fetchFunction = () => undefined;

    await endWhatIsLeft();

    expect(await runInDurableObject(left(), (_, { storage }) => storage.get("left"))).toBeUndefined();
    expect(Date.now()).toBeGreaterThan(0);
    expect(console.log).toBe(log);
    expect(fetch).toBeTypeOf("function");
    expect(neonConfig.fetchFunction).toBeUndefined();
  });

  it("answers as the Graph API", async ({ expect }) => {
    await expect(fetch(inject("graphUrl"))).resolves.toMatchObject({ status: 200 });
  });

  it("blocks calls to other hosts, by name or by address", async ({ expect }) => {
    for (const host of ["graph.facebook.com", "192.0.2.1", "localhost", "127.0.0.2"]) {
      await expect(fetch(`http://${host}/`)).rejects.toThrow(`this machine alone, not ${host}`);
    }
  });

  it("fails a call whose connection is refused, as production does", async ({ expect }) => {
    // Port 9 (discard) is closed on a machine that runs tests.
    await expect(fetch("http://127.0.0.1:9/")).rejects.toThrow("Network connection lost");
  });
});
