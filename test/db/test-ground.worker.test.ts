import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

describe("the ground that tests stand on", () => {
  it("answers as the Graph API", async ({ expect }) => {
    await expect(fetch(env.GRAPH_BASE_URL)).resolves.toMatchObject({ status: 200 });
  });

  it("lets no call out to another host, by name or by address", async ({ expect }) => {
    for (const host of ["graph.facebook.com", "192.0.2.1", "localhost", "127.0.0.2"]) {
      await expect(fetch(`http://${host}/`)).rejects.toThrow(`this machine alone, not ${host}`);
    }
  });

  it("makes a failed call of a connection that is refused, as production does", async ({ expect }) => {
    // Port 9 (discard) is closed on a machine that runs tests.
    await expect(fetch("http://127.0.0.1:9/")).rejects.toThrow("Network connection lost");
  });
});
