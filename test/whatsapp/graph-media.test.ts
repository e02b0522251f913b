import { describe, it } from "vitest";
import { graphMedia } from "../../src/whatsapp/graph-media.ts";

type Seen = { url: string; authorization: string | null; redirect: string | undefined };

/** Meta's side: answers each call by the next of these, and keeps what it saw. */
function metaAnswering(...answers: Response[]) {
  const seen: Seen[] = [];
  const client = graphMedia({
    baseUrl: "https://graph.facebook.com",
    version: "v25.0",
    token: "EAAsecret",
    timeoutMs: 1_000,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      seen.push({
        url: String(input),
        authorization: headers.get("authorization"),
        redirect: init?.redirect,
      });
      const answer = answers.shift();
      if (!answer) throw new Error("nobody should have called again");
      return answer;
    },
  });
  return { client, seen };
}

const LOOKASIDE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2";
const redirectTo = (location: string) => new Response(null, { status: 302, headers: { location } });

describe("the address of a file", () => {
  it.for([LOOKASIDE, "https://graph.facebook.com/v25.0/1", "https://LOOKASIDE.fbsbx.com:443/x"])(
    "S6: %s is called, with the token, and its redirects are not followed blindly",
    async (url, { expect }) => {
      const { client, seen } = metaAnswering(
        new Response("bytes", { headers: { "content-type": "image/png" } }),
      );
      expect(await client.openMedia(url, 1_000)).toMatchObject({ kind: "open", mimeType: "image/png" });
      expect(seen).toMatchObject([{ authorization: "Bearer EAAsecret", redirect: "manual" }]);
    },
  );

  it.for([
    "http://lookaside.fbsbx.com/x",
    "https://lookaside.fbsbx.com.evil.test/x",
    "https://lookaside.fbsbx.com@evil.test/x",
    "https://user:pass@lookaside.fbsbx.com/x",
    "https://evil-lookaside.fbsbx.com/x",
    "https://lookaside.fbsbx.com:8443/x",
    "https://facebook.com/x",
    "http://127.0.0.1/x",
    "http://[::1]/x",
    "http://169.254.169.254/latest/meta-data",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "file:///etc/passwd",
    "data:text/plain,x",
    "//lookaside.fbsbx.com/x",
    "",
    "not an address",
  ])("S6: %s is not called at all", async (url, { expect }) => {
    const { client, seen } = metaAnswering();
    expect(await client.openMedia(url, 1_000)).toEqual({ kind: "elsewhere" });
    expect(seen).toEqual([]);
  });

  it.for([
    "https://evil.test/",
    "http://127.0.0.1/",
    "//evil.test/",
    "https://lookaside.fbsbx.com@evil.test/",
    "",
  ])("S6: that redirects to %j is left there", async (location, { expect }) => {
    const { client, seen } = metaAnswering(redirectTo(location), redirectTo(location));
    expect(await client.openMedia(LOOKASIDE, 1_000)).toEqual({ kind: "elsewhere" });
    expect(seen.every(({ url }) => new URL(url).host === "lookaside.fbsbx.com")).toBe(true);
  });

  it("may lead one hop on, to a host of Meta's", async ({ expect }) => {
    const { client, seen } = metaAnswering(
      redirectTo("https://graph.facebook.com/file"),
      new Response("bytes"),
    );
    expect(await client.openMedia(LOOKASIDE, 1_000)).toMatchObject({ kind: "open" });
    expect(seen.map(({ url }) => url)).toEqual([LOOKASIDE, "https://graph.facebook.com/file"]);
  });

  it.for([
    [404, "gone"],
    [410, "gone"],
    [401, "forbidden"],
    [403, "forbidden"],
    [429, "trouble"],
    [500, "trouble"],
    [204, "trouble"],
    [206, "trouble"],
  ] as const)("that answers %i is %s", async ([status, kind], { expect }) => {
    const { client } = metaAnswering(new Response(status === 204 ? null : "x", { status }));
    expect(await client.openMedia(LOOKASIDE, 1_000)).toEqual({ kind });
  });
});

describe("Graph's description of a file", () => {
  it.for([
    [{ url: LOOKASIDE, mime_type: "image/png", sha256: "ab", file_size: 5 }, ["image/png", "ab", 5]],
    [{ url: LOOKASIDE, file_size: "5" }, [null, null, 5]],
    [{ url: LOOKASIDE, mime_type: "x\r\ny", sha256: 1, file_size: -1 }, [null, null, null]],
    [{ url: LOOKASIDE, mime_type: "audio/ogg; codecs=opus" }, ["audio/ogg; codecs=opus", null, null]],
  ] as const)("%o is read as %o", async ([answer, [mimeType, sha256, sizeBytes]], { expect }) => {
    const { client, seen } = metaAnswering(Response.json(answer));
    expect(await client.mediaFacts("12", "34")).toEqual({ url: LOOKASIDE, mimeType, sha256, sizeBytes });
    expect(seen[0]?.url).toBe("https://graph.facebook.com/v25.0/12?phone_number_id=34");
  });

  it("needs an address", async ({ expect }) => {
    const { client } = metaAnswering(Response.json({ id: "12" }));
    await expect(client.mediaFacts("12", "34")).rejects.toThrow("no address");
  });
});
