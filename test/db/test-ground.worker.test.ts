import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

describe("the test environment", () => {
  it("answers as the Graph API", async ({ expect }) => {
    await expect(fetch(env.GRAPH_BASE_URL)).resolves.toMatchObject({ status: 200 });
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
