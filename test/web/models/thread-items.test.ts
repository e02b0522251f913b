import { describe, it } from "vitest";
import type { Activity } from "../../../src/domain/activity.ts";
import type { Message } from "../../../src/domain/message.ts";
import { type Unsent, withoutRows } from "../../../src/web/models/outbox.ts";
import { firstUnread, threadItems, writtenFrom } from "../../../src/web/models/thread-items.ts";

const at = (minute: number) => new Date(2026, 10, 28, 12, minute).toISOString();
// Of a message the rows look at nothing else.
const message = (id: number, more: Partial<Message> = {}) =>
  ({
    id,
    fromMe: false,
    isHistory: false,
    agentId: null,
    idempotencyKey: null,
    createdAt: at(id),
    ...more,
  }) as Message;
const activity = (minute: number) => ({ seq: minute, createdAt: at(minute) }) as Activity;
const whole = { notes: [], hasOlder: false, hasNewer: false };

describe("the rows of a thread", () => {
  it("have what agents did between the messages, as far as these are loaded (UI-19)", ({ expect }) => {
    const messages = [message(10), message(20)];
    const activities = [activity(5), activity(15), activity(25)];
    const keys = (part: { hasOlder?: boolean; hasNewer?: boolean }) =>
      threadItems({ messages, activities, ...whole, ...part }, [], null)
        .filter(({ kind }) => kind !== "day")
        .map(({ key }) => key);
    expect(keys({})).toEqual(["activity 5", "message 10", "activity 15", "message 20", "activity 25"]);
    expect(keys({ hasOlder: true })).toEqual(["message 10", "activity 15", "message 20", "activity 25"]);
    expect(keys({ hasNewer: true })).toEqual(["activity 5", "message 10", "activity 15", "message 20"]);
  });

  it("have no row above the first that is loaded, which an older page would take away (UI-23)", ({
    expect,
  }) => {
    const messages = [message(10), message(20)];
    const rows = (hasOlder: boolean) =>
      threadItems({ messages, activities: [], ...whole, hasOlder }, [], null).map((row) => [
        row.kind,
        row.kind === "message" && row.isFirst,
      ]);
    expect(rows(false)).toEqual([
      ["day", false],
      ["message", true],
      ["message", true],
    ]);
    expect(rows(true)).toEqual([
      ["message", false],
      ["message", true],
    ]);
  });

  it("divide what was unread from what was read", ({ expect }) => {
    const messages = [message(1), message(2, { fromMe: true }), message(3), message(4)];
    expect(firstUnread(messages, 2)).toEqual({ firstId: 3, count: 2 });
    expect(firstUnread(messages, 0)).toBeNull();
    expect(firstUnread([], 3)).toBeNull();
    expect(firstUnread(messages, 9)).toEqual({ firstId: 1, count: 9 });
    const withNotice = [...messages, message(5, { messageType: "system" })];
    expect(firstUnread(withNotice, 2)).toEqual({ firstId: 3, count: 2 });
  });

  it("have a message once, whichever of its answer and its event comes first (UI-06)", ({ expect }) => {
    const unsent = { key: "k", messageId: null } as Unsent;
    expect(withoutRows([unsent], [message(1)])).toEqual([unsent]);
    expect(withoutRows([unsent], [message(1, { idempotencyKey: "k" })])).toEqual([]);
    expect(withoutRows([{ ...unsent, messageId: 7 }], [message(7)])).toEqual([]);
    expect(withoutRows([{ ...unsent, messageId: 8 }], [message(7)])).toHaveLength(1);
  });

  it("have the keys stop at what somebody wrote (UI-25)", ({ expect }) => {
    const unsent = { key: "k", messageId: null } as Unsent;
    const part = { messages: [message(10)], activities: [activity(5), activity(15)], ...whole };
    const rows = threadItems(part, [unsent], { firstId: 10, count: 1 });
    expect(rows.map(({ kind }) => kind)).toEqual([
      "activity",
      "day",
      "unread",
      "message",
      "activity",
      "unsent",
    ]);
    expect([writtenFrom(rows, 0, 1), writtenFrom(rows, 4, 1), writtenFrom(rows, 6, 1)]).toEqual([3, 5, -1]);
    expect([writtenFrom(rows, 5, -1), writtenFrom(rows, 4, -1), writtenFrom(rows, 2, -1)]).toEqual([
      5, 3, -1,
    ]);
  });
});
