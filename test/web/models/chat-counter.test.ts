import { describe, it } from "vitest";
import type { Api } from "../../../src/web/models/api.ts";
import { ChatCounter } from "../../../src/web/models/chat-counter.ts";
import { type ChatFilter, OPEN_CHATS } from "../../../src/web/models/chat-list.ts";

const countsOf = (unread: number) => ({
  mine: { chats: 9, unread },
  unassigned: { chats: 9, unread },
  all: { chats: 99, unread: 50 },
  mentioned: 1,
});

/** What the counter asks and says for this filter. The server counts 10 unread chats in each view with a filter, else 2. */
async function count(filter: ChatFilter) {
  const asked: string[] = [];
  const request = async (path: string) => {
    asked.push(path);
    return countsOf(path === "/chat-counts?status=open" ? 2 : 10);
  };
  const { promise, resolve } = Promise.withResolvers<{ mine: number; waiting: number }>();
  const counter = new ChatCounter(
    { request } as unknown as Api,
    () => filter,
    ({ mine }, waiting) => resolve({ mine: mine.unread, waiting }),
  );
  counter.countSoon();
  return { asked, ...(await promise) };
}

describe("the counts of chats", () => {
  it("say with one question what waits, where the list shows open chats", async ({ expect }) => {
    const asked = ["/chat-counts?status=open"];
    expect(await count(OPEN_CHATS)).toEqual({ asked, mine: 2, waiting: 5 });
    const part = { ...OPEN_CHATS, view: "mine", isUnreadOnly: true } as const;
    expect(await count(part)).toEqual({ asked, mine: 2, waiting: 5 });
  });

  it.for([
    { change: { status: "closed" }, path: "/chat-counts?status=closed" },
    { change: { status: "all" }, path: "/chat-counts?" },
    { change: { organizationPhoneId: 7 }, path: "/chat-counts?status=open&organizationPhoneId=7" },
    { change: { labelId: 3 }, path: "/chat-counts?status=open&labelId=3" },
  ] as const)("say what waits beside the counts of $path", async ({ change, path }, { expect }) => {
    const asked = [path, "/chat-counts?status=open"];
    expect(await count({ ...OPEN_CHATS, ...change })).toEqual({ asked, mine: 10, waiting: 5 });
  });
});
