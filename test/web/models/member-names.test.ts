import { describe, it } from "vitest";
import type { Chat } from "../../../src/domain/chat.ts";
import type { Message } from "../../../src/domain/message.ts";
import { addPageRows, addRows } from "../../../src/web/models/chat-list.ts";
import { withMemberName, withMemberNameInRow } from "../../../src/web/models/member-names.ts";

const from = (sender: object | null, reactions: object[] = []) =>
  ({ id: 1, content: { kind: "text", sender }, reactions }) as unknown as Message;
const bo = { phone: "7999", userId: "US.1", name: "Bo" };
const renamed = { ...bo, name: "Bo (accounts)" };

describe("a member of a group", () => {
  it.for([
    ["by phone", { ...bo, userId: null }],
    ["by user id", { ...bo, phone: null }],
  ] as const)("known %s has the new name", ([, sender], { expect }) => {
    expect(withMemberName([from(sender)], renamed)).toEqual([from({ ...sender, name: renamed.name })]);
  });

  it("has it where they reacted", ({ expect }) => {
    const reactions = [
      { emoji: "👍", sender: "US.1", senderName: "Bo" },
      { emoji: "👎", sender: "7000", senderName: "Gina" },
    ];
    expect(withMemberName([from(null, reactions)], renamed)[0]?.reactions).toEqual([
      { ...reactions[0], senderName: renamed.name },
      reactions[1],
    ]);
  });

  it("is nobody else, and nothing changes without a name", ({ expect }) => {
    const messages = [from({ name: "Gina", phone: "7000", userId: null }), from(null), from(renamed)];
    expect(withMemberName(messages, renamed)).toBe(messages);
    expect(withMemberName([from(bo)], { ...bo, name: null })).toEqual([from(bo)]);
    const unknown = [from({ name: "Gina", phone: null, userId: null })];
    expect(withMemberName(unknown, { name: "Bo", phone: null, userId: null })).toBe(unknown);
  });

  it("has it in the list", ({ expect }) => {
    const row = { id: 3, lastMessage: { ...from(bo), body: "Bo: Bo: is me" } } as Chat;
    const { lastMessage } = withMemberNameInRow(row, renamed);
    expect(lastMessage?.content?.sender?.name).toBe(renamed.name);
    expect(lastMessage?.body).toBe("Bo (accounts): Bo: is me");
    const empty = { id: 4, lastMessage: null } as Chat;
    expect(withMemberNameInRow(empty, renamed)).toBe(empty);
  });

  it("keeps the name that came while a page with the former one was on its way", ({ expect }) => {
    const chat = (id: number, contact: object, lastMessage: object | null = null) =>
      ({ id, head: 1, mergedIntoId: null, contact, lastMessage }) as unknown as Chat;
    const group = chat(3, { isGroup: true }, { ...from(bo), body: "Bo: Hi" });
    const person = (one: object) => chat(4, { ...one, isGroup: false });
    const nameAfter = (before: Set<number>) =>
      addPageRows(addRows(new Map(), [person(renamed)]), [group], before).get(3)?.lastMessage?.body;
    expect(nameAfter(new Set())).toBe("Bo (accounts): Hi");
    // Of before the connection: the page knows better.
    expect(nameAfter(new Set([4]))).toBe("Bo: Hi");
  });
});
