import { describe, it } from "vitest";
import type { Message } from "../../../src/domain/message.ts";
import { spokenNews } from "../../../src/web/models/spoken-news.ts";
import { stringsOf } from "../../../src/web/strings/strings.ts";

const aMessage = (body: string) =>
  ({ messageType: "text", body, fromMe: false, revokedAt: null, content: null }) as Message;

describe("what a screen reader says of messages that came (UI-28)", () => {
  it.for<["en" | "ru", string[], string]>([
    ["en", [], ""],
    ["en", ["Is it ready?"], "Is it ready?"],
    ["en", ["One", "Two"], "2 new messages"],
    ["ru", ["Раз", "Два", "Три", "Четыре", "Пять"], "5 новых сообщений"],
    ["en", ["a".repeat(500)], "a".repeat(200)],
  ])("in %s of %j is %j", ([language, bodies, expected], { expect }) => {
    expect(spokenNews(bodies.map(aMessage), stringsOf(language))).toBe(expected);
  });
});
