import fc from "fast-check";
import { describe, it } from "vitest";
import type { Activity } from "../../../src/domain/activity.ts";
import type { Chat } from "../../../src/domain/chat.ts";
import type { ChatEvent } from "../../../src/domain/chat-event.ts";
import type { ChatNote } from "../../../src/domain/chat-note.ts";
import type { Message } from "../../../src/domain/message.ts";
import { addPageRows, addRows } from "../../../src/web/models/chat-list.ts";
import {
  addPage,
  applyEvents,
  type ChatState,
  loadedChat,
  withoutOldest,
} from "../../../src/web/models/chat-state.ts";

const START = Date.parse("2026-11-21T12:00:00.000Z");

function aMessage(id: number, more: Partial<Message> = {}): Message {
  return {
    id,
    chatId: 1,
    seq: id,
    wamid: `wamid.${id}`,
    fromMe: false,
    messageType: "text",
    amends: null,
    body: `message ${id}`,
    content: null,
    media: null,
    callFiles: [],
    isHistory: false,
    messageStatus: null,
    status: null,
    error: null,
    payment: null,
    replyToMessageId: null,
    reactions: [],
    editedAt: null,
    revokedAt: null,
    ...{ agentId: null, sentBy: null, idempotencyKey: null },
    createdAt: new Date(START + id * 1000).toISOString(),
    receivedAt: new Date(START + id * 1000).toISOString(),
    ...more,
  };
}

function anActivity(seq: number): Activity {
  return {
    seq,
    kind: "assigned",
    agentId: 1,
    assigneeId: 1,
    previousAssigneeId: null,
    snoozedUntil: null,
    labelId: null,
    createdAt: new Date(START + seq * 1000).toISOString(),
  };
}

function aNote(seq: number): ChatNote {
  const createdAt = new Date(START + seq * 1000).toISOString();
  const never = { editedAt: null, deletedAt: null };
  return { id: seq, chatId: 1, seq, agentId: 1, body: `note ${seq}`, mentions: [], createdAt, ...never };
}

function aChat(head: number): Chat & { epoch: string } {
  const contact = { id: 1, name: "Anna", phone: "79990001122", userId: null, username: null };
  return {
    id: 1,
    organizationPhoneId: 1,
    contact: {
      ...contact,
      ...{ profileName: null, isGroup: false, groupId: null },
      ...{ marketingStoppedAt: null, marketingSignupId: null, blockedAt: null },
    },
    head,
    unreadCount: 0,
    lastMessage: null,
    windowExpiresAt: null,
    status: "open",
    ...{ assigneeId: null, snoozedUntil: null, labelIds: [], mentionedIds: [] },
    mergedIntoId: null,
    epoch: "e",
  } as Chat & { epoch: string };
}

/** What a server would do: each step is the next event, and changes the rows that a fresh load returns. */
type Step =
  | { kind: "create"; late: number }
  | { kind: "update"; of: number }
  | { kind: "react" }
  | { kind: "assign" }
  | { kind: "note"; deletes: boolean }
  | { kind: "read" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), late: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ kind: fc.constant("update" as const), of: fc.nat() }),
  fc.record({ kind: fc.constant("react" as const) }),
  fc.record({ kind: fc.constant("read" as const) }),
  fc.record({ kind: fc.constant("assign" as const) }),
  fc.record({ kind: fc.constant("note" as const), deletes: fc.boolean() }),
);

function serverAfter(steps: Step[]) {
  const rows = new Map<number, Message>();
  const activities: Activity[] = [];
  const notes = new Map<number, ChatNote>();
  const log: ChatEvent[] = steps.map((one, i) => {
    const seq = i + 1;
    const { epoch: _, ...chat } = aChat(seq);
    if (one.kind === "read") return { chatId: 1, seq, event: "chat.updated", chat };
    if (one.kind === "assign") {
      activities.unshift(anActivity(seq));
      return { chatId: 1, seq, event: "chat.updated", chat, activity: anActivity(seq) };
    }
    if (one.kind === "note") {
      const [last] = one.deletes ? [...notes.values()].slice(-1) : [];
      const note = last ? { ...last, body: "", deletedAt: last.createdAt } : aNote(seq);
      if (last) notes.delete(last.id);
      else notes.set(note.id, note);
      return { chatId: 1, seq, event: last ? "note.updated" : "note.created", chat, note };
    }
    const known = [...rows.keys()];
    const id = one.kind === "update" && known.length > 0 ? (known[one.of % known.length] ?? seq) : seq;
    const before = rows.get(id);
    const created = aMessage(seq, {
      amends: one.kind === "react" ? "reaction" : null,
      createdAt: new Date(START + (seq - (one.kind === "create" ? one.late : 0)) * 1000).toISOString(),
    });
    const message = before ? { ...before, body: `edited ${seq}` } : created;
    if (message.amends === null) rows.set(message.id, message);
    return { chatId: 1, seq, event: before ? "message.updated" : "message.created", message, chat };
  });
  const page = { data: [...rows.values()], nextCursor: null, prevCursor: null };
  const fresh = loadedChat(aChat(steps.length), page, activities, [...notes.values()]);
  return { log, fresh };
}

