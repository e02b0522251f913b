import { describe, it } from "vitest";
import { previewText } from "../../../src/web/models/preview-text.ts";
import { formatLeft } from "../../../src/web/models/service-window.ts";
import { stringsOf } from "../../../src/web/strings/strings.ts";

describe("the preview of a message in the list", () => {
  it.for<[string, string, boolean, string | null, string]>([
    ["text", "Hello", false, null, "Hello"],
    ["text", "[not a placeholder]", false, null, "[not a placeholder]"],
    ["image", "Is it this one?", false, null, "📷 Is it this one?"],
    ["image", "[image]", false, null, "📷 Photo"],
    ["audio", "[voice message]", true, null, "🎤 Audio"],
    ["document", "invoice.pdf", false, null, "📄 invoice.pdf"],
    ["sticker", "[sticker]", false, null, "🌟 Sticker"],
    ["location", "📍 Office", false, null, "📍 Office"],
    ["image", "[deleted]", false, "2026-11-29T05:00:00.000Z", "Deleted by the customer"],
    ["poll", "[poll]", false, null, "[poll]"],
  ])(
    "%s %j (from us: %j, deleted: %j) is %j",
    ([messageType, body, fromMe, revokedAt, expected], { expect }) => {
      expect(previewText({ messageType, body, fromMe, revokedAt }, stringsOf("en").inbox)).toBe(expected);
    },
  );
});

describe("the time left of a window", () => {
  it.for<[number, string]>([
    [24 * 60, "24 h"],
    [91, "1 h"],
    [90, "90 min"],
    [0.2, "1 min"],
  ])("of %d minutes is %s", ([minutes, expected], { expect }) => {
    expect(formatLeft(minutes * 60_000, stringsOf("en").inbox)).toBe(expected);
  });
});
