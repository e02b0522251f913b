import { describe, it } from "vitest";
import type { Chat } from "../../../src/domain/chat.ts";
import type { Api } from "../../../src/web/models/api.ts";
import { OPEN_CHATS } from "../../../src/web/models/chat-list.ts";
import { nextUnread } from "../../../src/web/models/next-unread.ts";

const ME = 7;
/** The chat with the highest id is the first of the list. */
const chat = (id: number, unreadCount = 0, mentionedIds: number[] = []) =>
  ({
    ...{ id, unreadCount, mentionedIds },
    lastMessage: { createdAt: `2026-11-30T12:${String(id).padStart(2, "0")}:00Z` },
  }) as Chat;

/** A server that gives such pages of unread chats, and of those that mention the agent; `asked`: for what. */
const serverOf = (unread: Chat[][], mentioned: Chat[][] = [[]]) => {
  const asked: string[] = [];
  const request = async (path: string) => {
    asked.push(path);
    const query = new URLSearchParams(path.split("?")[1]);
    const pages = query.get("mentioned") === "me" ? mentioned : unread;
    const at = Number(query.get("cursor") ?? 0);
    return { data: pages[at] ?? [], nextCursor: at + 1 < pages.length ? String(at + 1) : null };
  };
  return { asked, api: { request } as unknown as Api };
};

describe("the next unread chat (UI-25)", () => {
  const open = chat(20);
  const place = { isWhole: false, openId: 20, open, me: ME };

  it.for<[string, Chat[], Chat[][], Chat[][], number | null]>([
    ["is the next loaded one below", [chat(30, 1), open, chat(15, 1), chat(12, 1)], [[]], [[]], 15],
    ["is one that mentions the agent", [open, chat(15, 0, [ME]), chat(12, 1)], [[]], [[]], 15],
    ["is not loaded yet", [chat(30, 1), open], [[chat(30, 1), chat(9, 1)]], [[]], 9],
    ["is on a later page", [open], [[chat(30, 1)], [chat(25, 1)], [chat(9, 1), chat(8, 1)]], [[]], 9],
    ["mentions the agent and is not loaded", [open], [[chat(8, 1)]], [[chat(9, 0, [ME])]], 9],
    ["is the first of all where none is below", [chat(30, 1), open], [[chat(40, 1), chat(30, 1)]], [[]], 40],
    ["is none where only the open one is unread", [open], [[chat(20, 2)]], [[]], null],
  ])("%s", async ([, chats, unread, mentioned, id], { expect }) => {
    const { api } = serverOf(unread, mentioned);
    expect((await nextUnread(api, OPEN_CHATS, { ...place, chats }))?.id ?? null).toBe(id);
  });

  it("is the first of all where thousands stand above the open one", async ({ expect }) => {
    const above = Array.from({ length: 100 }, (_, i) => [chat(40 + (i % 19), 1)]);
    const { api, asked } = serverOf(above);
    expect((await nextUnread(api, OPEN_CHATS, { ...place, chats: [open] }))?.id).toBe(44);
    expect(asked).toHaveLength(6);
  });

  it("is asked for under the filters of the list, and only where rows are missing", async ({ expect }) => {
    const { api, asked } = serverOf([[]]);
    const whole = { ...place, chats: [chat(30, 1), open], isWhole: true };
    expect((await nextUnread(api, OPEN_CHATS, whole))?.id).toBe(30);
    expect(asked).toEqual([]);
    await nextUnread(api, { ...OPEN_CHATS, view: "mine" }, { ...place, chats: [open] });
    expect(asked).toEqual([
      "/chats?status=open&limit=50&assignee=me&unread=true",
      "/chats?status=open&limit=50&assignee=me&mentioned=me",
    ]);
  });
});
