import { describe, it } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import { previewOf, toFrameMessage, toPreview } from "../../src/domain/truncated-message.ts";

describe("a preview", () => {
  it.for([
    { title: "a short text", text: "Hi", preview: "Hi" },
    { title: "300 letters", text: "ж".repeat(300), preview: "ж".repeat(300) },
    { title: "301 letters", text: "ж".repeat(301), preview: `${"ж".repeat(300)}…` },
    { title: "300 emoji", text: "👍".repeat(300), preview: "👍".repeat(300) },
    { title: "301 emoji", text: "👍".repeat(301), preview: `${"👍".repeat(300)}…` },
    { title: "an emoji at the end", text: `${"x".repeat(299)}👍👍`, preview: `${"x".repeat(299)}👍…` },
    { title: "a pair split at its limit", text: `x${"👍".repeat(299)}yy`, preview: `x${"👍".repeat(299)}…` },
  ])("of $title", ({ text, preview }, { expect }) => {
    expect(previewOf(text)).toBe(preview);
    expect(toPreview(aMessage(text))).toEqual({
      ...aMessage(preview),
      ...(preview !== text && { isTruncated: true }),
    });
  });

  it("leaves out a content that is larger than 4 KB", ({ expect }) => {
    const order = (note: string) => ({ kind: "order", note }) as never;
    expect(toPreview(aMessage("Order", order("x".repeat(2_000))))).not.toHaveProperty("isTruncated");
    expect(toPreview(aMessage("Order", order("ж".repeat(2_050))))).toMatchObject({
      body: "Order",
      content: null,
      isTruncated: true,
    });
  });
});

describe("a frame", () => {
  it.for([
    { title: "16 KB of ASCII", body: "x".repeat(16_384), cut: "x".repeat(16_384) },
    { title: "a byte more", body: "x".repeat(16_385), cut: `${"x".repeat(16_384)}…` },
    { title: "16 KB of Cyrillic", body: "ж".repeat(8_192), cut: "ж".repeat(8_192) },
    { title: "an emoji on the border", body: `${"x".repeat(16_382)}👍`, cut: `${"x".repeat(16_382)}…` },
  ])("with $title", ({ body, cut }, { expect }) => {
    expect(toFrameMessage(aMessage(body)).body).toBe(cut);
  });
});

function aMessage(body: string, content: Message["content"] = null): Message {
  return { id: 1, chatId: 1, body, content } as Message;
}
