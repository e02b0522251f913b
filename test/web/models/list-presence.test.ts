import { describe, it } from "vitest";
import type { InboxClientFrame } from "../../../src/realtime/protocol.ts";
import { ListPresence } from "../../../src/web/models/list-presence.ts";

describe("what a tab sends to the hub on a new connection (UI-17)", () => {
  it.for<[what: string, act: (presence: ListPresence) => void, sent: InboxClientFrame[]]>([
    ["a chat is open", () => undefined, [{ type: "presence", chatId: 7, typing: false }]],
    [
      "the agent has typed there",
      (presence) => presence.typing(true),
      [{ type: "presence", chatId: 7, typing: true }],
    ],
    [
      "it is sent",
      (presence) => {
        presence.typing(true);
        presence.typing(false);
      },
      [{ type: "presence", chatId: 7, typing: false }],
    ],
    [
      "they have opened another chat",
      (presence) => {
        presence.typing(true);
        presence.setFront(8);
      },
      [{ type: "presence", chatId: 8, typing: false }],
    ],
    [
      "they have left all chats",
      (presence) => {
        presence.typing(true);
        presence.setFront(null);
      },
      [],
    ],
  ])("when %s", ([_, act, expected], { expect, onTestFinished }) => {
    let sent: InboxClientFrame[] = [];
    const presence = new ListPresence((frame) => sent.push(frame));
    onTestFinished(() => presence.clear());
    presence.setFront(7);
    act(presence);
    sent = [];
    presence.say();
    expect(sent).toEqual(expected);
  });
});
