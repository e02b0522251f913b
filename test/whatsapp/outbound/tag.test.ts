import { describe, it } from "vitest";
import { formatTag, parseTag } from "../../../src/whatsapp/outbound/tag.ts";

describe("our tag", () => {
  it("is read back", ({ expect }) => {
    expect(parseTag(formatTag("k3f9", 42))).toEqual({ epoch: "k3f9", messageId: 42 });
  });

  it.for([
    "",
    "42",
    ".42",
    "k3f9.",
    "k3f9.0",
    "k3f9.042",
    "k3f9.4x",
    "k3f9.9007199254740993",
    "k3f9.4.2",
    "k3f9.-4",
    "k3f9.42\n",
  ])("is not %j", (tag, { expect }) => {
    expect(parseTag(tag)).toBeNull();
  });
});
