import { describe, it } from "vitest";
import { parseChallenge, sameSecret } from "../../src/whatsapp/challenge.ts";

const right = "hub.mode=subscribe&hub.verify_token=token&hub.challenge=1158201444";

describe("Meta's challenge", () => {
  it("is read, markup and all", ({ expect }) => {
    expect(parseChallenge(new URLSearchParams(right))).toEqual({
      verifyToken: "token",
      challenge: "1158201444",
    });
    const html = right.replace("1158201444", encodeURIComponent("<b>1</b>"));
    expect(parseChallenge(new URLSearchParams(html))?.challenge).toBe("<b>1</b>");
    expect(parseChallenge(new URLSearchParams(right.replace("1158201444", "1".repeat(1024))))).not.toBeNull();
  });

  it.for([
    "",
    right.replace("subscribe", "unsubscribe"),
    right.replace("hub.mode=subscribe&", ""),
    right.replace("&hub.challenge=1158201444", ""),
    right.replace("1158201444", ""),
    right.replace("=token", "="),
    right.replace("hub.verify_token=token&", ""),
    right.replace("hub.", "hub_"),
    `${right}&hub.challenge=1158201444`,
    `${right}&hub.verify_token=token`,
    `${right}&hub.mode=subscribe`,
    right.replace("1158201444", "1".repeat(1025)),
  ])("is none in %s", (query, { expect }) => {
    expect(parseChallenge(new URLSearchParams(query))).toBeNull();
  });
});

describe("two secrets", () => {
  it("are the same only when they are, and never when nobody has set them", async ({ expect }) => {
    expect(await sameSecret("token", "token")).toBe(true);
    expect(await sameSecret("token", "tokem")).toBe(false);
    expect(await sameSecret("token", "token ")).toBe(false);
    expect(await sameSecret("", "")).toBe(false);
  });
});