const empty = loadedChat(aChat(0), { data: [], nextCursor: null, prevCursor: null }, [], []);

describe("D10: a page of the list after a new connection", () => {
  const [known, restored] = [aChat(100), aChat(91)];
  it.for([
    ["replaces rows from before it, whatever they know", new Set([known.id]), 91],
    ["keeps rows that came since and know more", new Set<number>(), 100],
  ] as const)("%s", ([_, before, head], { expect }) => {
    const rows = addPageRows(addRows(new Map(), [known]), [restored], before);
    expect([...rows.values()].map((chat) => chat.head)).toEqual([head]);
  });
});

describe("the state of an open chat", () => {
  it("after any deliveries with repeats equals a fresh load (UI-22)", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(fc.nat({ max: 8 })), (steps, cuts) => {
        const { log, fresh } = serverAfter(steps);
        let state: ChatState | null = empty;
        // Each delivery goes back a little, as after a reconnect, and then on.
        for (const cut of [...cuts, log.length]) {
          const from = Math.max(0, state.seq - cut);
          state = applyEvents(state, log.slice(from, state.seq + cut + 1)) ?? state;
        }
        expect(applyEvents(state, log)).toEqual(fresh);
      }),
      { numRuns: 10_000 },
    );
  });

  it("refuses a gap, and keeps the newer of two rows of the chat", ({ expect }) => {
    const { log } = serverAfter([{ kind: "create", late: 0 }, { kind: "read" }, { kind: "create", late: 0 }]);
    expect(applyEvents(empty, log.slice(1))).toBeNull();
    const [first] = log;
    const ahead = applyEvents(empty, [{ ...(first as ChatEvent), chat: aChat(9) }]);
    expect(ahead?.chat.head).toBe(9);
    expect(applyEvents(ahead as ChatState, log)?.chat.head).toBe(9);
  });

  it("lets messages go that moved to another chat, and all of them once it is merged", ({ expect }) => {
    const page = { data: [aMessage(1), aMessage(2)], nextCursor: null, prevCursor: null };
    const state = loadedChat(aChat(2), page, [], []);
    const moved = {
      chatId: 1,
      seq: 3,
      event: "message.updated" as const,
      message: aMessage(1, { chatId: 7 }),
    };
    expect(applyEvents(state, [moved])?.messages.map(({ id }) => id)).toEqual([2]);
    const merged = {
      chatId: 1,
      seq: 3,
      event: "chat.updated" as const,
      chat: { ...aChat(3), mergedIntoId: 7 },
    };
    expect(applyEvents(state, [merged])?.messages).toEqual([]);
  });

  it("keeps a new message for its page while newer pages are missing", ({ expect }) => {
    const state = loadedChat(aChat(2), { data: [aMessage(1)], nextCursor: "more", prevCursor: null }, [], []);
    const created = { chatId: 1, seq: 3, event: "message.created" as const, message: aMessage(3) };
    expect(applyEvents(state, [created])).toMatchObject({ seq: 3, messages: [{ id: 1 }] });
  });

  it("keeps a thousand messages around those in view, and knows on which side the others are", ({
    expect,
  }) => {
    const pageOf = (from: number, to: number, more: object = {}) => ({
      data: Array.from({ length: to - from + 1 }, (_, i) => aMessage(from + i)),
      nextCursor: null,
      prevCursor: null,
      ...more,
    });
    const idsOf = ({ messages, hasOlder, hasNewer }: ChatState) => [
      messages[0]?.id,
      messages.at(-1)?.id,
      messages.length,
      { hasOlder, hasNewer },
    ];
    const open = loadedChat(aChat(2_000), pageOf(1_001, 2_000, { prevCursor: "older" }), [], []);
    expect(withoutOldest(open)).toBe(open);
    const older = addPage(open, "older", pageOf(961, 1_000, { prevCursor: "older" }));
    expect(idsOf(older)).toEqual([961, 1_960, 1_000, { hasOlder: true, hasNewer: true }]);
    const newer = addPage(older, "newer", pageOf(1_961, 2_000));
    expect(idsOf(newer)).toEqual([1_001, 2_000, 1_000, { hasOlder: true, hasNewer: false }]);
    const events = [...Array(200).keys()].map((i): ChatEvent => {
      const { epoch: _, ...chat } = aChat(2_001 + i);
      return { chatId: 1, seq: chat.head, event: "message.created", message: aMessage(chat.head), chat };
    });
    const grown = applyEvents(newer, events);
    if (!grown) throw new Error("An event is missing.");
    expect(idsOf(grown)).toEqual([1_001, 2_200, 1_200, { hasOlder: true, hasNewer: false }]);
    expect(idsOf(withoutOldest(grown))).toEqual([1_201, 2_200, 1_000, { hasOlder: true, hasNewer: false }]);
  });
});
