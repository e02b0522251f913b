import { describe, it } from "vitest";
import type { Chat } from "../../../src/domain/chat.ts";
import type { ChatEvent } from "../../../src/domain/chat-event.ts";
import type { Api } from "../../../src/web/models/api.ts";
import { applyEvents, type ChatState } from "../../../src/web/models/chat-state.ts";
import { missedEvents } from "../../../src/web/models/load-chat.ts";

const row = (head: number) => ({ id: 3, head, unreadCount: head, mergedIntoId: null }) as Chat;
const known = {
  ...{ chat: row(10), epoch: "a", seq: 10, messages: [], activities: [], notes: [] },
  ...{ hasOlder: false, hasNewer: false },
} satisfies ChatState;

/** A server whose chat has such a head at each request for its row, and is then restored when an epoch is given. */
const serverOf = (heads: number[], epochs = ["a", "a"]) => {
  const events = (after: number, head: number) =>
    Array.from({ length: head - after }, (_, i) => ({ seq: after + 1 + i }) as ChatEvent);
  let at = 0;
  const request = async (path: string) => {
    const head = Math.max(...heads);
    if (path.includes("/events"))
      return { data: events(Number(path.split("after=")[1]), head), nextCursor: null };
    const chat = { ...row(heads[at] ?? head), epoch: epochs[at] ?? "a" };
    at += 1;
    return chat;
  };
  return { request } as unknown as Api;
};

describe("the events that a page asks for (UI-22)", () => {
  it.for([
    ["are none of a chat in which nothing happened", [10], 0, 10],
    ["end with the chat's row", [12], 2, 12],
    ["end with a row that knows what came between the two requests", [12, 13], 3, 13],
  ] as const)("%s", async ([, heads, count, head], { expect }) => {
    const events = await missedEvents(serverOf([...heads]), known);
    expect(events).toHaveLength(count);
    const state = applyEvents(known, events ?? []);
    expect([state?.seq, state?.chat.head, state?.chat.unreadCount]).toEqual([head, head, head]);
  });

  it.for([
    ["of a database that was restored", [10], ["b"]],
    ["of one that was restored between the requests", [12, 13], ["a", "b"]],
    ["of one that has fewer events than the page", [9], ["a"]],
  ] as const)("%s are for a fresh load", async ([, heads, epochs], { expect }) => {
    expect(await missedEvents(serverOf([...heads], [...epochs]), known)).toBeNull();
  });
});
