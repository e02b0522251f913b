import { describe, it } from "vitest";
import type { Message } from "../../../src/domain/message.ts";
import type { Unsent } from "../../../src/web/models/outbox.ts";
import { newFailures, newRefusals, spokenFailures, spokenNews } from "../../../src/web/models/spoken-news.ts";
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

describe("what a screen reader says of messages that failed (UI-07, UI-28)", () => {
  const ours = (id: number, status: Message["status"], more: Partial<Message> = {}): Message => ({
    ...aMessage(`Answer ${id}`),
    ...{ id, seq: id, fromMe: true, status, error: null, ...more },
  });
  const chatOf = (seq: number, ...messages: Message[]) => ({ seq, messages, unsent: [] });
  const unsent = (key: string, state: Unsent["state"], code = "window_closed") => {
    const problem = state === "refused" ? { code, detail: "Too late.", head: null, unseen: [] } : null;
    return { key, state, shown: `Answer ${key}`, problem } as Unsent;
  };
  const discarded = {
    code: "discarded",
    title: "",
    advice: "",
    metaCode: null,
    detail: null,
    fbtraceId: null,
  };

  it.for<[string, Message[], Message[], number[]]>([
    ["one that failed", [ours(1, "sent"), ours(2, "failed")], [ours(1, "failed"), ours(2, "failed")], [1]],
    ["one that comes as failed", [ours(9, "sent")], [ours(9, "sent"), ours(10, "failed")], [10]],
    ["an older page", [ours(9, "sent")], [ours(1, "failed"), ours(9, "sent")], []],
    ["one that came", [ours(1, "sent")], [ours(1, "sent"), ours(10, "failed", { fromMe: false })], []],
    ["one that is given up", [ours(1, "unknown")], [ours(1, "failed", { error: discarded })], []],
  ])("%s", ([, before, now, ids], { expect }) => {
    expect(newFailures(chatOf(9, ...before), chatOf(10, ...now)).map(({ id }) => id)).toEqual(ids);
  });

  it.for<["en" | "ru", number, string]>([
    ["en", 0, ""],
    ["en", 1, "Not sent. Answer 0"],
    ["en", 2, "2 messages were not sent"],
    ["ru", 1, "Не отправлено. Answer 0"],
    ["ru", 3, "3 сообщения не отправлены"],
    ["ru", 5, "5 сообщений не отправлено"],
  ])("in %s of %i is %j", ([language, count, expected], { expect }) => {
    const failed = Array.from({ length: count }, (_, id) => ours(id, "failed"));
    expect(spokenFailures(failed, [], stringsOf(language), language)).toBe(expected);
  });

  it("names those that the server refuses, once", ({ expect }) => {
    const before = { seq: 9, messages: [], unsent: [unsent("a", "refused"), unsent("b", "sending")] };
    const now = [
      unsent("a", "refused"),
      unsent("b", "refused"),
      unsent("c", "sending"),
      unsent("d", "refused", "chat_moved_on"),
    ];
    const refused = newRefusals(before, { ...before, unsent: now });
    expect(refused.map(({ key }) => key)).toEqual(["b"]);
    const strings = stringsOf("en");
    expect(spokenFailures([], refused, strings, "en")).toBe(
      `Not sent. Answer b. ${strings.composer.closedTitle}.`,
    );
    expect(spokenFailures([ours(1, "failed")], refused, strings, "en")).toBe("2 messages were not sent");
  });
});
